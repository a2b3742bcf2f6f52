import type { Timers } from '../../../src/http2/options.js'

/** Time that passes only when told to. */
export class FakeTimers implements Timers {
  #now = 1_000_000
  #due = new Map<object, { readonly at: number; readonly fire: () => void }>()

  /** Timers that wait. */
  get pending(): number {
    return this.#due.size
  }

  now(): number {
    return this.#now
  }

  schedule(delayMs: number, fire: () => void): () => void {
    const key = {}
    this.#due.set(key, { at: this.#now + delayMs, fire })
    return () => this.#due.delete(key)
  }

  /** Lets time pass, in ms; timers fire in the order of their times. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const [next] = [...this.#due].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)
      if (next === undefined) break
      this.#due.delete(next[0])
      this.#now = Math.max(this.#now, next[1].at)
      next[1].fire()
    }
    this.#now = end
  }
}
