import type { Method, MethodKind } from '../endpoint/method.js'
import type { CallOptions } from '../endpoint/outgoing.js'
import type { ServiceDefinition } from '../service/definition.js'

/** What a client stream is fed from. */
export type MessageStream<Init> = AsyncIterable<Init> | Iterable<Init>

/**
 * How a method is called, by its kind. Of a contract without types, one loaded at run time say, the result is whatever the
 * method gives.
 */
export type ClientMethod<M> =
  M extends Method<infer _, infer Res, infer Kind, infer ReqInit, infer _>
    ? MethodKind extends Kind
      ? (request?: unknown, options?: CallOptions) => Promise<unknown> & AsyncIterableIterator<unknown>
      : MethodOfKind<ReqInit, Res>[Kind]
    : never

/** How methods are called, by kind. */
export interface MethodOfKind<ReqInit, Res> {
  /** One request, one response. */
  unary: (request: ReqInit, options?: CallOptions) => Promise<Res>
  /** A stream of requests, one response. */
  client_stream: (requests: MessageStream<ReqInit>, options?: CallOptions) => Promise<Res>
  /** One request, a stream of responses. */
  server_stream: (request: ReqInit, options?: CallOptions) => AsyncIterableIterator<Res>
  /** A stream each way. */
  bidi_stream: (requests: MessageStream<ReqInit>, options?: CallOptions) => AsyncIterableIterator<Res>
}

/**
 * The methods of a service as functions, named as in the definition.
 *
 * A unary call rejects with an `RpcError`. A streamed response is read once, with `for await`; the call begins with the
 * first read, and leaving the loop cancels it.
 */
export type Client<D extends ServiceDefinition = ServiceDefinition> = {
  readonly [K in keyof D['methods']]: ClientMethod<D['methods'][K]>
} & AsyncDisposable
