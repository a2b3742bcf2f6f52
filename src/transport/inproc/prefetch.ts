/** How far a side may run ahead of the other, in messages: what the buffers of a wire would hold. */
const AHEAD = 16

/** After so many messages timers have their turn: on a wire deadlines hold, however fast messages come. */
const TURN = 256

/**
 * Reads a stream ahead of its reader, from the beginning on, as a wire does: who sends does not wait for the other side to
 * ask. Messages that came before an error are read before it.
 */
export class Prefetch<T> implements AsyncIterableIterator<T> {
  readonly #pull: () => Promise<IteratorResult<T>>
  readonly #queue: T[] = []
  #waiting: (() => void)[] = []
  #failure: { readonly thrown: unknown } | undefined
  #filling = false
  #taken = 0
  #ended = false

  /** `pull` takes the next message of the source. */
  constructor(pull: () => Promise<IteratorResult<T>>) {
    this.#pull = pull
    void this.#fill()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<T>> {
    while (this.#queue.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    if (this.#queue.length > 0) {
      const value = this.#queue.shift() as T
      void this.#fill()
      return { done: false, value }
    }
    if (this.#failure) throw this.#failure.thrown
    return { done: true, value: undefined }
  }

  async return(): Promise<IteratorResult<T>> {
    this.stop()
    return { done: true, value: undefined }
  }

  /** Reads no further, and drops what was not read yet. */
  stop(): void {
    this.#queue.length = 0
    this.#end()
  }

  /** Ends the stream with an error, at once. */
  fail(thrown: unknown): void {
    this.#failure ??= { thrown }
    this.stop()
  }

  async #fill(): Promise<void> {
    if (this.#filling) return
    this.#filling = true
    while (!this.#ended && this.#queue.length < AHEAD) await this.#take()
    this.#filling = false
  }

  async #take(): Promise<void> {
    this.#taken += 1
    if (this.#taken % TURN === 0) await new Promise((resolve) => setImmediate(resolve))
    try {
      const result = await this.#pull()
      if (this.#ended) return
      if (result.done) this.#end()
      else this.#queue.push(result.value)
    } catch (thrown) {
      if (!this.#ended) this.#failure = { thrown }
      this.#end()
    }
    this.#wake()
  }

  #end(): void {
    this.#ended = true
    this.#wake()
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
