/** A stretch of work within a longer one: its signal aborts when it ends, and when the longer one does. */
export class Scope {
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal

  constructor(outer: AbortSignal) {
    this.#outer = outer
    if (outer.aborted) this.#controller.abort()
    else outer.addEventListener('abort', this.end, { once: true })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Ends the work, and lets go of the longer one. */
  readonly end = (): void => {
    this.#outer.removeEventListener('abort', this.end)
    this.#controller.abort()
  }
}

/** Resolves when a signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
