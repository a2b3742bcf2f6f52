import { once } from 'node:events'
import { createServer, type Server as NodeServer, type ServerOptions, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Binding } from '../../endpoint/serve.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { type Clock, systemClock } from '../../resilience/clock.js'
import type { Address, Server, ServerTls } from '../transport.js'
import { shuttingDown } from './error.js'
import { type HttpLimits, type HttpServerOptions, limitsOf } from './options.js'
import { routesOf } from './routes.js'
import { Connections, refuseRaw } from './serve/connections.js'
import { Dispatcher } from './serve/dispatcher.js'
import { IncomingRequest } from './serve/incoming-request.js'

interface Running {
  readonly server: NodeServer
  readonly dispatcher: Dispatcher
  readonly connections: Connections
  /** Resolves when the last connection is gone, once the server is stopped. */
  closed: Promise<void> | undefined
}

/** How long a response that is written already may take to leave when a drain is over, in ms. */
const FLUSH_MS = 1000

/**
 * Makes a server that speaks JSON over HTTP/1.1: every method at `POST /package.Service/Method`, and at what its
 * `google.api.http` rules say. Server streams leave as lines, or as events for `Accept: text/event-stream`; request streams
 * arrive as lines. Errors are `google.rpc.Status` in JSON, with the HTTP status of their code.
 */
export function httpServer(options: HttpServerOptions = {}): Server {
  return new HttpServer(options)
}

class HttpServer implements Server {
  readonly #options: HttpServerOptions
  readonly #limits: HttpLimits
  readonly #clock: Clock
  #running: Running | undefined

  constructor(options: HttpServerOptions) {
    this.#options = options
    this.#limits = limitsOf(options)
    this.#clock = options.clock ?? systemClock
  }

  async listen(bindings: readonly Binding[]): Promise<Address> {
    if (this.#running) throw new RpcError(Code.FAILED_PRECONDITION, 'an HTTP server listens once')
    const { unknownParameters = 'reject', host = '0.0.0.0', port = 0, tls } = this.#options
    const { maxQueryParameters } = this.#limits
    const router = routesOf(bindings, { maxQueryParameters, unknownParameters })
    const dispatcher = new Dispatcher(router, this.#options, { limits: this.#limits, clock: this.#clock })
    const server = this.#create(dispatcher)
    const scheme = tls ? 'https' : 'http'
    this.#running = { server, dispatcher, connections: new Connections(server, tls !== undefined), closed: undefined }
    await listening(server, { host, port, scheme })
    // Whatever goes wrong with one connection later must not end the process.
    server.on('error', () => {})
    const bound = (server.address() as AddressInfo).port
    return { host, port: bound, url: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${bound}` }
  }

  async drain(timeoutMs: number): Promise<void> {
    const running = this.#running
    if (!running) return
    stop(running)
    const { dispatcher, connections } = running
    let cancelTimer = this.#clock.schedule(timeoutMs, () => {
      dispatcher.cancel(shuttingDown())
      // A client that does not even read why is not waited for.
      cancelTimer = this.#clock.schedule(FLUSH_MS, () => connections.destroy())
    })
    await dispatcher.idle()
    cancelTimer()
  }

  async close(): Promise<void> {
    const running = this.#running
    if (!running) return
    stop(running)
    running.dispatcher.cancel(new RpcError(Code.UNAVAILABLE, 'the server was closed'))
    // What the calls have to say of their end may still leave.
    await new Promise((resolve) => setImmediate(resolve))
    running.connections.destroy()
    await running.closed
  }

  #create(dispatcher: Dispatcher): NodeServer {
    const limits = this.#limits
    const { tls } = this.#options
    const options: ServerOptions<typeof IncomingRequest> = {
      IncomingMessage: IncomingRequest,
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs || Number.POSITIVE_INFINITY),
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.idleTimeoutMs,
      connectionsCheckingInterval: checkInterval(limits),
    }
    const server = tls ? createSecure(options, tls) : createServer(options)
    server.maxRequestsPerSocket = limits.maxRequestsPerSocket
    if (limits.maxConnections > 0) server.maxConnections = limits.maxConnections
    const listener = (request: IncomingRequest, response: ServerResponse): void =>
      dispatcher.dispatch(request, response)
    server.on('request', listener)
    server.on('checkContinue', listener)
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) =>
      refuseRaw(error, socket, dispatcher.isAnswering(socket)),
    )
    return server
  }
}

/** Takes no further connections, and closes those that are idle. */
function stop(running: Running): void {
  const { server, dispatcher, connections } = running
  dispatcher.drain()
  running.closed ??= new Promise((resolve) => server.close(() => resolve()))
  connections.closeIdle(dispatcher.busySockets())
}

function createSecure(options: ServerOptions, { key, cert, clientCa }: ServerTls): NodeServer {
  const text = (pem: string | Uint8Array): string | Buffer => (typeof pem === 'string' ? pem : Buffer.from(pem))
  const trust = clientCa === undefined ? {} : { ca: text(clientCa), requestCert: true, rejectUnauthorized: true }
  const handshakeTimeout = options.headersTimeout || 10_000
  try {
    return createTlsServer({
      ...options,
      ...trust,
      key: text(key),
      cert: text(cert),
      minVersion: 'TLSv1.2',
      handshakeTimeout,
    })
  } catch (cause) {
    throw new RpcError(Code.FAILED_PRECONDITION, `tls: ${(cause as Error).message}`, { cause })
  }
}

/** Often enough for the shortest of the times to be kept roughly. */
function checkInterval({ headersTimeoutMs, requestTimeoutMs }: HttpLimits): number {
  const times = [headersTimeoutMs, requestTimeoutMs].filter((time) => time > 0)
  return Math.min(30_000, Math.max(20, Math.min(...times) / 2))
}

async function listening(server: NodeServer, at: { host: string; port: number; scheme: string }): Promise<void> {
  try {
    server.listen({ host: at.host, port: at.port })
    await once(server, 'listening')
  } catch (cause) {
    const problem = (cause as Error).message
    throw new RpcError(Code.UNAVAILABLE, `cannot listen on ${at.scheme}://${at.host}:${at.port}: ${problem}`, { cause })
  }
}
