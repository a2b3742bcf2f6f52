import { Any, Code, codeName, encodeBinary, type JsonValue, RpcError, statusMessage } from '../rpc.js'

/**
 * An error as Connect writes it: `{ code, message, details }`, with what has nothing to say left out. Details of types that
 * are known here are written out for people too.
 *
 * @see https://connectrpc.com/docs/protocol#error-end-stream
 */
export function connectError(error: RpcError): { [key: string]: JsonValue } {
  const { message, details } = statusMessage(error)
  const json: { [key: string]: JsonValue } = { code: nameOf(error) }
  if (message !== '') json.message = message
  if (details.length > 0) json.details = details.map(detailOf)
  return json
}

/** What of a request does not fit its method or its protocol: the caller's fault, whatever a codec calls it. */
export function callersFault(thrown: unknown): RpcError {
  const error = RpcError.from(thrown)
  const { code, rawMessage, details } = error
  return code === Code.INTERNAL ? new RpcError(Code.INVALID_ARGUMENT, rawMessage, { details, cause: error }) : error
}

function nameOf({ code }: RpcError): string {
  return code === Code.CANCELLED ? 'canceled' : codeName(code).toLowerCase()
}

function detailOf(detail: Any): JsonValue {
  const type = detail.typeUrl.slice(detail.typeUrl.lastIndexOf('/') + 1)
  const json = { type, value: encodeBinary(detail.value) }
  const debug = readable(detail)
  return debug === undefined ? json : { ...json, debug }
}

function readable(detail: Any): JsonValue | undefined {
  try {
    const { '@type': type, ...rest } = Any.toJson(detail) as { [key: string]: JsonValue }
    return String(type).includes('/google.protobuf.') && 'value' in rest ? rest.value : rest
  } catch {
    return undefined
  }
}
