import type { Options, TypeFile } from '../codec/schema/schema.js'
import type { Context } from '../endpoint/context.js'
import type { Method, MethodKind } from '../endpoint/method.js'
import type { Binding } from '../endpoint/serve.js'

/** Methods of a service by the name that code uses: `sayHello` for `SayHello`. */
// biome-ignore lint/suspicious/noExplicitAny: a map of methods of any messages
export type MethodMap = Readonly<Record<string, Method<any, any, MethodKind, any, any>>>

/** What a service offers, apart from how: the contract that servers implement and clients call. */
export interface ServiceDefinition<M extends MethodMap = MethodMap> {
  /** Full name: `shop.v1.Orders`. */
  readonly name: string
  readonly methods: M
  /** The `.proto` file that it is from: `shop/v1/orders.proto`; absent if it is defined in code. */
  readonly file?: string | undefined
  /** What that file declares beside services, where it is known. */
  readonly declaredIn?: TypeFile | undefined
  /** What the contract says of the service, in words. */
  readonly comment?: string | undefined
  readonly deprecated?: boolean | undefined
  /** Options of the service by name, extensions in brackets. */
  readonly options?: Options | undefined
}

/**
 * What a handler of a method looks like, by its kind. A unary handler may also return without a promise, and messages may
 * leave out fields that have their default. Of a contract without types, one loaded at run time say, any function will do.
 */
export type Handler<M> =
  M extends Method<infer Req, infer _, infer Kind, infer _, infer ResInit>
    ? MethodKind extends Kind
      ? (request: Req, context: Context) => unknown
      : HandlerOfKind<Req, ResInit>[Kind]
    : never

/** What handlers look like, by kind. */
export interface HandlerOfKind<Req, Res> {
  /** One request, one response. */
  unary: (request: Req, context: Context) => Promise<Res> | Res
  /** A stream of requests, one response. */
  client_stream: (requests: AsyncIterable<Req>, context: Context) => Promise<Res> | Res
  /** One request, a stream of responses. */
  server_stream: (request: Req, context: Context) => AsyncIterable<Res>
  /** A stream each way. */
  bidi_stream: (requests: AsyncIterable<Req>, context: Context) => AsyncIterable<Res>
}

/** An object with a handler for every method of a service. */
export type Implementation<D extends ServiceDefinition> = { [K in keyof D['methods']]: Handler<D['methods'][K]> }

/** A service with its handlers, ready for any transport. Per-method middleware is composed already. */
export interface Service {
  readonly definition: ServiceDefinition
  readonly bindings: readonly Binding[]
}
