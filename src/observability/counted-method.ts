import type { Method } from '../endpoint/method.js'
import type { CallObserver, Outcome } from '../endpoint/outcome.js'
import type { MethodCounters } from './method-counters.js'

/** Counts the calls of one method on one side, from their start, which the caller counts, to their end. */
export class CountedMethod implements CallObserver {
  readonly method: Method
  readonly counters: MethodCounters
  readonly #serving: boolean

  constructor(method: Method, counters: MethodCounters, side: 'client' | 'server') {
    this.method = method
    this.counters = counters
    this.#serving = side === 'server'
  }

  request(): void {
    if (this.#serving) this.counters.received += 1
    else this.counters.sent += 1
  }

  response(): void {
    if (this.#serving) this.counters.sent += 1
    else this.counters.received += 1
  }

  end({ code, durationMs }: Outcome): void {
    this.counters.end(code, durationMs / 1000)
  }
}
