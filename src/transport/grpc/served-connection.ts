import type { Socket } from 'node:net'
import type { Peer } from '../../endpoint/context-value.js'
import type { Binding } from '../../endpoint/serve.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { ServerConnection } from '../../http2/connection/server-connection.js'
import { ErrorCode } from '../../http2/error-code.js'
import type { HeaderBlock, Http2Connection, Http2Stream, StreamListener } from '../../http2/http2.js'
import type { Http2Options } from '../../http2/options.js'
import { type BoundListener, bindSocket } from '../../http2/socket/bind-socket.js'
import { countBreach } from '../../observability/breach-counter.js'
import { systemClock } from '../../resilience/clock.js'
import { Roster } from '../../resilience/roster.js'
import type { GrpcServerOptions } from '../grpc-options.js'
import { DEFAULT_MAX_RECEIVE_BYTES } from '../grpc-wire/compression.js'
import { DEFAULT_MAX_HEADER_BYTES, headerBudget } from '../grpc-wire/frame/header-budget.js'
import { peerOf } from '../grpc-wire/peer.js'
import type { CallConnection, CallScope, RunningCall } from './call-scope.js'
import { Keepalive } from './connect/keepalive.js'
import { linger } from './connect/linger.js'
import { Lifetime, type LifetimeOptions } from './serve/lifetime.js'
import { PingGuard } from './serve/ping-guard.js'
import { ServerCall } from './server-call.js'
import { AcceptedRequest, bindingsByPath, isGrpc, judgeRequest, RefusedRequest, readRequest } from './wire.js'

const TWO_HOURS_MS = 7_200_000

/** A connection on which gRPC and other requests come side by side. */
export interface SharedConnection {
  readonly socket: Socket
  /** How many requests that are none of gRPC have come, the present one included. */
  readonly otherRequests: number
  /** To be called for whatever is sent: clients may ping as often as they are answered. */
  onSend(): void
  /** Asks the client to leave; the connection closes when its streams are over. */
  retire(): void
}

/** A request that is none of gRPC. */
export interface OtherRequest {
  readonly stream: Http2Stream
  readonly block: HeaderBlock
  /** True if nothing follows the headers. */
  readonly endStream: boolean
  readonly connection: SharedConnection
}

/** Takes requests that are none of gRPC; what follows on their streams goes to the result. */
export type Fallback = (request: OtherRequest) => StreamListener

/** What all connections of a server share. */
export interface ConnectionScope {
  readonly calls: CallScope
  readonly bindings: ReadonlyMap<string, Binding>
  readonly http2: Http2Options
  readonly lifetime: LifetimeOptions
  readonly keepaliveTimeMs: number
  readonly keepaliveTimeoutMs: number
  readonly fallback: Fallback | undefined
  readonly fallbackIdleMs: number | undefined
  readonly onBreach: (limit: string) => void
}

/** What connections are served with. */
export interface GrpcConnectionsInit {
  readonly options: GrpcServerOptions
  readonly bindings: readonly Binding[]
  /** Takes requests that are none of gRPC; they are answered with 415 without it. */
  readonly fallback?: Fallback | undefined
  /** How long a connection that the fallback has had a request of may be idle, in ms, unless the options say; for ever without. */
  readonly fallbackIdleMs?: number | undefined
}

/** What the options come to. Throws if a method is bound twice. */
export function connectionScope({ options, bindings, fallback, fallbackIdleMs }: GrpcConnectionsInit): ConnectionScope {
  const { clock = systemClock, maxConcurrentStreams = 1000, maxSessionMemoryBytes = 64e6, keepalive } = options
  const { maxConnectionIdleMs, maxConnectionAgeMs, maxConnectionAgeGraceMs } = options
  return {
    bindings: bindingsByPath(bindings),
    fallback,
    fallbackIdleMs,
    onBreach: (limit) => report(limit, options),
    calls: {
      clock,
      maxReceiveBytes: options.maxReceiveBytes ?? DEFAULT_MAX_RECEIVE_BYTES,
      maxSendBytes: options.maxSendBytes ?? Number.POSITIVE_INFINITY,
      gzip: options.gzip ?? false,
    },
    http2: {
      timers: systemClock,
      limits: {
        ...options.limits,
        maxConcurrentStreams,
        maxHeaderListBytes: options.maxHeaderBytes ?? DEFAULT_MAX_HEADER_BYTES,
        maxQueuedBytes: maxSessionMemoryBytes,
      },
    },
    lifetime: {
      clock,
      random: Math.random,
      maxIdleMs: maxConnectionIdleMs,
      maxAgeMs: maxConnectionAgeMs,
      maxAgeGraceMs: maxConnectionAgeGraceMs,
    },
    keepaliveTimeMs: keepalive?.timeMs ?? TWO_HOURS_MS,
    keepaliveTimeoutMs: keepalive?.timeoutMs ?? 20_000,
  }
}

/** What the report of a breach does wrong must not become the connection's fault. */
function report(limit: string, { onBreach, registry }: GrpcServerOptions): void {
  try {
    countBreach(limit, registry)
    onBreach?.(limit)
  } catch {
    // As said.
  }
}

/** What a client still sends on a stream that was answered is of no interest: the answer has reset the stream. */
const answered: StreamListener = {
  onHeaders: () => {},
  onData: () => {},
  onTrailers: () => {},
  onEnd: () => {},
  onDrain: () => {},
}

/** One connection of a server: calls on a machine on a socket, with what keeps each of them in bounds. */
export class ServedConnection implements CallConnection, SharedConnection, BoundListener {
  readonly calls = new Roster<RunningCall>()
  readonly scope: CallScope
  readonly peer: Peer
  readonly socket: Socket
  otherRequests = 0
  readonly #all: ConnectionScope
  readonly #machine: Http2Connection
  readonly #pings: PingGuard
  readonly #keepalive: Keepalive
  /** Nothing if neither idleness nor age ends a connection. */
  #lifetime: Lifetime | undefined

  /** `closed` is called once, when nothing is left of the connection. */
  constructor(socket: Socket, scope: ConnectionScope, closed: (connection: ServedConnection) => void) {
    const { clock } = scope.calls
    this.scope = scope.calls
    this.peer = peerOf(socket)
    this.#all = scope
    this.socket = socket
    this.#pings = new PingGuard(clock)
    this.#lifetime = Lifetime.of(scope.lifetime, this)
    this.#machine = bindSocket(socket, (listener) => new ServerConnection(listener, scope.http2), this)
    this.#keepalive = new Keepalive({
      connection: this.#machine,
      clock: systemClock,
      timeMs: scope.keepaliveTimeMs,
      timeoutMs: scope.keepaliveTimeoutMs,
      withoutCalls: true,
      callsBegun: () => 0,
      bytesRead: () => socket.bytesRead,
      dead: () => this.destroy(),
    })
    socket.on('close', () => closed(this))
  }

  get headerBudget(): number {
    return headerBudget(this.#machine.peerHeaderListBytes)
  }

  /** How many streams are open: calls, and other requests. */
  get openStreams(): number {
    return this.#machine.streamCount
  }

  onSend(): void {
    this.#pings.onSend()
  }

  /** Asks the client to leave; the connection closes when its calls are over. */
  retire(reason?: string): void {
    this.#machine.shutDown(reason)
  }

  /** Cancels what still runs with `UNAVAILABLE`. */
  cancelCalls(why: string): void {
    for (const call of this.calls.members()) call.cancel(new RpcError(Code.UNAVAILABLE, why))
  }

  cutOff(): void {
    this.cancelCalls('the connection has become too old')
    this.#machine.abort(ErrorCode.NO_ERROR, 'max_age')
  }

  /** Closes the socket at once. */
  destroy(): void {
    this.socket.destroy()
  }

  onIdle(): void {
    this.#lifetime?.onIdle()
  }

  onBreach(limit: string): void {
    this.#all.onBreach(limit)
  }

  onClose(): void {
    linger(this.socket, systemClock)
    this.#lifetime?.close()
    this.#keepalive.close()
  }

  onPing(): void {
    if (this.#pings.permits(this.#machine.streamCount, this.socket.bytesWritten)) return
    this.#all.onBreach('pings')
    this.#machine.abort(ErrorCode.ENHANCE_YOUR_CALM, 'too_many_pings')
  }

  onStream(stream: Http2Stream, block: HeaderBlock, endStream: boolean): StreamListener {
    this.#lifetime?.onBusy()
    const memo = block.memo instanceof AcceptedRequest ? block.memo : this.#judge(block)
    if (memo instanceof AcceptedRequest) {
      const call = new ServerCall(stream, memo, this)
      call.start(endStream)
      return call
    }
    if (memo) stream.sendHeaders(memo.constant, memo.varying, true)
    const { fallback } = this.#all
    if (memo || !fallback) return answered
    if (this.otherRequests === 0) this.#limitIdle()
    this.otherRequests += 1
    return fallback({ stream, block, endStream, connection: this })
  }

  /** Clients of gRPC keep a connection as long as they are; others leave theirs behind. */
  #limitIdle(): void {
    const { lifetime, fallbackIdleMs } = this.#all
    if (!fallbackIdleMs) return
    this.#lifetime ??= new Lifetime(lifetime, this)
    this.#lifetime.limitIdle(fallbackIdleMs)
  }

  /** What gRPC makes of a request; nothing if it is for somebody else, whose memo the block then keeps. */
  #judge(block: HeaderBlock): AcceptedRequest | RefusedRequest | undefined {
    const { memo, fields } = block
    if (memo instanceof RefusedRequest) return memo
    if (memo !== undefined) return undefined
    const request = readRequest(fields)
    if (this.#all.fallback && !isGrpc(request)) return undefined
    const judged = judgeRequest(request, fields, this.#all.bindings)
    block.memo = judged
    return judged
  }
}
