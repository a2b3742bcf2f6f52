/** Where responses come from: a `ServedStream`. */
export interface ResponseSource {
  /** Asks for the next response. */
  pull(into: ResponsePump): void
  /** Lets the source go. */
  return(): Promise<unknown>
}

/** Where responses go. */
export interface ResponseSink {
  /** True once the call has its status. */
  readonly ended: boolean
  /** Whether there is room for more. */
  readonly writable: boolean
  /** Sends a response, at once or in a while. Throws, or rejects, if it cannot be sent. */
  send(response: unknown): Promise<void> | undefined
  /** Ends the call, well. */
  end(): void
  /** Ends the call, for what the source or `send` threw. */
  fail(thrown: unknown): void
}

const ignore = (): void => {}

/** Sends a stream of responses, each when there is room for it. */
export class ResponsePump {
  readonly #source: ResponseSource
  readonly #sink: ResponseSink
  #waits = false

  constructor(responses: ResponseSource, sink: ResponseSink) {
    this.#source = responses
    this.#sink = sink
  }

  /** Begins: with the first response, whether there is room for it or not. */
  start(): void {
    this.#source.pull(this)
  }

  /** There is room again. */
  drained(): void {
    if (!this.#waits) return
    this.#waits = false
    this.#next()
  }

  /** The call is over: nothing that waits for room will be sent. */
  stop(): void {
    if (!this.#waits) return
    this.#waits = false
    this.#leave()
  }

  resolve(result: IteratorResult<unknown>): void {
    try {
      if (result.done) {
        this.#sink.end()
        return
      }
      const sending = this.#sink.send(result.value)
      if (sending) sending.then(() => this.#next()).catch((thrown: unknown) => this.reject(thrown))
      else this.#next()
    } catch (thrown) {
      this.reject(thrown)
    }
  }

  reject(thrown: unknown): void {
    this.#sink.fail(thrown)
    this.#leave()
  }

  #next(): void {
    if (this.#sink.ended) this.#leave()
    else if (this.#sink.writable) this.#source.pull(this)
    else this.#waits = true
  }

  /** The caller does not wait for what the handler has to clean up. */
  #leave(): void {
    this.#source.return().catch(ignore)
  }
}
