/** The messages of a stream of requests, which knows whether somebody waits for the next of them. */
export class IncomingMessages implements AsyncIterableIterator<unknown> {
  readonly #source: AsyncGenerator<unknown>
  #waiting = 0

  constructor(source: AsyncGenerator<unknown>) {
    this.#source = source
  }

  /** True while it is the client that is waited for. */
  get isAwaited(): boolean {
    return this.#waiting > 0
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<unknown>> {
    this.#waiting += 1
    try {
      return await this.#source.next()
    } finally {
      this.#waiting -= 1
    }
  }

  return(): Promise<IteratorResult<unknown>> {
    return this.#source.return(undefined)
  }
}
