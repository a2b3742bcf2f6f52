import {
  decodeStatus,
  errorFromStatus,
  errorFromStatusJson,
  HTTP_STATUS_FACT,
  type JsonValue,
  RpcError,
} from '../../kernel.js'
import { codeOfErrorStatus, STATUS_OF_CODE } from './http-status.js'

type JsonObject = { [key: string]: JsonValue }

/**
 * Reads the body of an error, in any of the shapes that a server writes; `undefined` if it is in none. Of a body that names
 * no code the HTTP status stands for one, and is kept as `http_status` where it says more.
 */
export function readErrorBody(json: JsonValue): RpcError | undefined {
  if (!isObject(json)) return undefined
  if (isObject(json.error)) return readAip193(json.error)
  if (typeof json.status === 'number' && json.status >= 100) return readProblem(json, json.status)
  if (typeof json.code === 'number' && json.code >= 100) return readKratos(json, json.code)
  return errorFromStatusJson(json)
}

/** Reads a `google.rpc.Status` in protobuf; `undefined` if it is none. */
export function readErrorBytes(bytes: Uint8Array): RpcError | undefined {
  const status = decodeStatus(bytes)
  return status && errorFromStatus(status)
}

function readAip193(error: JsonObject): RpcError | undefined {
  const { code, status, message = '', details = [] } = error
  const httpStatus = Number(code)
  if (typeof status !== 'string' && !(httpStatus >= 100)) return errorFromStatusJson(error)
  const name = typeof status === 'string' ? status : codeOfErrorStatus(httpStatus)
  const read = errorFromStatusJson({ code: name, message, details })
  return read && withStatus(read, httpStatus)
}

function readProblem(json: JsonObject, status: number): RpcError | undefined {
  const { code, detail, title = '', details = [], reason, domain, metadata } = json
  const known = typeof code === 'string' || typeof code === 'number' ? code : codeOfErrorStatus(status)
  const read = errorFromStatusJson({ code: known, message: detail ?? title, details })
  if (!read) return undefined
  const facts = { reason: textOf(reason), domain: textOf(domain), metadata: textsOf(metadata) }
  return withStatus(new RpcError(read.code, read.rawMessage, { ...facts, details: read.details }), status)
}

function readKratos({ reason, message, metadata }: JsonObject, status: number): RpcError {
  const facts = { reason: textOf(reason), metadata: textsOf(metadata) }
  return withStatus(new RpcError(codeOfErrorStatus(status), textOf(message) ?? '', facts), status)
}

/** Keeps an HTTP status that the code does not stand for. */
function withStatus(error: RpcError, status: number): RpcError {
  const { code, rawMessage, reason, domain, metadata, details } = error
  const known = STATUS_OF_CODE[code] === status || Object.hasOwn(metadata, HTTP_STATUS_FACT)
  if (known || !(status >= 400 && status <= 599)) return error
  const facts = { ...metadata, [HTTP_STATUS_FACT]: String(status) }
  return new RpcError(code, rawMessage, { reason, domain, metadata: facts, details })
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function textsOf(value: JsonValue | undefined): Record<string, string> {
  if (!isObject(value)) return {}
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

function isObject(json: JsonValue | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
