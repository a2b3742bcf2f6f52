import type { CancelTimer, Timers } from './timers.js'

/** A connection that can be pinged. */
export interface Pinged {
  readonly streamCount: number
  ping(answered: () => void): void
}

/** What is pinged, and when. */
export interface KeepaliveInit {
  readonly connection: Pinged
  /** Real time, as a rule: it is a real socket that is silent. */
  readonly clock: Timers
  /** How long the connection must have been silent, in ms. */
  readonly timeMs: number
  /** How long the answer may take, in ms. */
  readonly timeoutMs: number
  /** Ping also while there are no streams. */
  readonly withoutCalls: boolean
  /** How many bytes have arrived so far. */
  readonly bytesRead: () => number
  /** The other side does not answer. */
  readonly dead: () => void
}

/**
 * Pings the other side of a connection that has gone silent, and gives it up when it does not answer.
 *
 * @see https://github.com/grpc/proposal/blob/master/A8-client-side-keepalive.md
 */
export class Keepalive {
  readonly #init: KeepaliveInit
  #seen = -1
  #stop: CancelTimer

  constructor(init: KeepaliveInit) {
    this.#init = init
    this.#stop = this.#arm()
  }

  /** No more pings. */
  close(): void {
    this.#stop()
  }

  #arm(): CancelTimer {
    const { clock, timeMs } = this.#init
    return clock.schedule(timeMs, () => this.#check())
  }

  #check(): void {
    const { connection, bytesRead, withoutCalls, clock, timeoutMs, dead } = this.#init
    const seen = bytesRead()
    const silent = seen === this.#seen && (withoutCalls || connection.streamCount > 0)
    this.#seen = seen
    if (!silent) {
      this.#stop = this.#arm()
      return
    }
    this.#stop = clock.schedule(timeoutMs, dead)
    connection.ping(() => {
      this.#stop()
      this.#stop = this.#arm()
    })
  }
}
