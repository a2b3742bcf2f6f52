import type { Context } from './context.js'

/**
 * An endpoint is an async function from a request and its context to a response.
 *
 * Streams are the same type with an `AsyncIterable` in place of `Req` or `Res`; `context.method.kind` tells which.
 */
// biome-ignore lint/suspicious/noExplicitAny: an endpoint of unknown types must accept every endpoint
export type Endpoint<Req = any, Res = any> = (request: Req, context: Context) => Promise<Res>
