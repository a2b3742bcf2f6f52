import type { Context } from '../endpoint/context.js'
import type { Endpoint } from '../endpoint/endpoint.js'
import { streamsRequests, streamsResponses } from '../endpoint/method.js'
import { type CallObserver, outcome } from '../endpoint/outcome.js'
import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'

/**
 * Like `outcome`, but as the caller sees it: a call that is cancelled, or whose deadline passes, has ended then and with
 * that, even if its handler goes on and comes to another end. For everything that reports calls; what `end` throws is
 * dropped, as no call fails for its report.
 */
export function observeCall<Req, Res>(
  next: Endpoint<Req, Res>,
  request: Req,
  context: Context,
  observers: readonly CallObserver[],
): Promise<Res> {
  const { kind } = context.method
  const call = new ReportedCall(context, observers)
  return streamsRequests(kind) || streamsResponses(kind)
    ? outcome(next, request, context, call.asObserver())
    : call.run(next, request)
}

class ReportedCall {
  readonly #context: Context
  readonly #observers: readonly CallObserver[]
  readonly #start: number
  readonly #stop: () => void
  #ended = false

  constructor(context: Context, observers: readonly CallObserver[]) {
    this.#context = context
    this.#observers = observers
    this.#start = context.clock.now()
    this.#stop = context.onCancel((reason) => this.#end(reason))
  }

  /** Makes a call of one message each way: the same as with `asObserver`, for a promise instead of four. */
  run<Req, Res>(next: Endpoint<Req, Res>, request: Req): Promise<Res> {
    const fail = (thrown: unknown): never => {
      this.#over(RpcError.from(thrown))
      throw thrown
    }
    try {
      this.#request(request)
      return next(request, this.#context).then((response) => {
        this.#response(response)
        this.#over()
        return response
      }, fail)
    } catch (thrown) {
      this.#over(RpcError.from(thrown))
      return Promise.reject(thrown)
    }
  }

  asObserver(): CallObserver {
    const view: CallObserver = { end: ({ error }) => this.#over(error) }
    // Streams are only tapped for who wants to see their messages.
    if (this.#observers.some(({ request }) => request)) view.request = (message) => this.#request(message)
    if (this.#observers.some(({ response }) => response)) view.response = (message) => this.#response(message)
    return view
  }

  #request(message: unknown): void {
    for (const observer of this.#observers) observer.request?.(message)
  }

  #response(message: unknown): void {
    for (const observer of this.#observers) observer.response?.(message)
  }

  #over(error?: RpcError): void {
    if (this.#ended) return
    this.#stop()
    this.#end(error)
  }

  #end(error?: RpcError): void {
    this.#ended = true
    const context = this.#context
    const durationMs = context.clock.now() - this.#start
    const ended = { code: error?.code ?? Code.OK, error, durationMs }
    for (const observer of this.#observers) {
      try {
        observer.end(ended, context)
      } catch {
        // Thrown from here it would fail the call, or from the timer of a deadline the process.
      }
    }
  }
}
