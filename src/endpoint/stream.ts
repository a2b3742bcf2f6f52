/** What to do at each step of a stream. */
export interface StreamTap<T> {
  /** A message passes. What it throws ends the stream as if the source had thrown it. */
  message?(value: T): void
  /** The source came to its regular end. */
  end?(): void
  /** The source, or `message`, threw. */
  failed?(thrown: unknown): void
  /** The reader left before the end. */
  abandoned?(): void
  /** Runs each step of the source: to set an ambient context, to race a cancellation. */
  step?<R>(take: () => Promise<R>): Promise<R>
  /** Runs what closes the source, in place of a last step: to set an ambient context. */
  close?<R>(leave: () => R): R
}

/**
 * A stream that passes everything on and lets `tap` see it: each message, and exactly one of `end`, `failed`, `abandoned`.
 * The result can be read once, like a generator.
 */
export function tapStream<T>(source: AsyncIterable<T>, tap: StreamTap<T>): AsyncIterableIterator<T> {
  return new TappedStream(source, tap)
}

class TappedStream<T> implements AsyncIterableIterator<T> {
  readonly #source: AsyncIterable<T>
  readonly #tap: StreamTap<T>
  #iterator: AsyncIterator<T> | undefined
  #ended = false

  constructor(source: AsyncIterable<T>, tap: StreamTap<T>) {
    this.#source = source
    this.#tap = tap
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<T>> {
    if (this.#ended) return { done: true, value: undefined }
    try {
      const result = await this.#step(() => this.#open().next())
      if (result.done) this.#end(() => this.#tap.end?.())
      else this.#tap.message?.(result.value)
      return result
    } catch (thrown) {
      // The source may still run (a race was lost, or `message` threw): it must not be left open, nor waited for.
      if (this.#end(() => this.#tap.failed?.(thrown))) void this.#close().catch(() => {})
      throw thrown
    }
  }

  async return(): Promise<IteratorResult<T>> {
    if (this.#end(() => this.#tap.abandoned?.())) await this.#close()
    return { done: true, value: undefined }
  }

  #open(): AsyncIterator<T> {
    this.#iterator ??= this.#source[Symbol.asyncIterator]()
    return this.#iterator
  }

  #step<R>(take: () => Promise<R>): Promise<R> {
    return this.#tap.step ? this.#tap.step(take) : take()
  }

  /** True if that was the end. */
  #end(tell: () => void): boolean {
    if (this.#ended) return false
    this.#ended = true
    tell()
    return true
  }

  async #close(): Promise<void> {
    // A source that was never read is closed too: a generator then ends without having begun.
    const leave = (): unknown => this.#open().return?.()
    await (this.#tap.close ? this.#tap.close(leave) : leave())
  }
}
