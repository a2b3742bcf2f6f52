/** How much may happen at once, and how much may wait. */
export interface ConcurrencyLimitOptions {
  /** How many may hold a slot at once, at least 1. */
  readonly concurrent: number
  /** How many may wait for a slot, in the order they came; 0 by default. */
  readonly queue?: number | undefined
}

/** Someone waits for a slot. */
export interface SlotWait {
  /** Resolves when the slot is held; it must then be released. Never rejects. */
  readonly granted: Promise<void>
  /** Leaves the queue. True if it did, false if the slot was granted already and is to be released. */
  leave(): boolean
}

/** A number of slots with a bounded queue, first come, first served. Every slot that was got must be released once. */
export class ConcurrencyLimit {
  readonly #concurrent: number
  readonly #queue: number
  readonly #waiting = new Set<() => void>()
  #held = 0

  /** Throws `RangeError` naming the option that is out of its range. */
  constructor({ concurrent, queue = 0 }: ConcurrencyLimitOptions) {
    if (!(concurrent >= 1)) throw new RangeError(`concurrency limit: concurrent must be at least 1, not ${concurrent}`)
    if (!(queue >= 0)) throw new RangeError(`concurrency limit: queue must be at least 0, not ${queue}`)
    this.#concurrent = Math.floor(concurrent)
    this.#queue = Math.floor(queue)
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

  /** Joins the queue; `undefined` if it is full. To be called after `take` found no slot. */
  wait(): SlotWait | undefined {
    if (this.#waiting.size >= this.#queue) return undefined
    let grant = (): void => {}
    const granted = new Promise<void>((resolve) => {
      grant = resolve
    })
    this.#waiting.add(grant)
    return { granted, leave: () => this.#waiting.delete(grant) }
  }

  /** Gives a slot back: to whom has waited longest, if anyone does. */
  release(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#held -= 1
      return
    }
    this.#waiting.delete(next)
    next()
  }
}
