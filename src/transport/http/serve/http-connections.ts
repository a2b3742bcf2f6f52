import { createServer, type Server as NodeServer, type ServerOptions, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { IdleSweep } from '../../idle-sweep.js'
import { type ConnectionSnapshot, type ServerSnapshot, serverSnapshot } from '../../snapshot.js'
import { malformed } from '../error.js'
import { type HttpLimits, type HttpServerOptions, limitsOf } from '../options.js'
import { routesOf } from '../routes.js'
import { socketRoutesOf } from '../websocket/socket-routes.js'
import { Upgrades } from '../websocket/upgrades.js'
import { type CancelReason, Dispatcher } from './dispatcher.js'
import { IncomingRequest } from './incoming-request.js'
import { refuseRaw } from './refuse-raw.js'

type Bindings = Parameters<typeof routesOf>[0]

/** What connections are served with. */
export interface HttpConnectionsInit {
  readonly options: HttpServerOptions
  readonly clock: Dispatcher['clock']
  readonly bindings: Bindings
}

/** The connections of an HTTP server, from wherever they come. */
export class HttpConnections {
  readonly limits: HttpLimits
  /** Also takes requests that came in other ways. */
  readonly dispatcher: Dispatcher
  readonly #parser: NodeServer
  /** Each with the time that it came at. */
  readonly #sockets = new Map<Socket, number>()
  readonly #idle: IdleSweep

  /** Throws for limits, routes and origins that make no sense. */
  constructor({ options, clock, bindings }: HttpConnectionsInit) {
    const limits = limitsOf(options)
    const { unknownParameters = 'reject' } = options
    const reading = { ...options, maxQueryParameters: limits.maxQueryParameters, unknownParameters }
    const router = routesOf(bindings, reading)
    this.limits = limits
    this.dispatcher = new Dispatcher(router, options, { limits, clock, bindings })
    this.#parser = parserFor(this.dispatcher)
    const busySockets = (): ReadonlySet<Duplex> => this.dispatcher.busySockets()
    this.#idle = new IdleSweep({ clock, timeoutMs: limits.idleTimeoutMs, busySockets })
    const upgrades = new Upgrades(this.dispatcher, socketRoutesOf(bindings, reading))
    this.#parser.on('upgrade', (request: IncomingRequest, socket, head) => upgrades.take({ request, socket, head }))
  }

  /** Serves a connection that speaks HTTP/1.1 from its first byte. Bytes that were read ahead go back by `unshift`. */
  accept(socket: Socket): void {
    this.#sockets.set(socket, this.dispatcher.clock.now())
    socket.once('close', () => this.#sockets.delete(socket))
    this.#idle.watch(socket)
    this.#parser.emit('connection', socket)
  }

  /** Has connections closed after their response, and closes those that are idle. */
  retire(): void {
    const { dispatcher } = this
    dispatcher.drain()
    this.#idle.stop()
    const busy = dispatcher.busySockets()
    for (const socket of [...this.#sockets.keys()]) if (!busy.has(socket)) socket.destroy()
  }

  /** Cancels every call that still runs. */
  cancelCalls(reason: CancelReason): void {
    this.dispatcher.cancel(reason)
  }

  /** The connections of HTTP/1.1 at this moment. */
  snapshot(): ServerSnapshot {
    const now = this.dispatcher.clock.now()
    const busy = this.dispatcher.busySockets()
    const connections = [...this.#sockets].map(
      ([socket, since]): ConnectionSnapshot => ({
        peer: `${socket.remoteAddress}:${socket.remotePort}`,
        protocol: 'HTTP/1.1',
        openCalls: busy.has(socket) ? 1 : 0,
        ageMs: Math.round(now - since),
        bytesRead: socket.bytesRead,
        bytesWritten: socket.bytesWritten,
      }),
    )
    return serverSnapshot(connections)
  }

  /** Resolves when no request runs. */
  whenIdle(): Promise<void> {
    return this.dispatcher.idle()
  }

  /** Cuts every connection of HTTP/1.1, and releases what looks after them. */
  destroy(): void {
    for (const socket of [...this.#sockets.keys()]) socket.destroy()
    this.#parser.close()
    this.#idle.stop()
    this.dispatcher.close()
  }
}

/** Errors of clients that are gone, or have said that they send no more. */
const GONE: ReadonlySet<string> = new Set(['ECONNRESET', 'HPE_INVALID_EOF_STATE'])

/** A server of Node that listens nowhere: sockets are brought to it. */
function parserFor(dispatcher: Dispatcher): NodeServer {
  const { limits } = dispatcher
  const headersTimeout = shortest(limits.headersTimeoutMs, limits.requestTimeoutMs)
  const options: ServerOptions<typeof IncomingRequest> = {
    IncomingMessage: IncomingRequest,
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout,
    // Node counts the whole of a request and knows nothing of calls: that time is kept by the dispatcher.
    requestTimeout: 0,
    // A timer for each request costs more than a header: idle connections are looked after in another way.
    keepAliveTimeout: 0,
    // Often enough for the time to be kept roughly.
    connectionsCheckingInterval: Math.min(30_000, Math.max(20, (headersTimeout || Number.POSITIVE_INFINITY) / 2)),
  }
  const server = createServer(options)
  server.maxRequestsPerSocket = limits.maxRequestsPerSocket
  const listener = (request: IncomingRequest, response: HintedResponse): void => {
    response._keepAliveTimeout = limits.idleTimeoutMs
    dispatcher.dispatch(request, response)
  }
  server.on('request', listener)
  server.on('checkContinue', listener)
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!GONE.has(error.code ?? '') && dispatcher.breakOff(socket, malformed(error.code))) return
    refuseRaw(error, socket, { answering: dispatcher.isAnswering(socket), errors: dispatcher.replies.errors })
  })
  // From here on it looks for requests that take too long, which it does until it is closed.
  server.emit('listening')
  return server
}

/** A response that says how long its connection is kept, in ms: `Keep-Alive: timeout=65`. Node's types keep it to themselves. */
type HintedResponse = ServerResponse & { _keepAliveTimeout?: number }

/** The shorter of two times, of which 0 is without end. */
function shortest(one: number, other: number): number {
  const time = Math.min(one || Number.POSITIVE_INFINITY, other || Number.POSITIVE_INFINITY)
  return Number.isFinite(time) ? time : 0
}
