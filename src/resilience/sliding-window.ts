import { type Clock, systemClock } from './clock.js'

/** The span of a window, and how finely it slides. */
export interface SlidingWindowOptions {
  /** How far back the window reaches, in ms; 10,000 by default. */
  readonly windowMs?: number | undefined
  /** How many slices it is kept in; 10 by default. The oldest slice is forgotten as a whole. */
  readonly slices?: number | undefined
}

/** Sums what was counted within the last while. Time is read on use: there is no timer. */
export class SlidingWindow {
  readonly #clock: Clock
  readonly #sliceMs: number
  readonly #counts: number[]
  #latest: number
  #sum = 0

  /** Throws `RangeError` naming the option that makes no sense. */
  constructor({ windowMs = 10_000, slices = 10 }: SlidingWindowOptions = {}, clock: Clock = systemClock) {
    if (!(windowMs > 0)) throw new RangeError(`sliding window: windowMs must be above 0, not ${windowMs}`)
    if (!(Number.isInteger(slices) && slices > 0)) {
      throw new RangeError(`sliding window: slices must be a whole number above 0, not ${slices}`)
    }
    this.#clock = clock
    this.#sliceMs = windowMs / slices
    this.#counts = new Array<number>(slices).fill(0)
    this.#latest = this.#slice()
  }

  /** Counts `amount` now. */
  add(amount = 1): void {
    this.#slide()
    const index = this.#latest % this.#counts.length
    this.#counts[index] = (this.#counts[index] ?? 0) + amount
    this.#sum += amount
  }

  /** What was counted within the window. */
  get sum(): number {
    this.#slide()
    return this.#sum
  }

  /** Forgets everything. */
  clear(): void {
    this.#counts.fill(0)
    this.#sum = 0
  }

  #slice(): number {
    return Math.floor(this.#clock.now() / this.#sliceMs)
  }

  #slide(): void {
    const slice = this.#slice()
    const { length } = this.#counts
    const stale = Math.min(slice - this.#latest, length)
    for (let step = 1; step <= stale; step += 1) {
      const index = (this.#latest + step) % length
      this.#sum -= this.#counts[index] ?? 0
      this.#counts[index] = 0
    }
    this.#latest = slice
  }
}
