import type { RegistryOptions } from './registry.js'

/** Tells `onError` of a trouble when it begins and when it changes, not each time that it is met again. */
export class Troubles {
  readonly #onError: RegistryOptions['onError']
  readonly #present = new Map<string, string>()

  constructor(options: RegistryOptions) {
    this.#onError = options.onError
  }

  /** Something about `what` went wrong: `cannot watch 'orders'`. */
  report(what: string, thrown: unknown): void {
    const message = `${what}: ${thrown instanceof Error ? thrown.message : String(thrown)}`
    // Numbers, such as times that were waited, differ each time and tell nothing new.
    const gist = message.replace(/\d+/g, '0')
    if (this.#present.get(what) === gist) return
    this.#present.set(what, gist)
    try {
      this.#onError?.(new Error(message, { cause: thrown }))
    } catch {
      // A listener that fails must not end what it listens to.
    }
  }

  /** What was wrong is well again. */
  over(what: string): void {
    this.#present.delete(what)
  }
}
