import type { MessageCodec } from '../codec/message-codec.js'
import type { MessageInit } from '../codec/message-init.js'
import type { Options } from '../codec/schema/schema.js'
import type { HttpRule, Idempotency, MethodKind } from '../endpoint/method.js'
import { codecOf } from './message/codec-of.js'
import type { MessageSource } from './message/message-type.js'

/** What a method is, apart from its messages and kind. */
export interface MethodOptions {
  /** Name in the contract; by default the name in code with an upper-case first letter: `sayHello` is `SayHello`. */
  readonly name?: string | undefined
  /** Whether a call may be repeated; `unknown` by default, which is not. */
  readonly idempotency?: Idempotency | undefined
  /** HTTP bindings beside the default `POST /service/name`. */
  readonly http?: HttpRule | readonly HttpRule[] | undefined
  /** What the method does, in words: for documents made from the contract. */
  readonly comment?: string | undefined
  /** Callers should use something else. */
  readonly deprecated?: boolean | undefined
  /** Further options of the contract by name, extensions in brackets: `{ '(acme.auth)': { scope: 'orders' } }`. */
  readonly options?: Options | undefined
}

/** A method on its way into a contract: everything but the service that it belongs to. */
export interface MethodSpec<
  Req = unknown,
  Res = unknown,
  Kind extends MethodKind = MethodKind,
  ReqInit = MessageInit<Req>,
  ResInit = MessageInit<Res>,
> {
  readonly kind: Kind
  readonly request: MessageCodec<Req, ReqInit>
  readonly response: MessageCodec<Res, ResInit>
  readonly options: MethodOptions
}

/** A method with one request and one response. */
export function unary<Req, Res, ReqInit = MessageInit<Req>, ResInit = MessageInit<Res>>(
  request: MessageSource<Req, ReqInit>,
  response: MessageSource<Res, ResInit>,
  options?: MethodOptions,
): MethodSpec<Req, Res, 'unary', ReqInit, ResInit> {
  return methodSpec('unary', { request, response }, options)
}

/** A method with one request and a stream of responses. */
export function serverStream<Req, Res, ReqInit = MessageInit<Req>, ResInit = MessageInit<Res>>(
  request: MessageSource<Req, ReqInit>,
  response: MessageSource<Res, ResInit>,
  options?: MethodOptions,
): MethodSpec<Req, Res, 'server_stream', ReqInit, ResInit> {
  return methodSpec('server_stream', { request, response }, options)
}

/** A method with a stream of requests and one response. */
export function clientStream<Req, Res, ReqInit = MessageInit<Req>, ResInit = MessageInit<Res>>(
  request: MessageSource<Req, ReqInit>,
  response: MessageSource<Res, ResInit>,
  options?: MethodOptions,
): MethodSpec<Req, Res, 'client_stream', ReqInit, ResInit> {
  return methodSpec('client_stream', { request, response }, options)
}

/** A method with a stream each way, at the same time. */
export function bidiStream<Req, Res, ReqInit = MessageInit<Req>, ResInit = MessageInit<Res>>(
  request: MessageSource<Req, ReqInit>,
  response: MessageSource<Res, ResInit>,
  options?: MethodOptions,
): MethodSpec<Req, Res, 'bidi_stream', ReqInit, ResInit> {
  return methodSpec('bidi_stream', { request, response }, options)
}

/** A method of the given kind. */
export function methodSpec<Req, Res, Kind extends MethodKind, ReqInit, ResInit>(
  kind: Kind,
  messages: { readonly request: MessageSource<Req, ReqInit>; readonly response: MessageSource<Res, ResInit> },
  options: MethodOptions = {},
): MethodSpec<Req, Res, Kind, ReqInit, ResInit> {
  return { kind, request: codecOf(messages.request), response: codecOf(messages.response), options }
}
