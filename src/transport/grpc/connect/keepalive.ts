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
  /** How long the connection may be silent, in ms. */
  readonly timeMs: number
  /** How long the answer, or any other byte, may take, in ms. */
  readonly timeoutMs: number
  /** Ping also while there are no streams. */
  readonly withoutCalls: boolean
  /** How many calls have begun so far. */
  readonly callsBegun: () => number
  /** How many bytes have arrived so far. */
  readonly bytesRead: () => number
  /** The other side does not answer. */
  readonly dead: () => void
}

/** How often it is looked for bytes in `timeMs`: noting the time of each arrival would be dearer. */
const LOOKS = 16

/**
 * Pings the other side of a connection that has gone silent, and gives it up when it does not answer: `timeMs` and
 * `timeoutMs` after its last byte, or up to a sixteenth of `timeMs` before that. Pings are at least `timeMs` apart. Without
 * calls there is no silence, but that of a call which nothing came for lasts beyond its end: calls with short deadlines
 * must not keep a dead connection.
 *
 * @see https://github.com/grpc/proposal/blob/master/A8-client-side-keepalive.md
 */
export class Keepalive {
  readonly #init: KeepaliveInit
  #seen: number
  #lookedMs: number
  /** The last byte came at this time or after it, but before the next look. */
  #activeMs: number
  #begun: number
  /** There was a call since the last byte. */
  #waits = false
  #stop: CancelTimer

  constructor(init: KeepaliveInit) {
    this.#init = init
    this.#seen = init.bytesRead()
    this.#lookedMs = init.clock.now()
    this.#activeMs = this.#lookedMs
    this.#begun = init.callsBegun()
    this.#stop = this.#arm()
  }

  /** No more pings. */
  close(): void {
    this.#stop()
  }

  #arm(): CancelTimer {
    const { clock, timeMs } = this.#init
    const leftMs = this.#activeMs + timeMs - this.#lookedMs
    return clock.schedule(Math.min(leftMs, timeMs / LOOKS), () => this.#look())
  }

  #look(): void {
    const { connection, bytesRead, withoutCalls, clock, timeMs } = this.#init
    const seen = bytesRead()
    const hadCalls = this.#hadCalls()
    if (seen === this.#seen) this.#waits ||= hadCalls
    else {
      this.#activeMs = this.#lookedMs
      // Of calls that are over by now, the bytes are likely to be the end.
      this.#waits = connection.streamCount > 0
    }
    this.#seen = seen
    this.#lookedMs = clock.now()
    if (!withoutCalls && !this.#waits) this.#activeMs = this.#lookedMs
    if (this.#lookedMs - this.#activeMs < timeMs) this.#stop = this.#arm()
    else this.#ping()
  }

  /** Whether there is a call, or one came and went since this was asked. */
  #hadCalls(): boolean {
    const { connection, callsBegun } = this.#init
    const before = this.#begun
    this.#begun = callsBegun()
    return connection.streamCount > 0 || this.#begun !== before
  }

  #ping(): void {
    const { connection, clock, timeoutMs, bytesRead, dead } = this.#init
    this.#stop = clock.schedule(timeoutMs, () => {
      // The answer may be behind much else.
      if (bytesRead() === this.#seen) dead()
      else this.#startOver()
    })
    connection.ping(() => {
      this.#stop()
      this.#startOver()
    })
  }

  /** The connection is alive. */
  #startOver(): void {
    this.#waits = false
    this.#seen = this.#init.bytesRead()
    this.#lookedMs = this.#init.clock.now()
    this.#activeMs = this.#lookedMs
    this.#stop = this.#arm()
  }
}
