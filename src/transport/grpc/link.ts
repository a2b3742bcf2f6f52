import type { Socket } from 'node:net'
import { runDetached } from '../../endpoint/ambient.js'
import type { Peer } from '../../endpoint/context-value.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { ClientConnection } from '../../http2/connection/client-connection.js'
import { ErrorCode } from '../../http2/error-code.js'
import type { Fields, Http2Client, Http2Stream, StreamListener } from '../../http2/http2.js'
import type { Http2Options } from '../../http2/options.js'
import { bindSocket } from '../../http2/socket/bind-socket.js'
import type { CancelTimer, Clock } from '../../resilience/clock.js'
import { certificateOf } from '../grpc-wire/peer.js'
import type { Dial } from './connect/dial.js'
import { Keepalive } from './connect/keepalive.js'
import { linger } from './connect/linger.js'

/** How long the other side may take until a connection can be used, in ms. */
export const CONNECT_MS = 20_000

/** How connections are made. */
export interface LinkOptions {
  readonly dial: Dial
  /** `host:port`, as in the URL. */
  readonly authority: string
  readonly http2: Http2Options
  readonly clock: Clock
  readonly keepaliveTimeMs: number | undefined
  readonly keepaliveTimeoutMs: number
  readonly keepaliveWithoutCalls: boolean
}

/** Hears what becomes of a connection. */
export interface LinkListener {
  /** Calls can be made. */
  onReady(link: Link): void
  /** There may be room for more calls. */
  onCapacity(): void
  /** The server asks to leave: no more calls can be made. */
  onLeave(link: Link, debug: string): void
  /** It is over. Told once. */
  onClose(link: Link, reason: string): void
}

/** One connection of a channel. */
export class Link {
  peer: Peer
  readonly #options: LinkOptions
  readonly #listener: LinkListener
  readonly #socket: Socket
  readonly #stopWaiting: CancelTimer
  #machine: Http2Client | undefined
  #keepalive: Keepalive | undefined
  #closed = false
  #reason: string | undefined
  #callsBegun = 0

  /** Begins to connect. */
  constructor(options: LinkOptions, listener: LinkListener) {
    this.peer = { address: options.authority }
    this.#options = options
    this.#listener = listener
    this.#stopWaiting = options.clock.schedule(CONNECT_MS, () => this.destroy('the server does not answer'))
    // Not within the call that happens to be first: a connection outlives it.
    const socket = runDetached(options.dial)
    this.#socket = socket
    socket.once('error', (error) => {
      this.#reason ??= error.message || String(error)
    })
    socket.once('close', () => this.#close())
    const secure = 'encrypted' in socket
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      if (!socket.destroyed) this.#connected(socket)
    })
  }

  /** How many more calls there is room for. */
  get capacity(): number {
    return this.#machine?.capacity ?? 0
  }

  /** Why the connection is over, if it is. */
  get reason(): string | undefined {
    return this.#reason
  }

  /** How many bytes of fields the server takes in one header block. */
  get peerHeaderListBytes(): number {
    return this.#machine?.peerHeaderListBytes ?? Number.POSITIVE_INFINITY
  }

  /** Opens a stream; only where there is capacity. */
  request(constant: Fields, varying: Fields | undefined, listener: StreamListener): Http2Stream {
    const machine = this.#machine
    if (!machine) throw new RpcError(Code.UNAVAILABLE, 'the connection is not open', { neverSent: true })
    if (machine.streamCount === 0) this.#socket.ref()
    this.#callsBegun += 1
    return machine.request(constant, varying, false, listener)
  }

  /** Ends the connection, with all calls on it. */
  abort(reason: string): void {
    this.#reason = reason
    if (this.#machine && !this.#closed) this.#machine.abort(ErrorCode.NO_ERROR, '')
    else this.destroy(reason)
  }

  /** Cuts the connection. */
  destroy(reason: string): void {
    this.#reason = reason
    this.#socket.destroy()
  }

  #connected(socket: Socket): void {
    const { http2, authority, clock, keepaliveTimeMs, keepaliveTimeoutMs, keepaliveWithoutCalls } = this.#options
    this.peer = { address: authority, certificate: certificateOf(socket) }
    const machine = bindSocket(socket, (listener) => new ClientConnection(listener, http2), {
      onReady: () => this.#ready(),
      onCapacity: () => this.#listener.onCapacity(),
      // A process need not go on for a connection without calls.
      onIdle: () => socket.unref(),
      onGoaway: (_code, debug) => this.#listener.onLeave(this, debug),
      onClose: (error) => this.#over(error),
    })
    this.#machine = machine
    if (keepaliveTimeMs === undefined) return
    this.#keepalive = new Keepalive({
      connection: machine,
      clock,
      timeMs: keepaliveTimeMs,
      timeoutMs: keepaliveTimeoutMs,
      withoutCalls: keepaliveWithoutCalls,
      callsBegun: () => this.#callsBegun,
      bytesRead: () => socket.bytesRead,
      dead: () => this.destroy('the server does not answer pings'),
    })
  }

  #ready(): void {
    this.#stopWaiting()
    this.#listener.onReady(this)
    if (this.#machine?.streamCount === 0) this.#socket.unref()
  }

  #over(error: Error | undefined): void {
    this.#reason ??= error?.message
    linger(this.#socket, this.#options.clock)
    this.#close()
  }

  #close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#stopWaiting()
    this.#keepalive?.close()
    this.#listener.onClose(this, this.#reason ?? 'the connection was closed')
  }
}
