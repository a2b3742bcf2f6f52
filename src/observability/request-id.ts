import { type ContextKey, contextKey } from '../endpoint/context-value.js'

/** The id of the request that a call belongs to; set by `metadata` on a server, and written into logs. */
export const requestIdKey: ContextKey<string> = contextKey('request id')

/** The metadata that carries it. */
export const REQUEST_ID_HEADER = 'x-request-id'
