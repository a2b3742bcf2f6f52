/** What came of a load. */
export interface LoadResult {
  readonly calls: number
  readonly errors: readonly unknown[]
}

/** Calls `call` at a constant rate, whether or not the ones before have ended, until it is told to stop. */
export class Load {
  readonly #timer: NodeJS.Timeout
  readonly #running = new Set<Promise<void>>()
  readonly #errors: unknown[] = []
  #calls = 0

  constructor(perSecond: number, call: () => Promise<unknown>) {
    const start = performance.now()
    this.#timer = setInterval(() => {
      // By the clock, for a busy machine skips ticks.
      while (this.#calls < ((performance.now() - start) / 1000) * perSecond) this.#begin(call)
    }, 5)
  }

  /** How many calls have begun. */
  get calls(): number {
    return this.#calls
  }

  /** Begins no more; resolves when all have ended. */
  async stop(): Promise<LoadResult> {
    clearInterval(this.#timer)
    await Promise.all(this.#running)
    return { calls: this.#calls, errors: this.#errors }
  }

  #begin(call: () => Promise<unknown>): void {
    this.#calls += 1
    const running = call()
      .then(
        () => {},
        (error) => void this.#errors.push(error),
      )
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
  }
}
