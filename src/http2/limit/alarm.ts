import type { Timers } from '../options.js'

/** One thing that may have to happen later. */
export class Alarm {
  readonly #timers: Timers
  #cancel: (() => void) | undefined

  constructor(timers: Timers) {
    this.#timers = timers
  }

  /** True until it fires or is cleared. */
  get isSet(): boolean {
    return this.#cancel !== undefined
  }

  /** Calls `fire` after `delayMs`, in place of what was set before. */
  set(delayMs: number, fire: () => void): void {
    this.clear()
    this.#cancel = this.#timers.schedule(delayMs, () => {
      this.#cancel = undefined
      fire()
    })
  }

  /** Prevents what was set. */
  clear(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
