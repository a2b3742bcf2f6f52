/** The call that a stream belongs to. */
interface Attempts {
  /** The stream of the next attempt that gives one. */
  respond(): Promise<unknown>
  failed(thrown: unknown): Promise<void>
  succeeded(): void
  finish(): void
}

/**
 * A response stream that begins anew, with another attempt, if it fails before its first message. From then on the call
 * is committed: what has been read cannot be taken back.
 */
export class RetriedStream<T> implements AsyncIterableIterator<T> {
  readonly #call: Attempts
  #source: AsyncIterator<T>
  #committed = false
  #left = false

  constructor(call: Attempts, first: AsyncIterable<T>) {
    this.#call = call
    this.#source = first[Symbol.asyncIterator]()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<T>> {
    for (;;) {
      if (this.#left) return { done: true, value: undefined }
      try {
        const result = await this.#source.next()
        this.#committed = true
        if (result.done) this.#call.succeeded()
        return result
      } catch (thrown) {
        await this.#again(thrown)
      }
    }
  }

  async return(): Promise<IteratorResult<T>> {
    this.#left = true
    this.#call.finish()
    await this.#source.return?.()
    return { done: true, value: undefined }
  }

  async #again(thrown: unknown): Promise<void> {
    if (this.#committed) {
      this.#call.finish()
      throw thrown
    }
    await this.#call.failed(thrown)
    if (this.#left) return
    const stream = (await this.#call.respond()) as AsyncIterable<T>
    this.#source = stream[Symbol.asyncIterator]()
    if (this.#left) await this.#source.return?.()
  }
}
