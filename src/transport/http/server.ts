import type { Binding } from '../../endpoint/serve.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { type Clock, systemClock } from '../../resilience/clock.js'
import { Listener, urlOf } from '../listener.js'
import type { ServerSnapshot } from '../snapshot.js'
import type { Address, Server } from '../transport.js'
import { shuttingDown } from './error.js'
import { checkOptions, type HttpServerOptions, type HttpServing, limitsOf } from './options.js'
import { HttpConnections } from './serve/http-connections.js'

interface Running {
  readonly listener: Listener
  readonly connections: HttpConnections
}

/** How long a response that is written already may take to leave when a drain is over, in ms. */
const FLUSH_MS = 1000

/**
 * Makes a server that speaks JSON over HTTP/1.1: every method at `POST /package.Service/Method`, and at what its
 * `google.api.http` rules say. Server streams leave as lines, or as events for `Accept: text/event-stream`; request streams
 * arrive as lines. Errors are `google.rpc.Status` in JSON, with the HTTP status of their code.
 */
export function httpServer(options: HttpServerOptions = {}): Server {
  checkOptions(options)
  return new HttpServer(options)
}

class HttpServer implements Server {
  /** For the document of an app that it is given to. */
  readonly servesHttp: HttpServing
  readonly #options: HttpServerOptions
  readonly #clock: Clock
  #running: Running | undefined

  constructor(options: HttpServerOptions) {
    this.#options = options
    this.servesHttp = options
    this.#clock = options.clock ?? systemClock
  }

  async listen(bindings: readonly Binding[]): Promise<Address> {
    if (this.#running) throw new RpcError(Code.FAILED_PRECONDITION, 'an HTTP server listens once')
    const { host = '0.0.0.0', port = 0, tls } = this.#options
    const { headersTimeoutMs, maxConnections } = limitsOf(this.#options)
    const listener = new Listener({
      tls,
      protocols: ['http/1.1'],
      handshakeTimeoutMs: headersTimeoutMs,
      maxConnections,
      accept: (socket) => connections.accept(socket),
    })
    const connections = new HttpConnections({ options: this.#options, clock: this.#clock, bindings })
    this.#running = { listener, connections }
    const scheme = tls ? 'https' : 'http'
    const bound = await listener.listen({ host, port, scheme })
    return { host, port: bound, url: urlOf({ scheme, host, port: bound }) }
  }

  async drain(timeoutMs: number): Promise<void> {
    const running = this.#running
    if (!running) return
    const { listener, connections } = stop(running)
    let cancelTimer = this.#clock.schedule(timeoutMs, () => {
      connections.cancelCalls(shuttingDown())
      // A client that does not even read why is not waited for.
      cancelTimer = this.#clock.schedule(FLUSH_MS, () => listener.destroy())
    })
    await connections.whenIdle()
    cancelTimer()
  }

  snapshot(): ServerSnapshot | undefined {
    return this.#running?.connections.snapshot()
  }

  async close(): Promise<void> {
    const running = this.#running
    if (!running) return
    const { listener, connections } = stop(running)
    connections.cancelCalls(new RpcError(Code.UNAVAILABLE, 'the server was closed'))
    // What the calls have to say of their end may still leave.
    await new Promise((resolve) => setImmediate(resolve))
    connections.destroy()
    listener.destroy()
    await listener.stop()
  }
}

/** Takes no further connections, and closes those that are idle. */
function stop(running: Running): Running {
  void running.listener.stop()
  running.connections.retire()
  return running
}
