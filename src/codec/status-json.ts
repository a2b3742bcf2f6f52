import { codeFrom } from '../error/code.js'
import type { RpcError } from '../error/rpc-error.js'
import type { JsonValue } from './message-codec.js'
import { errorFromStatus, statusMessage, statusOf } from './status.js'
import { Any } from './well-known.js'

type JsonObject = { [key: string]: JsonValue }

/**
 * An error as `google.rpc.Status` in JSON: `{ code, message, details }`. Details of `google.rpc` and `google.protobuf`
 * types are written out; others, whose fields are not known here, as `{ "@type": …, "value": base64 }`.
 */
export function statusToJson(error: RpcError): JsonValue {
  const { code, message, details } = statusMessage(error)
  return { code, message, details: details.map(detailToJson) }
}

/**
 * Reads `google.rpc.Status` in JSON; `undefined` if it is none, which is to say if it has no code. What is wrong in the
 * rest of it is left out, so that the code is not lost.
 */
export function errorFromStatusJson(json: JsonValue): RpcError | undefined {
  if (!isObject(json)) return undefined
  const { code, message, details } = json
  if (typeof code !== 'number' && typeof code !== 'string') return undefined
  const status = {
    code: codeFrom(code),
    message: typeof message === 'string' ? message : '',
    details: Array.isArray(details) ? details.flatMap(detailFromJson).filter(({ typeUrl }) => typeUrl !== '') : [],
  }
  return errorFromStatus(statusOf(status))
}

function detailToJson(detail: Any): JsonValue {
  try {
    return Any.toJson(detail)
  } catch {
    return { '@type': detail.typeUrl, value: Buffer.from(detail.value).toString('base64') }
  }
}

function detailFromJson(json: JsonValue): Any[] {
  try {
    return [Any.fromJson(json, { ignoreUnknownFields: true })]
  } catch {
    if (!isObject(json)) return []
    const { '@type': typeUrl, value } = json
    if (typeof typeUrl !== 'string' || typeof value !== 'string') return []
    return [{ typeUrl, value: new Uint8Array(Buffer.from(value, 'base64')) }]
  }
}

function isObject(json: JsonValue): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
