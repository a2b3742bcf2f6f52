/** How much may happen at once, and how much may wait. */
export interface ConcurrencyLimitOptions {
  /** How many may hold a slot at once, at least 1. */
  readonly concurrent: number
  /** How many may wait for a slot, in the order they came; 0 by default. */
  readonly queue?: number | undefined
}

/** A number of slots with a bounded queue, first come, first served. Every slot that was got must be released once. */
export class ConcurrencyLimit {
  readonly #concurrent: number
  readonly #queue: number
  readonly #waiting = new Set<{ readonly granted: () => void }>()
  #held = 0

  /** Throws `RangeError` naming the option that is out of its range. */
  constructor({ concurrent, queue = 0 }: ConcurrencyLimitOptions) {
    if (!(concurrent >= 1)) throw new RangeError(`concurrency limit: concurrent must be at least 1, not ${concurrent}`)
    if (!(queue >= 0)) throw new RangeError(`concurrency limit: queue must be at least 0, not ${queue}`)
    this.#concurrent = Math.floor(concurrent)
    this.#queue = Math.floor(queue)
  }

  /** How many may hold a slot. */
  get concurrent(): number {
    return this.#concurrent
  }

  /** How many may wait for one. */
  get queue(): number {
    return this.#queue
  }

  /** How many hold a slot. */
  get held(): number {
    return this.#held
  }

  /** How many wait for one. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Takes a slot if one is free. A free slot means that nobody waits: `release` hands slots over. */
  take(): boolean {
    if (this.#held >= this.#concurrent) return false
    this.#held += 1
    return true
  }

  /**
   * Joins the queue, after `take` found no slot; `granted` is called when a slot is held, which must then be released.
   * Returns how to leave: true if that came before the slot. `undefined` if the queue is full.
   */
  wait(granted: () => void): (() => boolean) | undefined {
    if (this.#waiting.size >= this.#queue) return undefined
    const waiter = { granted }
    this.#waiting.add(waiter)
    return () => this.#waiting.delete(waiter)
  }

  /** Gives a slot back: to whom has waited longest, if anyone does. */
  release(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#held -= 1
      return
    }
    this.#waiting.delete(next)
    next.granted()
  }
}
