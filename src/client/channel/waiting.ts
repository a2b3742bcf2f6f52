import type { Context } from '../../endpoint/context.js'

/** Calls that wait for something to come, in the order of their arrival. */
export class Waiting {
  readonly #retries = new Set<() => void>()

  /** How many there are. */
  get size(): number {
    return this.#retries.size
  }

  /** Resolves with what `take` returns, once it returns something when woken; rejects when it throws, or the call is cancelled. */
  wait<T>(context: Context, take: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (then: () => void): void => {
        this.#retries.delete(retry)
        forget()
        then()
      }
      const retry = (): void => {
        try {
          const taken = take()
          if (taken !== undefined) settle(() => resolve(taken))
        } catch (error) {
          settle(() => reject(error))
        }
      }
      this.#retries.add(retry)
      const forget = context.onCancel((reason) => {
        this.#retries.delete(retry)
        reject(reason)
      })
    })
  }

  /** Lets each of them try again. */
  wake(): void {
    for (const retry of [...this.#retries]) retry()
  }
}
