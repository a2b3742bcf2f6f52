import { STATUS_CODES } from 'node:http'
import {
  codeName,
  errorFromStatus,
  type JsonValue,
  RpcError,
  statusMessage,
  statusOf,
  statusToJson,
} from '../../kernel.js'
import { JSON_TYPE, PROBLEM_TYPE } from '../wire/media-type.js'

/** What the body of an error is. */
export interface ErrorBody {
  /** What is written as JSON. */
  readonly json: JsonValue
  /** Media type; `application/json` by default. */
  readonly contentType?: string | undefined
}

/** Writes the body of an error, given the HTTP status that it is sent with. */
export type ErrorBodyWriter = (error: RpcError, status: number) => ErrorBody

/**
 * How errors look as HTTP:
 *
 * - `status`: a `google.rpc.Status`, as grpc-gateway has it: `{"code":5,"message":…,"details":[…]}`.
 * - `aip193`: as Google's own APIs have it: `{"error":{"code":404,"message":…,"status":"NOT_FOUND","details":[…]}}`.
 * - `rfc9457`: problem details, `application/problem+json`, with `code`, `reason`, `domain`, `metadata` and `details` as
 *   further members.
 * - `kratos`: `{"code":404,"reason":"ORDER_NOT_FOUND","message":…,"metadata":{…}}`. Of codes that share an HTTP status the
 *   reader cannot tell which it was, and details are not in it.
 */
export type ErrorShape = 'status' | 'aip193' | 'rfc9457' | 'kratos'

/** An envelope around what a server sends, for clients that want one object whatever happens. */
export interface EnvelopeOptions {
  /** Puts the JSON of a unary response into an envelope. Streams and raw bodies have none. */
  success?(json: JsonValue): JsonValue
  /** Puts the JSON of an error into an envelope. */
  error?(json: JsonValue, error: RpcError): JsonValue
}

const shapes: Readonly<Record<ErrorShape, ErrorBodyWriter>> = {
  status: (error) => ({ json: statusToJson(error) }),
  aip193: (error, status) => ({ json: aip193(error, status) }),
  rfc9457: (error, status) => ({ json: problem(error, status), contentType: PROBLEM_TYPE }),
  kratos: (error, status) => ({ json: kratos(error, status) }),
}

/** How a server writes errors. */
export class ErrorStyle {
  /** True for `google.rpc.Status` with nothing around it, which there is in protobuf too. */
  readonly isStatus: boolean
  readonly #write: ErrorBodyWriter
  readonly #wrap: EnvelopeOptions['error']

  /** Throws a `TypeError` for a shape that is not known. */
  constructor(shape: ErrorShape | ErrorBodyWriter = 'status', wrap?: EnvelopeOptions['error']) {
    if (typeof shape !== 'function' && !Object.hasOwn(shapes, shape)) {
      throw new TypeError(`errorBody: '${shape}' is unknown; known are ${Object.keys(shapes).join(', ')}`)
    }
    this.#write = typeof shape === 'function' ? shape : shapes[shape]
    this.#wrap = wrap
    this.isStatus = shape === 'status' && wrap === undefined
  }

  /** The body of an error. What a program has set fails for, is written as `google.rpc.Status`. */
  text(error: RpcError, status: number): { readonly text: string; readonly contentType: string } {
    try {
      const { json, contentType = JSON_TYPE } = this.#write(error, status)
      return { text: JSON.stringify(this.#wrap ? this.#wrap(json, error) : json), contentType }
    } catch (thrown) {
      const cause = new RpcError(error.code, error.rawMessage, { cause: thrown })
      return { text: JSON.stringify(statusToJson(cause)), contentType: JSON_TYPE }
    }
  }
}

/** Errors as they look where nothing else is said. */
export const statusStyle = new ErrorStyle()

function aip193(error: RpcError, status: number): JsonValue {
  return {
    error: { code: status, message: error.rawMessage, status: codeName(error.code), details: detailsOf(error) },
  }
}

function problem(error: RpcError, status: number): JsonValue {
  const { reason, domain, metadata, details: others } = told(error)
  // An `ErrorInfo` that is told of is the first.
  const all = detailsOf(error)
  const known = all.length > others.length ? all.findIndex(isErrorInfo) : -1
  const details = all.filter((_, index) => index !== known)
  return {
    // The title of a problem without a type of its own is that of the status (RFC 9457, 4.2.1).
    type: 'about:blank',
    title: STATUS_CODES[status] ?? `HTTP ${status}`,
    status,
    detail: error.rawMessage,
    code: codeName(error.code),
    ...(reason !== undefined && { reason }),
    ...(domain !== undefined && { domain }),
    ...(Object.keys(metadata).length > 0 && { metadata: { ...metadata } }),
    ...(details.length > 0 && { details }),
  }
}

function kratos(error: RpcError, status: number): JsonValue {
  const { reason = '', rawMessage, metadata } = told(error)
  return { code: status, reason, message: rawMessage, metadata: { ...metadata } }
}

/** The error as others read it: its reason may be in an `ErrorInfo` among the details. */
function told(error: RpcError): RpcError {
  return errorFromStatus(statusOf(statusMessage(error)))
}

function detailsOf(error: RpcError): JsonValue[] {
  const { details } = statusToJson(error) as { details: JsonValue[] }
  return details
}

function isErrorInfo(detail: JsonValue): boolean {
  return String((detail as { '@type'?: JsonValue })['@type']).endsWith('/google.rpc.ErrorInfo')
}
