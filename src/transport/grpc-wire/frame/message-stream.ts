/** Where a `MessageStream` gets its messages from. */
export interface MessageSource<T> {
  /** Asks for one more message: `push` or `end` answers. */
  read(): void
  /** Reads a message. What it throws ends the stream. */
  decode(bytes: Uint8Array): T
  /** The reader left before the end, or a message could not be read. */
  left(thrown?: unknown): void
}

interface Reader<T> {
  resolve(result: IteratorResult<T>): void
  reject(thrown: unknown): void
}

const OVER: IteratorResult<never> = { done: true, value: undefined }

/** The messages of one direction of a call. Each is asked for only when somebody reads it: that is the back-pressure. */
export class MessageStream<T> implements AsyncIterableIterator<T> {
  readonly #source: MessageSource<T>
  readonly #readers: Reader<T>[] = []
  #ended = false
  #error: unknown

  constructor(source: MessageSource<T>) {
    this.#source = source
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<T>> {
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        this.#settle({ resolve, reject })
        return
      }
      this.#readers.push({ resolve, reject })
      if (this.#readers.length === 1) this.#source.read()
    })
  }

  async return(): Promise<IteratorResult<T>> {
    if (!this.#ended) {
      this.end()
      this.#source.left()
    }
    return OVER
  }

  /** Takes the message that was asked for. */
  push(bytes: Uint8Array): void {
    if (this.#ended) return
    try {
      const value = this.#source.decode(bytes)
      this.#readers.shift()?.resolve({ done: false, value })
    } catch (thrown) {
      this.end(thrown)
      this.#source.left(thrown)
      return
    }
    if (this.#readers.length > 0) this.#source.read()
  }

  /** No more messages come: for a reason, or because that was all. */
  end(error?: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#error = error
    for (const reader of this.#readers.splice(0)) this.#settle(reader)
  }

  /** The first reader to see the end gets the reason; for others the stream is over, as with a generator. */
  #settle({ resolve, reject }: Reader<T>): void {
    const error = this.#error
    this.#error = undefined
    if (error === undefined) resolve(OVER)
    else reject(error)
  }
}
