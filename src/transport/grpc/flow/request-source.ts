/** Where requests go. */
export interface RequestSink {
  readonly ended: boolean
  /** Sends a request; resolves when there is room for the next. Throws if it cannot be sent. */
  send(request: unknown): Promise<void> | undefined
  /** No more requests come. */
  halfClose(): void
  /** Gives the call up. */
  fail(thrown: unknown): void
}

/** The requests of a call that streams them: sent as fast as the connection takes them, until the call is over. */
export class RequestSource {
  readonly #requests: AsyncIterable<unknown>
  #iterator: AsyncIterator<unknown> | undefined
  #done = false

  constructor(requests: AsyncIterable<unknown>) {
    this.#requests = requests
  }

  /** Sends all requests. */
  async sendTo(sink: RequestSink): Promise<void> {
    try {
      const iterator = this.#requests[Symbol.asyncIterator]()
      this.#iterator = iterator
      while (!this.#done) {
        const next = await iterator.next()
        if (this.#done) return
        if (next.done) {
          this.#done = true
          sink.halfClose()
          return
        }
        await sink.send(next.value)
      }
    } catch (thrown) {
      this.#done = true
      sink.fail(thrown)
    }
  }

  /** The call is over, or takes no more: lets the source go if it has not come to its end. */
  leave(): void {
    if (this.#done) return
    this.#done = true
    void this.#return()
  }

  async #return(): Promise<void> {
    try {
      await this.#iterator?.return?.()
    } catch {
      // The call is over: what the source has to say to that is of no interest.
    }
  }
}
