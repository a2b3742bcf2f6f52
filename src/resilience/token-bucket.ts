import { type Clock, systemClock } from './clock.js'

/** How fast tokens come, and how many can wait. */
export interface TokenBucketOptions {
  /** Tokens that come each second, above 0. */
  readonly perSecond: number
  /** Most tokens that wait to be taken, at least 1; as many as come in a second by default, but at least 1. */
  readonly burst?: number | undefined
}

// Sums of fractions are off by less; a caller that waits exactly as long as it was told must find its token.
const TOLERANCE_MS = 1e-6

/**
 * A bucket that starts full, into which tokens trickle evenly, and from which each call takes one.
 *
 * It keeps one number, the time at which the bucket will be full again, so there is no timer and nothing to refill.
 */
export class TokenBucket {
  readonly #clock: Clock
  readonly #intervalMs: number
  readonly #capacityMs: number
  // Times count from the bucket's birth: small numbers keep their fractions.
  readonly #start: number
  #fullAt = 0

  /** Throws `RangeError` naming the option that is out of its range. */
  constructor({ perSecond, burst = Math.max(1, perSecond) }: TokenBucketOptions, clock: Clock = systemClock) {
    if (!(perSecond > 0 && perSecond < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`token bucket: perSecond must be a number above 0, not ${perSecond}`)
    }
    if (!(burst >= 1)) throw new RangeError(`token bucket: burst must be at least 1, not ${burst}`)
    this.#clock = clock
    this.#intervalMs = 1000 / perSecond
    this.#capacityMs = burst * this.#intervalMs
    this.#start = clock.now()
  }

  /** Takes a token if there is one. */
  take(): boolean {
    if (this.waitMs() > 0) return false
    this.#fullAt = Math.max(this.#fullAt, this.#now()) + this.#intervalMs
    return true
  }

  /** How long until there is a token to take, in ms; 0 if there is one. */
  waitMs(): number {
    const wait = this.#fullAt + this.#intervalMs - this.#capacityMs - this.#now()
    return wait > TOLERANCE_MS ? wait : 0
  }

  #now(): number {
    return this.#clock.now() - this.#start
  }
}
