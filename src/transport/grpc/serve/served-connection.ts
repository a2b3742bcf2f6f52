import type { Socket } from 'node:net'
import type { Peer } from '../../../endpoint/context-value.js'
import type { Binding } from '../../../endpoint/serve.js'
import { Code } from '../../../error/code.js'
import { RpcError } from '../../../error/rpc-error.js'
import { ServerConnection } from '../../../http2/connection/server-connection.js'
import { ErrorCode } from '../../../http2/error-code.js'
import type { HeaderBlock, Http2Connection, Http2Stream, StreamListener } from '../../../http2/http2.js'
import type { Http2Options } from '../../../http2/options.js'
import { systemClock } from '../../../resilience/clock.js'
import { headerBudget } from '../../grpc-wire/header-budget.js'
import { peerOf } from '../../grpc-wire/peer.js'
import { attach } from '../link/attach.js'
import { Keepalive } from '../link/keepalive.js'
import { AcceptedRequest, isGrpc, judgeRequest, RefusedRequest, readRequest } from '../wire.js'
import type { CallConnection, CallScope, RunningCall } from './call-scope.js'
import { Lifetime, type LifetimeOptions } from './lifetime.js'
import { PingGuard } from './ping-guard.js'
import { ServerCall } from './server-call.js'

/** Takes requests that are none of gRPC. */
export type Fallback = (stream: Http2Stream, block: HeaderBlock, endStream: boolean) => StreamListener

/** What all connections of a server share. */
export interface ConnectionScope {
  readonly calls: CallScope
  readonly bindings: ReadonlyMap<string, Binding>
  readonly http2: Http2Options
  readonly lifetime: LifetimeOptions
  readonly keepaliveTimeMs: number
  readonly keepaliveTimeoutMs: number
  readonly fallback: Fallback | undefined
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
export class ServedConnection implements CallConnection {
  readonly calls = new Set<RunningCall>()
  readonly scope: CallScope
  readonly #all: ConnectionScope
  readonly #socket: Socket
  readonly #machine: Http2Connection
  readonly #pings: PingGuard
  readonly #keepalive: Keepalive
  readonly #lifetime: Lifetime
  #peer: Peer | undefined

  /** `closed` is called once, when nothing is left of the connection. */
  constructor(socket: Socket, scope: ConnectionScope, closed: (connection: ServedConnection) => void) {
    const { clock } = scope.calls
    this.scope = scope.calls
    this.#all = scope
    this.#socket = socket
    this.#pings = new PingGuard(clock)
    this.#lifetime = new Lifetime(scope.lifetime, this)
    this.#machine = attach(socket, {
      clock: systemClock,
      create: (listener) => new ServerConnection(listener, scope.http2),
      listener: {
        onStream: (stream, block, endStream) => this.#open(stream, block, endStream),
        onIdle: () => this.#lifetime.onIdle(),
        onPing: () => this.#onPing(),
        onClose: () => this.#stopTimers(),
      },
    })
    this.#keepalive = new Keepalive({
      connection: this.#machine,
      clock: systemClock,
      timeMs: scope.keepaliveTimeMs,
      timeoutMs: scope.keepaliveTimeoutMs,
      withoutCalls: true,
      bytesRead: () => socket.bytesRead,
      dead: () => this.destroy(),
    })
    socket.once('close', () => closed(this))
  }

  readonly peer = (): Peer => {
    this.#peer ??= peerOf(this.#socket)
    return this.#peer
  }

  get headerBudget(): number {
    return headerBudget(this.#machine.peerHeaderListBytes)
  }

  onSend(): void {
    this.#pings.onSend()
  }

  /** Asks the client to leave; the connection closes when its calls are over. */
  retire(reason?: string): void {
    this.#machine.shutDown(reason)
  }

  /** Cancels what still runs. */
  cancelCalls(reason: RpcError): void {
    for (const call of [...this.calls]) call.cancel(reason)
  }

  cutOff(): void {
    this.cancelCalls(new RpcError(Code.UNAVAILABLE, 'the connection has become too old'))
    this.#machine.abort(ErrorCode.NO_ERROR, 'max_age')
  }

  /** Closes the socket at once. */
  destroy(): void {
    this.#socket.destroy()
  }

  #stopTimers(): void {
    this.#lifetime.close()
    this.#keepalive.close()
  }

  #onPing(): void {
    if (this.#pings.permits(this.#machine.streamCount)) return
    this.#machine.abort(ErrorCode.ENHANCE_YOUR_CALM, 'too_many_pings')
  }

  #open(stream: Http2Stream, block: HeaderBlock, endStream: boolean): StreamListener {
    this.#lifetime.onBusy()
    const memo = block.memo instanceof AcceptedRequest ? block.memo : this.#judge(block)
    if (memo instanceof AcceptedRequest) {
      const call = new ServerCall(stream, memo, this)
      call.start(endStream)
      return call
    }
    if (memo) stream.sendHeaders(memo.constant, memo.varying, true)
    return (memo ? undefined : this.#all.fallback?.(stream, block, endStream)) ?? answered
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
