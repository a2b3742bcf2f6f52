import type { Timers } from '../options.js'

/** How many at once, and how many a second. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/** A bucket of tokens that starts full. What is done in good faith may put tokens back. */
export class Allowance {
  readonly #rate: Rate
  readonly #timers: Timers
  #tokens: number
  #since: number

  constructor(rate: Rate, timers: Timers) {
    this.#rate = rate
    this.#timers = timers
    this.#tokens = rate.burst
    this.#since = timers.now()
  }

  /** Takes a token; false if there is none. */
  spend(): boolean {
    const now = this.#timers.now()
    this.give(((now - this.#since) / 1000) * this.#rate.perSecond)
    this.#since = now
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }

  /** Puts tokens in, up to the burst. */
  give(tokens: number): void {
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + tokens)
  }
}
