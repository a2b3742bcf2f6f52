/** How a peak-sensitive moving average forgets. */
export interface PeakEwmaOptions {
  /** After this time without samples 1/e of the average is left, in ms. 10,000 by default, as in Finagle. */
  readonly decayMs?: number | undefined
  /** A sample that comes this long after the one before counts for at least half, in ms. 1,000 by default. */
  readonly staleMs?: number | undefined
}

/**
 * A moving average that jumps up to every peak at once and forgets it slowly: the cost of a server as its callers feel it.
 *
 * Between samples it decays towards 0, so that a server which nobody dares to call is tried again some time. Sparse samples
 * weigh more than time alone would give them: a server that recovered is believed after a few calls.
 *
 * @see https://linkerd.io/2016/03/16/beyond-round-robin-load-balancing-for-latency/
 */
export class PeakEwma {
  readonly #decayMs: number
  readonly #staleMs: number
  #average = 0
  #sampledAt = Number.NEGATIVE_INFINITY

  constructor(options: PeakEwmaOptions = {}) {
    this.#decayMs = options.decayMs ?? 10_000
    this.#staleMs = options.staleMs ?? 1_000
  }

  /** Takes a sample, at a time in ms of any clock that does not run backwards. */
  observe(sample: number, now: number): void {
    const sinceMs = now - this.#sampledAt
    const kept = Math.exp(-Math.max(0, sinceMs) / this.#decayMs)
    const weight = sinceMs >= this.#staleMs ? Math.min(kept, 0.5) : kept
    this.#average = Math.max(sample, this.#average * weight + sample * (1 - weight))
    this.#sampledAt = now
  }

  /** The average at a time; 0 before the first sample. */
  valueAt(now: number): number {
    if (this.#average === 0) return 0
    return this.#average * Math.exp(-Math.max(0, now - this.#sampledAt) / this.#decayMs)
  }
}
