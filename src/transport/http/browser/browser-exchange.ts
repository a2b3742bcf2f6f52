import {
  type Binding,
  Code,
  Context,
  RpcError,
  serve,
  streamsRequests,
  streamsResponses,
  untilCancelled,
} from '../../kernel.js'
import { asOfRpc } from '../error.js'
import { IncomingMessages } from '../request/incoming-messages.js'
import type { HttpRequest, HttpResponse } from '../serve/http-message.js'
import { peerOf } from '../serve/peer.js'
import type { BrowserRequest, CallHost, CallProtocol } from './call-protocol.js'
import { readMetadata } from './metadata.js'

/** What an exchange is made of. */
export interface BrowserExchangeInit extends BrowserRequest {
  readonly protocol: CallProtocol
  /** The method that the path names; without one the call can only be refused. */
  readonly binding: Binding | undefined
}

/** One call of a browser, from the head of its request to the end of its response. */
export class BrowserExchange {
  readonly request: HttpRequest
  readonly response: HttpResponse
  /** The method that the path names, and what serves it. */
  readonly binding: Binding | undefined
  readonly #host: CallHost
  readonly #protocol: CallProtocol
  /** The messages of a stream of requests. */
  incoming: IncomingMessages | undefined
  #context: Context | undefined

  constructor(host: CallHost, { request, response, protocol, binding }: BrowserExchangeInit) {
    this.#host = host
    this.request = request
    this.response = response
    this.binding = binding
    this.#protocol = protocol
  }

  /** Serves the call, or answers with a refusal in place of the method; never throws. */
  run(refusal?: RpcError): void {
    const { binding } = this
    if (refusal) this.#refuse(asOfRpc(refusal))
    else if (!binding) this.#refuse(new RpcError(Code.UNIMPLEMENTED, 'the server has no such method'))
    else this.#serve(binding).catch(() => this.response.destroy())
  }

  /** Ends the call with an error, which the client gets if it can. */
  cancel(reason: RpcError): void {
    this.#context?.cancel(reason)
  }

  /** The connection is gone, or the response complete. */
  closed(): void {
    if (!this.response.writableFinished) this.cancel(new RpcError(Code.CANCELLED, 'the client went away'))
  }

  async #serve({ endpoint, method }: Binding): Promise<void> {
    const protocol = this.#protocol
    try {
      const context = this.#begin(method)
      // Sent as late as this, so that a request that is refused by its head need not be sent at all.
      if (this.request.headers.expect !== undefined) this.response.writeContinue()
      const request = streamsRequests(method.kind)
        ? this.#messages(context)
        : await untilCancelled(context, () => protocol.message(context))
      const response = await serve(endpoint, request, context)
      if (streamsResponses(method.kind)) await protocol.answerAll(response as AsyncIterable<unknown>, context)
      else await protocol.answer(response, context)
    } catch (thrown) {
      protocol.fail(RpcError.from(thrown), this.#context)
    }
    this.#context?.finish()
    protocol.leave()
  }

  #messages(context: Context): AsyncIterable<unknown> {
    this.incoming = new IncomingMessages(this.#protocol.messages(context))
    return this.incoming
  }

  #refuse(error: RpcError): void {
    this.#protocol.fail(error, undefined)
    this.#protocol.leave()
  }

  #begin(method: Binding['method']): Context {
    const { request } = this
    const { clock } = this.#host
    const timeoutMs = this.#protocol.accept(method)
    this.#context = new Context({
      method,
      side: 'server',
      clock,
      deadline: timeoutMs === undefined ? undefined : clock.now() + timeoutMs,
      metadata: () => readMetadata(request.rawHeaders),
      peer: () => peerOf(request),
    })
    return this.#context
  }
}
