import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import type { Context } from './context.js'
import type { Endpoint } from './endpoint.js'
import { streamsRequests, streamsResponses } from './method.js'
import { tapStream } from './stream.js'

/** How a call ended. */
export interface Outcome {
  readonly code: Code
  /** The error, unless the code is `OK`. */
  readonly error: RpcError | undefined
  /** From the call of the endpoint to the end of its last stream, in ms. */
  readonly durationMs: number
}

/** Sees a call from its first message to its end. */
export interface CallObserver {
  /** A request message passes: once for unary requests. */
  request?(message: unknown): void
  /** A response message passes: once for unary responses. */
  response?(message: unknown): void
  /** The call ended. Called exactly once, on success, error or cancellation, for all four kinds. */
  end(outcome: Outcome, context: Context): void
}

/**
 * Calls `next` and tells `observer` when the call has *ended*: for a unary response when it is there, for a streamed
 * one when the stream is over, was abandoned, or the call was cancelled. The one way to write a middleware that cares.
 */
export async function outcome<Req, Res>(
  next: Endpoint<Req, Res>,
  request: Req,
  context: Context,
  observer: CallObserver,
): Promise<Res> {
  const call = new ObservedCall(context, observer)
  try {
    const response = await next(call.observeRequest(request), context)
    return call.observeResponse(response)
  } catch (error) {
    call.end(RpcError.from(error))
    throw error
  }
}

class ObservedCall {
  readonly #context: Context
  readonly #observer: CallObserver
  readonly #start: number
  #ended = false

  constructor(context: Context, observer: CallObserver) {
    this.#context = context
    this.#observer = observer
    this.#start = context.clock.now()
  }

  observeRequest<Req>(request: Req): Req {
    const observer = this.#observer
    if (!observer.request) return request
    if (streamsRequests(this.#context.method.kind)) {
      const stream = request as AsyncIterable<unknown>
      return tapStream(stream, { message: (message) => observer.request?.(message) }) as Req
    }
    observer.request(request)
    return request
  }

  observeResponse<Res>(response: Res): Res {
    if (!streamsResponses(this.#context.method.kind)) {
      this.#observer.response?.(response)
      this.end()
      return response
    }
    // A cancelled call ends even if nobody reads its stream any more.
    const stop = this.#context.onCancel((reason) => this.end(reason))
    const over = (error?: RpcError): void => {
      stop()
      this.end(error)
    }
    return tapStream(response as AsyncIterable<unknown>, {
      message: (message) => this.#observer.response?.(message),
      end: () => over(),
      failed: (thrown) => over(RpcError.from(thrown)),
      abandoned: () => over(this.#context.cancelled ?? new RpcError(Code.CANCELLED, 'the stream was abandoned')),
    }) as Res
  }

  end(error?: RpcError): void {
    if (this.#ended) return
    this.#ended = true
    const durationMs = this.#context.clock.now() - this.#start
    this.#observer.end({ code: error?.code ?? Code.OK, error, durationMs }, this.#context)
  }
}
