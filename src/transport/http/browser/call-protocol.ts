import type { Clock, Context, Method, RpcError } from '../../kernel.js'
import type { HttpLimits } from '../options.js'
import type { HttpRequest, HttpResponse } from '../serve/http-message.js'

/** What a server gives to each of its calls. */
export interface CallHost {
  readonly limits: HttpLimits
  readonly clock: Clock
  /** How long a stream is silent before its head leaves all the same, in ms. */
  readonly heartbeatMs: number
  /** Whether messages are compressed for clients that can read that. */
  readonly gzip: boolean
  /** True once connections are to be closed after their response. */
  readonly draining: boolean
}

/** A request of one of the protocols of browsers, and its response. */
export interface BrowserRequest {
  readonly request: HttpRequest
  readonly response: HttpResponse
  /** What follows the question mark. */
  readonly query: string
  /** Whether a page of another origin sent it, which may. */
  readonly admitted: boolean
}

/** How a protocol carries one call. */
export interface CallProtocol {
  /**
   * Judges the head of the request before anything else is read: how long the caller waits, in ms. Throws for a request
   * that cannot be served.
   */
  accept(method: Method): number | undefined
  /** Reads the one message of a request. To be called at once, if at all. */
  message(context: Context): Promise<unknown>
  /** The messages of a request that streams them. */
  messages(context: Context): AsyncGenerator<unknown>
  /** Sends the one message of a response, and its end. */
  answer(response: unknown, context: Context): Promise<void>
  /** Sends the messages of a response that streams them, and its end. */
  answerAll(responses: AsyncIterable<unknown>, context: Context): Promise<void>
  /** Ends the response with an error. There is no context if the call has not begun. */
  fail(error: RpcError, context: Context | undefined): void
  /** What is left of the request is not wanted. */
  leave(): void
}
