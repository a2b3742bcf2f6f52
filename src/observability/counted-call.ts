import type { CallObserver, Outcome } from '../endpoint/outcome.js'
import type { MethodCounters } from './method-counters.js'

/** Counts one call, from its start to its end. */
export class CountedCall implements CallObserver {
  readonly #counters: MethodCounters
  readonly #serving: boolean

  constructor(counters: MethodCounters, side: 'client' | 'server') {
    this.#counters = counters
    this.#serving = side === 'server'
    counters.started += 1
  }

  request(): void {
    if (this.#serving) this.#counters.received += 1
    else this.#counters.sent += 1
  }

  response(): void {
    if (this.#serving) this.#counters.sent += 1
    else this.#counters.received += 1
  }

  end({ code, durationMs }: Outcome): void {
    this.#counters.end(code, durationMs / 1000)
  }
}
