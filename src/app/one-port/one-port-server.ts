import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Binding } from '../../endpoint/serve.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { type Clock, systemClock } from '../../resilience/clock.js'
import { endsWithin } from '../../transport/ends-within.js'
import { GrpcConnections } from '../../transport/grpc/serve/grpc-connections.js'
import { shuttingDown } from '../../transport/http/error.js'
import { checkOptions, limitsOf } from '../../transport/http/options.js'
import { HttpConnections } from '../../transport/http/serve/http-connections.js'
import { refuseRaw } from '../../transport/http/serve/refuse-raw.js'
import { Listener, urlOf } from '../../transport/listener.js'
import type { ServerSnapshot } from '../../transport/snapshot.js'
import type { Address, Server } from '../../transport/transport.js'
import { serveStream } from '../over-http2/stream-exchange.js'
import type { ServeOptions } from './serve-options.js'
import { Sniffer } from './sniffer.js'

/** How long the last words of what was cancelled may take to reach their clients, in ms. */
const GOODBYE_MS = 500

interface Running {
  readonly listener: Listener
  readonly sniffer: Sniffer
  readonly http1: HttpConnections
  readonly http2: GrpcConnections
}

/** Serves gRPC and HTTP/JSON on one port. */
export class OnePortServer implements Server {
  readonly #options: ServeOptions
  readonly #clock: Clock
  #running: Running | undefined
  #closed: Promise<void> | undefined

  /** Throws for options of HTTP that make no sense. */
  constructor(options: ServeOptions) {
    checkOptions(options.http ?? {})
    this.#options = options
    this.#clock = options.clock ?? systemClock
  }

  async listen(bindings: readonly Binding[]): Promise<Address> {
    if (this.#running || this.#closed) throw new RpcError(Code.FAILED_PRECONDITION, 'a server listens once')
    const { host = '0.0.0.0', port = 0, tls } = this.#options
    const running = this.#assemble(bindings)
    this.#running = running
    try {
      const bound = await running.listener.listen({ host, port, scheme: tls ? 'grpcs' : 'grpc' })
      const at = (scheme: string): string => urlOf({ scheme, host, port: bound })
      const url = at(tls ? 'grpcs' : 'grpc')
      return { host, port: bound, url, urls: [url, at(tls ? 'https' : 'http')] }
    } catch (thrown) {
      await this.close()
      throw thrown
    }
  }

  async drain(timeoutMs: number): Promise<void> {
    const running = this.#running
    if (!running) return
    retire(running)
    const gone = whenGone(running)
    if (await endsWithin(timeoutMs, gone, this.#clock)) return
    cancel(running)
    if (await endsWithin(GOODBYE_MS, gone, this.#clock)) return
    running.listener.destroy()
    await gone
  }

  snapshot(): ServerSnapshot | undefined {
    const running = this.#running
    if (!running) return undefined
    const [http1, http2] = [running.http1.snapshot(), running.http2.snapshot()]
    return {
      connections: http1.connections + http2.connections,
      openCalls: http1.openCalls + http2.openCalls,
      breaches: http2.breaches,
      oldest: [...http2.oldest, ...http1.oldest],
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#shutDown()
    return this.#closed
  }

  async #shutDown(): Promise<void> {
    const running = this.#running
    if (!running) return
    retire(running)
    cancel(running)
    await endsWithin(GOODBYE_MS, whenGone(running), systemClock)
    running.http1.destroy()
    running.listener.destroy()
    await running.listener.stop()
  }

  #assemble(bindings: readonly Binding[]): Running {
    const { tls, grpc = {}, http = {} } = this.#options
    const clock = this.#clock
    const { headersTimeoutMs, idleTimeoutMs, maxConnections, maxRequestsPerSocket } = limitsOf(http)
    const listener = new Listener({
      tls,
      protocols: ['h2', 'http/1.1'],
      handshakeTimeoutMs: headersTimeoutMs,
      maxConnections,
      accept: (socket) => accept(running, socket),
    })
    const http2 = new GrpcConnections({
      options: { ...grpc, clock },
      bindings,
      fallbackIdleMs: idleTimeoutMs,
      fallback: (request) => {
        const { connection } = request
        if (connection.otherRequests === maxRequestsPerSocket) connection.retire()
        return serveStream(running.http1.dispatcher, request)
      },
    })
    const sniffer = new Sniffer({
      clock,
      timeoutMs: headersTimeoutMs,
      http1: (socket) => running.http1.accept(socket),
      http2: (socket) => running.http2.accept(socket),
      refuse: (socket) => refuseRaw(new Error('the connection ended early'), socket, { answering: false }),
    })
    const running: Running = {
      listener,
      sniffer,
      http2,
      http1: new HttpConnections({ options: http, clock, bindings }),
    }
    return running
  }
}

/** What TLS has agreed on is spoken; otherwise the first bytes tell. */
function accept({ http1, http2, sniffer }: Running, socket: Socket): void {
  const agreed = socket instanceof TLSSocket ? socket.alpnProtocol : false
  if (agreed === 'h2') http2.accept(socket)
  else if (agreed === 'http/1.1') http1.accept(socket)
  else sniffer.accept(socket)
}

/** Takes no further connections, and asks the clients of those that there are to leave. */
function retire({ listener, sniffer, http1, http2 }: Running): void {
  void listener.stop()
  sniffer.destroy()
  http2.retire()
  http1.retire()
}

function cancel({ http1, http2 }: Running): void {
  const reason = shuttingDown()
  http2.cancelCalls(reason.rawMessage)
  http1.cancelCalls(reason)
}

async function whenGone({ http1, http2 }: Running): Promise<void> {
  await Promise.all([http2.whenNone(), http1.whenIdle()])
}
