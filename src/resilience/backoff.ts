import type { Random } from './clock.js'

/** How long to wait between attempts. */
export interface BackoffOptions {
  /** Delay before the first retry, in ms; 50 by default. */
  readonly initialMs?: number | undefined
  /** Longest delay before jitter, in ms; 1,000 by default. */
  readonly maxMs?: number | undefined
  /** What each delay is multiplied by to give the next; 2 by default. */
  readonly multiplier?: number | undefined
  /** Spread to both sides, as a share of the delay, from 0 to 1; 0.2 by default. */
  readonly jitter?: number | undefined
}

/**
 * Exponential delays with jitter: `min(initial * multiplier^(n-1), max)`, times a number drawn evenly from 0.8 to 1.2.
 *
 * @see https://github.com/grpc/proposal/blob/master/A6-client-retries.md#exponential-backoff
 */
export class Backoff {
  readonly #initialMs: number
  readonly #maxMs: number
  readonly #multiplier: number
  readonly #jitter: number
  readonly #random: Random

  /** Throws `RangeError` naming the option that makes no sense. */
  constructor(options: BackoffOptions = {}, random: Random = Math.random) {
    const { initialMs = 50, maxMs = 1000, multiplier = 2, jitter = 0.2 } = options
    for (const [name, value] of Object.entries({ initialMs, maxMs, multiplier })) {
      if (!(value > 0)) throw new RangeError(`backoff: ${name} must be above 0, not ${value}`)
    }
    if (!(jitter >= 0 && jitter <= 1)) throw new RangeError(`backoff: jitter must be from 0 to 1, not ${jitter}`)
    this.#initialMs = initialMs
    this.#maxMs = maxMs
    this.#multiplier = multiplier
    this.#jitter = jitter
    this.#random = random
  }

  /** The delay before the n-th retry, counted from 1, in ms. Drawn anew at every call. */
  delayMs(retry: number): number {
    const delay = Math.min(this.#initialMs * this.#multiplier ** (retry - 1), this.#maxMs)
    return delay * (1 + this.#jitter * (2 * this.#random() - 1))
  }
}
