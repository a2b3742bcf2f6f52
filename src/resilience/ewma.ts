/**
 * A moving average that jumps up to every peak at once and forgets it slowly: the cost of a server as its callers feel it.
 *
 * It forgets by time, not by number of samples, and without any it sinks towards 0: a server that nobody dares to call is
 * tried again some time.
 *
 * @see https://linkerd.io/2016/03/16/beyond-round-robin-load-balancing-for-latency/
 */
export class PeakEwma {
  readonly #decayMs: number
  #average = 0
  #sampledAt = 0

  /** After `decayMs` a hundredth of a peak is left. */
  constructor(decayMs: number) {
    this.#decayMs = decayMs / Math.log(100)
  }

  /** Takes a sample, at a time in ms of any clock. Samples may come a little out of order. */
  observe(sample: number, now: number): void {
    // A peak is all that is left of what was: how much of that is forgotten need not be worked out.
    if (sample >= this.#average) this.#average = sample
    else this.#average = sample + (this.#average - sample) * this.#keptAt(now)
    if (now > this.#sampledAt) this.#sampledAt = now
  }

  /** The average at a time; 0 before the first sample. */
  valueAt(now: number): number {
    return this.#average === 0 ? 0 : this.#average * this.#keptAt(now)
  }

  #keptAt(now: number): number {
    return now > this.#sampledAt ? Math.exp((this.#sampledAt - now) / this.#decayMs) : 1
  }
}
