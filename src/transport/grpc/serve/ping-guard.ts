import type { Timers } from '../connect/timers.js'

/** How often a client may ping, in ms. */
const PERMITTED_MS = 300_000
/** How often it may while it has no calls, in ms. */
const PERMITTED_IDLE_MS = 7_200_000
/** More than this goes out between two pings only with content, in bytes: answers to pings and the like are small. */
const CONTENT_BYTES = 1024
/** How long what was sent may be on its way to a client that pings for each part of it, in ms. */
const ON_ITS_WAY_MS = 10_000
/** How many pings may come too early. */
const MAX_STRIKES = 2

/**
 * Counts pings that come too early. Whatever the server sends wipes the count: pings that measure the link are welcome.
 *
 * @see https://github.com/grpc/proposal/blob/master/A8-client-side-keepalive.md#server-enforcement
 */
export class PingGuard {
  readonly #clock: Timers
  #lastMs = Number.NEGATIVE_INFINITY
  #strikes = 0
  #sentMs = Number.NEGATIVE_INFINITY
  #sent = false
  #written = 0

  constructor(clock: Timers) {
    this.#clock = clock
  }

  /** The server begins to send headers or a message. */
  onSend(): void {
    this.#sent = true
  }

  /** A ping came while there were so many streams, and so many bytes were written; false if that is one too many. */
  permits(streams: number, written: number): boolean {
    const now = this.#clock.now()
    const early = now - this.#lastMs < (streams > 0 ? PERMITTED_MS : PERMITTED_IDLE_MS)
    this.#lastMs = now
    if (this.#sent || written - this.#written > CONTENT_BYTES) {
      this.#strikes = 0
      this.#sentMs = now
    } else if (early && now - this.#sentMs > ON_ITS_WAY_MS) {
      this.#strikes += 1
    }
    this.#sent = false
    this.#written = written
    return this.#strikes <= MAX_STRIKES
  }
}
