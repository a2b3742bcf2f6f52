import { Context } from '../../endpoint/context.js'
import { type Method, streamsRequests, streamsResponses } from '../../endpoint/method.js'
import { type Binding, serve } from '../../endpoint/serve.js'
import { tapStream } from '../../endpoint/stream.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { acrossBorder } from './error.js'
import { replaceMetadata } from './metadata.js'
import { RequestStream } from './request-stream.js'

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
  #stopFollowing: () => void = () => {}
  #requests: RequestStream<unknown> | undefined
  #responses: AsyncIterator<unknown> | undefined
  /** Why the client's side gave up, if it did. */
  #clientError: RpcError | undefined
  readonly #onEnd: (() => void)[] = []
  #ended = false

  constructor(init: CallInit) {
    const { context, binding } = init
    this.#init = init
    const { deadline, clock } = context
    const metadata = () => context.metadata.clone()
    this.#server = new Context({ method: binding.method, side: 'server', metadata, deadline, clock, peer: PEER })
    context.peer = PEER
    this.#server.onCancel(() => this.#end())
    this.#stopFollowing = context.onCancel((reason) => this.#abandon(reason))
  }

  /** Calls `listener` once when the call is over, whether or not its handler still runs. */
  onEnd(listener: () => void): void {
    this.#onEnd.push(listener)
  }

  /** Makes the call. */
  async run(request: unknown): Promise<unknown> {
    try {
      const response = await serve(this.#init.binding.endpoint, this.#carryRequest(request), this.#server)
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

  #carryRequest(request: unknown): unknown {
    const { method } = this.#init
    const carry = (message: unknown): unknown => this.#carryOne(message)
    if (!streamsRequests(method.kind)) return carry(request)
    const failed = (thrown: unknown): void => this.fail(RpcError.from(thrown))
    this.#requests = new RequestStream(request as AsyncIterable<unknown>, { context: this.#server, carry, failed })
    return this.#requests
  }

  #carryOne(message: unknown): unknown {
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
    const responses = (response as AsyncIterable<unknown>)[Symbol.asyncIterator]()
    this.#responses = responses
    const abandoned = (): void => this.#abandon(new RpcError(Code.CANCELLED, 'the stream was abandoned'))
    return tapStream(this.#received(responses), { abandoned })
  }

  async *#received(responses: AsyncIterator<unknown>): AsyncGenerator<unknown> {
    for (;;) {
      const result = await this.#receive(responses)
      if (result.done) return
      yield result.value
    }
  }

  async #receive(responses: AsyncIterator<unknown>): Promise<IteratorResult<unknown>> {
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

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    const { context } = this.#init
    if (this.#server.hasResponseTrailers || context.hasResponseTrailers) {
      replaceMetadata(context.responseTrailers, this.#server.responseTrailers)
    }
    this.#stopFollowing()
    this.#server.finish()
    this.#requests?.close()
    void this.#responses?.return?.().then(undefined, () => {})
    for (const listener of this.#onEnd) listener()
  }
}
