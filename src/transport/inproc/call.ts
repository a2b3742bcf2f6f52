import { AsyncResource } from 'node:async_hooks'
import { Context } from '../../endpoint/context.js'
import { type Method, streamsRequests, streamsResponses } from '../../endpoint/method.js'
import { type Binding, serve, untilCancelled } from '../../endpoint/serve.js'
import { tapStream } from '../../endpoint/stream.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { acrossBorder } from './error.js'
import { replaceMetadata } from './metadata.js'
import { Prefetch } from './prefetch.js'

const PEER = { address: 'inproc' }

/** The two ends of a call that is about to be made. */
export interface CallInit {
  readonly binding: Binding
  /** The method as the client knows it. */
  readonly method: Method
  /** The client's context. */
  readonly context: Context
  /** Whether messages go through the codecs, so that the two sides share no object. */
  readonly copy: boolean
  /** The largest request message that the server accepts, in bytes. */
  readonly maxReceiveBytes: number
}

/** One call on its way through the process, as if there were a wire: nothing but what a wire carries gets across. */
export class InprocCall {
  readonly #init: CallInit
  readonly #server: Context
  /** Not there yet if the call is over before it has begun. */
  readonly #stopFollowing: (() => void) | undefined
  readonly #onEnd: (() => void)[] = []
  #requests: { readonly source: AsyncIterator<unknown>; readonly carried: Prefetch<unknown> } | undefined
  #responses: AsyncIterator<unknown> | undefined
  /** Why the client's side gave up, if it did. */
  #clientError: RpcError | undefined
  #ended = false

  constructor(init: CallInit) {
    const { context, binding } = init
    this.#init = init
    const { deadline, clock } = context
    const metadata = () => context.metadata.clone()
    this.#server = new Context({ method: binding.method, side: 'server', metadata, deadline, clock, peer: PEER })
    context.peer = PEER
    this.#server.onCancel((reason) => this.#end(reason))
    this.#stopFollowing = context.onCancel((reason) => this.#abandon(reason))
  }

  /** Calls `listener` once when the call is over, whether or not its handler still runs. */
  onEnd(listener: () => void): void {
    if (this.#ended) listener()
    else this.#onEnd.push(listener)
  }

  /** Makes the call. */
  async run(request: unknown): Promise<unknown> {
    try {
      // Nobody would close a stream of requests that is opened after the end.
      if (this.#server.cancelled) throw this.#server.cancelled
      const response = await serve(this.#init.binding.endpoint, this.#carryRequests(request), this.#server)
      if (streamsResponses(this.#init.method.kind)) return this.#readResponses(response)
      const message = this.#carryResponse(response)
      this.#receiveHeaders()
      this.#end()
      return message
    } catch (thrown) {
      throw this.#failure(thrown)
    }
  }

  /** Ends the call from the server's side. */
  cancel(reason: RpcError): void {
    this.#server.cancel(reason)
  }

  /** Ends the call from the client's side. */
  fail(error: RpcError): void {
    this.#clientError ??= error
    this.#abandon(error)
  }

  #abandon(reason: RpcError): void {
    const timedOut = reason.code === Code.DEADLINE_EXCEEDED
    this.#server.cancel(
      timedOut
        ? new RpcError(Code.DEADLINE_EXCEEDED, 'the deadline passed')
        : new RpcError(Code.CANCELLED, 'the client cancelled the call'),
    )
  }

  #carryRequests(request: unknown): unknown {
    if (!streamsRequests(this.#init.method.kind)) return this.#carryRequest(request)
    const source = (request as AsyncIterable<unknown>)[Symbol.asyncIterator]()
    // The stream is the caller's: it must not see the handler's ambient context.
    const caller = new AsyncResource('tierkit.inproc')
    const carried = new Prefetch(() => caller.runInAsyncScope(() => this.#takeRequest(source)))
    this.#requests = { source, carried }
    return carried
  }

  async #takeRequest(source: AsyncIterator<unknown>): Promise<IteratorResult<unknown>> {
    try {
      const result = await source.next()
      return result.done ? result : { done: false, value: this.#carryRequest(result.value) }
    } catch (thrown) {
      // A stream of requests that fails, or whose message cannot be sent, takes the call with it.
      this.fail(RpcError.from(thrown))
      throw thrown
    }
  }

  #carryRequest(message: unknown): unknown {
    const { method, binding, copy, maxReceiveBytes } = this.#init
    if (!copy) return message
    const bytes = method.request.encode(message)
    if (bytes.length > maxReceiveBytes) {
      const text = `a message of ${bytes.length} bytes is over the limit of ${maxReceiveBytes}`
      throw new RpcError(Code.RESOURCE_EXHAUSTED, text)
    }
    return binding.method.request.decode(bytes)
  }

  #carryResponse(response: unknown): unknown {
    const { method, binding, copy } = this.#init
    return copy ? method.response.decode(binding.method.response.encode(response)) : response
  }

  #readResponses(response: unknown): AsyncIterable<unknown> {
    const { context } = this.#init
    const responses = (response as AsyncIterable<unknown>)[Symbol.asyncIterator]()
    this.#responses = responses
    return tapStream(new Prefetch(() => this.#takeResponse(responses)), {
      step: (take) => untilCancelled(context, take),
      abandoned: () => this.#abandon(new RpcError(Code.CANCELLED, 'the stream was abandoned')),
    })
  }

  async #takeResponse(responses: AsyncIterator<unknown>): Promise<IteratorResult<unknown>> {
    try {
      const result = await responses.next()
      this.#receiveHeaders()
      if (!result.done) return { done: false, value: this.#carryResponse(result.value) }
      this.#responses = undefined
      this.#end()
      return result
    } catch (thrown) {
      throw this.#failure(thrown)
    }
  }

  #failure(thrown: unknown): RpcError {
    this.#receiveHeaders()
    this.#end()
    return this.#clientError ?? this.#init.context.cancelled ?? acrossBorder(RpcError.from(thrown))
  }

  #receiveHeaders(): void {
    const { context } = this.#init
    if (this.#server.hasResponseHeaders || context.hasResponseHeaders) {
      replaceMetadata(context.responseHeaders, this.#server.responseHeaders)
    }
  }

  #end(reason?: RpcError): void {
    if (this.#ended) return
    this.#ended = true
    const { context } = this.#init
    if (this.#server.hasResponseTrailers || context.hasResponseTrailers) {
      replaceMetadata(context.responseTrailers, this.#server.responseTrailers)
    }
    this.#stopFollowing?.()
    this.#server.finish()
    this.#releaseRequests(reason)
    // Once all who listen have been told why.
    queueMicrotask(() => void letGo(this.#responses))
    for (const listener of this.#onEnd) listener()
  }

  #releaseRequests(reason: RpcError | undefined): void {
    if (!this.#requests) return
    const { source, carried } = this.#requests
    if (reason) carried.fail(reason)
    else carried.stop()
    void letGo(source)
  }
}

/** Leaves a stream. What it has to say to that is of no interest: the call is over. */
async function letGo(source: AsyncIterator<unknown> | undefined): Promise<void> {
  try {
    await source?.return?.()
  } catch {
    // As said.
  }
}
