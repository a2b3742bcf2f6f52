import { AsyncResource } from 'node:async_hooks'
import type { Context } from '../../endpoint/context.js'

/** How a server takes the requests of a client stream. */
export interface RequestStreamOptions<T> {
  /** The call on the server: its cancellation ends a wait for the next request. */
  readonly context: Context
  /** Carries a message to the other side. */
  carry(message: T): T
  /** The caller's stream threw. */
  failed(thrown: unknown): void
}

/**
 * The caller's request stream as the handler reads it. It is pulled in the caller's async context, a wait ends when the
 * call is cancelled, and `close` releases the source even if nobody ever read it.
 */
export class RequestStream<T> implements AsyncIterableIterator<T> {
  readonly #source: AsyncIterator<T>
  readonly #options: RequestStreamOptions<T>
  readonly #caller = new AsyncResource('tierkit.inproc')
  #closed = false

  constructor(source: AsyncIterable<T>, options: RequestStreamOptions<T>) {
    this.#source = source[Symbol.asyncIterator]()
    this.#options = options
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<T>> {
    const { context, carry } = this.#options
    if (context.cancelled) throw context.cancelled
    if (this.#closed) return { done: true, value: undefined }
    const result = await this.#pull()
    if (!result.done) return { done: false, value: carry(result.value) }
    this.#closed = true
    return { done: true, value: undefined }
  }

  async return(): Promise<IteratorResult<T>> {
    this.close()
    return { done: true, value: undefined }
  }

  /** Lets the source go without waiting for it. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#caller.runInAsyncScope(() => void this.#source.return?.().then(undefined, () => {}))
  }

  #pull(): Promise<IteratorResult<T>> {
    return new Promise((resolve, reject) => {
      const stop = this.#options.context.onCancel(reject)
      const take = (): Promise<IteratorResult<T>> => this.#caller.runInAsyncScope(() => this.#source.next())
      Promise.resolve()
        .then(take)
        .then(resolve, (thrown: unknown) => {
          this.#closed = true
          this.#options.failed(thrown)
          reject(thrown)
        })
        .finally(stop)
    })
  }
}
