import type { Context } from '../endpoint/context.js'
import { untilCancelled } from '../endpoint/serve.js'
import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import type { BegunCall } from './client-session.js'

/** The call behind a stream of responses. */
export interface StreamingCall<Res> {
  /** Begins the call. */
  begin(): BegunCall
  /** Makes it. */
  open(context: Context): Promise<AsyncIterable<Res>>
  /** It has ended; the context is still whole. */
  end(call: BegunCall): void
}

/**
 * The responses of a call as the caller reads them. The first read begins the call; leaving, an error and cancellation
 * end it at once, whatever lies beneath. A stream that is never read costs nothing.
 */
export class ResponseStream<Res> implements AsyncIterableIterator<Res> {
  readonly #call: StreamingCall<Res>
  #begun: BegunCall | undefined
  #source: Promise<AsyncIterator<Res>> | undefined
  #ended = false
  #left = false

  constructor(call: StreamingCall<Res>) {
    this.#call = call
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Res>> {
    if (this.#ended) return { done: true, value: undefined }
    try {
      const context = this.#begin()
      const result = await untilCancelled(context, () => this.#take(context))
      if (result.done) this.#end()
      return result
    } catch (error) {
      // As of every stream that was left, there is no more to read; a read that was under way does not fail for it.
      if (this.#left) return { done: true, value: undefined }
      this.#end(RpcError.from(error))
      throw error
    }
  }

  async return(): Promise<IteratorResult<Res>> {
    this.#left = !this.#ended
    this.#end(new RpcError(Code.CANCELLED, 'the caller left the stream'))
    return { done: true, value: undefined }
  }

  #begin(): Context {
    this.#begun ??= this.#call.begin()
    return this.#begun.context
  }

  async #take(context: Context): Promise<IteratorResult<Res>> {
    this.#source ??= this.#call.open(context).then((stream) => stream[Symbol.asyncIterator]())
    return (await this.#source).next()
  }

  #end(reason?: RpcError): void {
    if (this.#ended) return
    this.#ended = true
    if (!this.#begun) return
    if (reason) {
      this.#begun.context.cancel(reason)
      this.#source?.then((source) => source.return?.()).catch(() => {})
    }
    this.#call.end(this.#begun)
  }
}
