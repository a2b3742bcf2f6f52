import { isUtf8 } from 'node:buffer'
import type { JsonValue, MessageCodec } from '../../codec/message-codec.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { badRequest } from './error.js'

/** One message. */
export const JSON_TYPE = 'application/json'
/** One message a line. */
export const NDJSON_TYPE = 'application/x-ndjson'
/** One message an event. */
export const SSE_TYPE = 'text/event-stream'

const PARAMETERS = /^\s*;\s*charset\s*=\s*"?utf-8"?\s*;?\s*$/i

/** True if a `Content-Type` says `type`, with no other character set than UTF-8. */
export function hasType(contentType: string | undefined, type: string): boolean {
  if (contentType === type) return true
  if (!contentType || contentType.slice(0, type.length).toLowerCase() !== type) return false
  const parameters = contentType.slice(type.length)
  return parameters.trim() === '' || PARAMETERS.test(parameters)
}

/** True if an `Accept` names `type` itself, and not with a weight of 0. */
export function accepts(accept: string | undefined, type: string): boolean {
  if (!accept?.includes(type)) return false
  const ranges = accept.split(',').map((range) => range.split(';').map((part) => part.trim().toLowerCase()))
  return ranges.some(([name, ...parameters]) => name === type && !parameters.some((one) => /^q=0(\.0*)?$/.test(one)))
}

/** Reads a request in JSON; empty is an empty message. Throws `INVALID_ARGUMENT`. */
export function parseRequest(bytes: Buffer): JsonValue {
  if (bytes.length === 0) return {}
  if (!isUtf8(bytes)) throw badRequest('the request is not UTF-8')
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw badRequest(`the request is not JSON: ${(cause as Error).message}`)
  }
}

/** Reads a response in JSON; a response that is none, or does not fit, is `INTERNAL`. */
export function parseResponse<T>(codec: MessageCodec<T>, json: JsonValue): T {
  try {
    return codec.fromJson(json, { ignoreUnknownFields: true })
  } catch (cause) {
    throw new RpcError(Code.INTERNAL, `the response does not fit ${codec.typeName}`, { cause })
  }
}

/** Reads text that a server sent as JSON. */
export function parseText(text: string): JsonValue {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new RpcError(Code.INTERNAL, 'the response is not JSON', { cause })
  }
}
