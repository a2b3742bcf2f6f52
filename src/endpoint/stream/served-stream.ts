import { RpcError } from '../../error/rpc-error.js'
import { runInContext } from '../ambient.js'
import type { Context } from '../context.js'

/** Takes how something ends: one of them is called, once, and must not throw. */
export interface Settlement<T> {
  resolve(value: T): void
  reject(error: RpcError): void
}

type Step = IteratorResult<unknown>

const DONE: Step = { done: true, value: undefined }
const ignore = (): void => {}

/**
 * The responses of a served call. Each step runs with the context of the call as the current one, and is not waited for
 * when the call is cancelled or its deadline passes: the stream then rejects, and its source is left. Whatever is thrown
 * comes out as an `RpcError`. It can be read once.
 */
export class ServedStream implements AsyncIterableIterator<unknown> {
  readonly #context: Context
  readonly #source: AsyncIterable<unknown>
  #iterator: AsyncIterator<unknown> | undefined
  /** Who waits for the step that runs. */
  #waiting: Settlement<Step> | undefined
  #watched: (() => void) | undefined
  #ended = false
  /** The last step that a reader asked for who does not wait for the one before. */
  #last: Promise<unknown> | undefined
  readonly #take = (result: Step): void => {
    const waiting = this.#waiting
    if (!waiting) return
    try {
      // A source is a handler's: what it gives may be anything.
      if (result.done) this.#end()
    } catch (thrown) {
      this.#fail(thrown)
      return
    }
    this.#waiting = undefined
    waiting.resolve(result)
  }
  readonly #fail = (thrown: unknown): void => this.#reject(RpcError.from(thrown))
  readonly #step = (): void => {
    try {
      this.#open().next().then(this.#take, this.#fail)
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  constructor(context: Context, source: AsyncIterable<unknown>) {
    this.#context = context
    this.#source = source
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** Asks for the next response. The same as `next` for who takes callbacks: two promises less for each message. One at a time. */
  pull(taker: Settlement<Step>): void {
    if (this.#ended) {
      taker.resolve(DONE)
      return
    }
    this.#waiting = taker
    this.#watched ??= this.#context.onCancel((reason) => this.#reject(reason))
    // A call that is over before it is read: its listener was told at once, or has been told.
    if (this.#context.cancelled) this.#reject(this.#context.cancelled)
    else runInContext(this.#context, this.#step)
  }

  next(): Promise<Step> {
    const step = (): Promise<Step> => new Promise((resolve, reject) => this.pull({ resolve, reject }))
    const next = this.#waiting && this.#last ? this.#last.then(step, step) : step()
    this.#last = next
    return next
  }

  async return(): Promise<Step> {
    if (!this.#ended) {
      this.#end()
      await this.#leave()
    }
    return DONE
  }

  #open(): AsyncIterator<unknown> {
    this.#iterator ??= this.#source[Symbol.asyncIterator]()
    return this.#iterator
  }

  #reject(thrown: RpcError): void {
    const waiting = this.#waiting
    if (!waiting) return
    this.#waiting = undefined
    this.#end()
    // The source may still run, and is not waited for.
    void this.#leave().catch(ignore)
    waiting.reject(this.#context.cancelled ?? thrown)
  }

  #end(): void {
    this.#ended = true
    this.#watched?.()
  }

  /** A source that was never read is closed too: a generator then ends without having begun. */
  async #leave(): Promise<void> {
    await runInContext(this.#context, () => this.#open().return?.())
  }
}
