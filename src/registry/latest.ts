/**
 * A stream that holds only the newest value: a reader that is slow misses what was overtaken, never the last.
 * It is for one reader, and may be pushed to before it is read.
 */
export class Latest<T> implements AsyncIterableIterator<T> {
  #pending: { value: T } | undefined
  #waiting: ((result: IteratorResult<T>) => void) | undefined
  #ended = false
  readonly #onEnd: () => void

  /** `onEnd` is called once, when either side ends the stream. */
  constructor(onEnd: () => void = () => {}) {
    this.#onEnd = onEnd
  }

  /** Replaces the value to be read next. */
  push(value: T): void {
    if (this.#ended) return
    if (!this.#waiting) {
      this.#pending = { value }
      return
    }
    const resolve = this.#waiting
    this.#waiting = undefined
    resolve({ done: false, value })
  }

  /** Ends the stream; a value that was not read yet is dropped. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#pending = undefined
    this.#waiting?.({ done: true, value: undefined })
    this.#waiting = undefined
    this.#onEnd()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#ended) return Promise.resolve({ done: true, value: undefined })
    if (this.#pending) {
      const { value } = this.#pending
      this.#pending = undefined
      return Promise.resolve({ done: false, value })
    }
    return new Promise((resolve) => {
      this.#waiting?.({ done: true, value: undefined })
      this.#waiting = resolve
    })
  }

  return(): Promise<IteratorResult<T>> {
    this.end()
    return Promise.resolve({ done: true, value: undefined })
  }
}
