/** How many retries a budget allows. */
export interface RetryBudgetOptions {
  /** Tokens when full, above 0 and at most 1,000; 100 by default. */
  readonly maxTokens?: number | undefined
  /** Tokens that a success gives back, above 0, counted to three decimals; 0.1 by default. */
  readonly tokenRatio?: number | undefined
}

/**
 * Stops retries where most calls fail: a failure costs a token, a success gives a part of one back, and retries are
 * allowed while more than half of the tokens are there. With the defaults, some fifty calls at once may lose their server
 * without harm, and in the long run retries add at most about a tenth to the load of a server that fails all the time.
 *
 * @see https://github.com/grpc/proposal/blob/master/A6-client-retries.md#throttling-retry-attempts-and-hedged-rpcs
 */
export class RetryBudget {
  // Thousandths of tokens, so that the sums are exact.
  readonly #max: number
  readonly #ratio: number
  #tokens: number

  /** Throws `RangeError` naming the option that is out of its range. */
  constructor(options: RetryBudgetOptions = {}) {
    const { maxTokens = 100, tokenRatio = 0.1 } = options
    if (!(maxTokens > 0 && maxTokens <= 1000)) {
      throw new RangeError(`retry budget: maxTokens must be above 0 and at most 1000, not ${maxTokens}`)
    }
    if (!(tokenRatio > 0)) throw new RangeError(`retry budget: tokenRatio must be above 0, not ${tokenRatio}`)
    this.#max = Math.round(maxTokens * 1000)
    this.#ratio = Math.round(tokenRatio * 1000)
    this.#tokens = this.#max
  }

  /** True while a retry may be made. */
  get allows(): boolean {
    return this.#tokens > this.#max / 2
  }

  /** Tokens when full. */
  get maxTokens(): number {
    return this.#max / 1000
  }

  /** Tokens left. */
  get tokens(): number {
    return this.#tokens / 1000
  }

  /** An attempt succeeded. */
  succeeded(): void {
    this.#tokens = Math.min(this.#max, this.#tokens + this.#ratio)
  }

  /** An attempt failed in a way that could be retried, or the server asked not to retry. */
  failed(): void {
    this.#tokens = Math.max(0, this.#tokens - 1000)
  }
}
