import type { MessageCodec } from '../codec/message-codec.js'
import type { MessageInit } from '../codec/message-init.js'
import type { Options } from '../codec/schema/schema.js'

/** The four shapes of a call. A client stream's request, and a server stream's response, is an `AsyncIterable`. */
export type MethodKind = 'unary' | 'client_stream' | 'server_stream' | 'bidi_stream'

/** Whether a call may be repeated: `option idempotency_level` of a `.proto` method. */
export type Idempotency = 'unknown' | 'no_side_effects' | 'idempotent'

/** One way to reach a method over HTTP: a `google.api.http` rule without its bindings. */
export interface HttpRule {
  /** HTTP method in upper case, or `*` for any. */
  readonly method: string
  /** Path template: `/v1/orders/{order_id}`. */
  readonly path: string
  /** Which field the body fills: `*` for the whole message, a field name, or nothing for no body. */
  readonly body?: string | undefined
  /** Which field of the response is the body; the whole message by default. */
  readonly responseBody?: string | undefined
}

/**
 * A method of a service, complete: what every tier needs to know of it, fixed when the contract is read.
 *
 * @typeParam Req - A request as handlers get it.
 * @typeParam Res - A response as callers get it.
 * @typeParam ReqInit - A request as callers write it.
 * @typeParam ResInit - A response as handlers write it.
 */
export interface Method<
  Req = unknown,
  Res = unknown,
  Kind extends MethodKind = MethodKind,
  ReqInit = MessageInit<Req>,
  ResInit = MessageInit<Res>,
> {
  /** Full service name: `shop.v1.Orders`. */
  readonly service: string
  /** Name as in the contract: `PlaceOrder`. */
  readonly name: string
  /** `/service/name`, as gRPC writes it. */
  readonly path: string
  readonly kind: Kind
  readonly idempotency: Idempotency
  readonly request: MessageCodec<Req, ReqInit>
  readonly response: MessageCodec<Res, ResInit>
  /** HTTP bindings beside the default `POST /service/name`, in order of declaration. */
  readonly http: readonly HttpRule[]
  /** What the contract says of the method, in words. */
  readonly comment?: string | undefined
  /** Callers should use something else. */
  readonly deprecated?: boolean | undefined
  /** Further options of the contract by name, extensions in brackets: `{ '(acme.auth)': { scope: 'orders' } }`. */
  readonly options?: Options | undefined
}

/** True if the method's requests arrive as a stream. */
export function streamsRequests(kind: MethodKind): boolean {
  return kind === 'client_stream' || kind === 'bidi_stream'
}

/** True if the method's responses leave as a stream. */
export function streamsResponses(kind: MethodKind): boolean {
  return kind === 'server_stream' || kind === 'bidi_stream'
}
