import { badRequestDetail, violationOf } from '../../codec/detail/bad-request.js'
import { retryDelayMs } from '../../codec/detail/retry-info.js'
import type { JsonValue } from '../../codec/message-codec.js'
import { statusToJson } from '../../codec/status-json.js'
import { Code, type ErrorCode } from '../../error/code.js'
import { RpcError, type RpcErrorOptions } from '../../error/rpc-error.js'
import { CODE_OF_STATUS } from '../http-status.js'
import { type ErrorStyle, statusStyle } from './error-body/error-body.js'
import { httpStatusOf } from './error-body/http-status.js'
import { readErrorBody, readErrorBytes } from './error-body/read-error.js'

/** Header names and values, as they are written. */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/** The code that a status of 500 and above of somebody else's response comes closest to. */
export function codeOfServerStatus(status: number): ErrorCode {
  if (status === 501) return Code.UNIMPLEMENTED
  if (status === 504) return Code.DEADLINE_EXCEEDED
  return status === 502 || status === 503 ? Code.UNAVAILABLE : Code.INTERNAL
}

/** What the server itself says of a request that is wrong as HTTP: an error with an HTTP status of its own. */
export class HttpRefusal extends RpcError {
  readonly status: number
  readonly headers: HeaderList

  constructor(
    status: number,
    [code, message, facts]: readonly [ErrorCode, string, RpcErrorOptions?],
    headers: HeaderList = [],
  ) {
    super(code, message, facts)
    this.status = status
    this.headers = headers
  }
}

/** A request that does not fit its method. */
export function badRequest(problem: string): RpcError {
  return new HttpRefusal(400, [Code.INVALID_ARGUMENT, problem])
}

/** A request whose message is wrong in one place, which the error names in a `google.rpc.BadRequest`. */
export function badField(field: string, description: string, problem = `${field}: ${description}`): RpcError {
  return new RpcError(Code.INVALID_ARGUMENT, problem, { details: [badRequestDetail([{ field, description }])] })
}

/** What a codec says of a message that it cannot read, with the field in a `google.rpc.BadRequest` too if it names one. */
export function misfit(thrown: unknown): RpcError {
  const error = RpcError.from(thrown)
  const violation = violationOf(error)
  return violation ? badField(violation.field, violation.description, error.rawMessage) : error
}

/** A request that is larger than it may be. */
export function tooLarge(status: 413 | 414 | 431, problem: string): RpcError {
  return new HttpRefusal(status, [Code.RESOURCE_EXHAUSTED, problem])
}

/** Why a path leads nowhere: what tells it from a resource that is not there. */
const NO_ROUTE = 'HTTP_ROUTE_NOT_FOUND'

/** A path that leads nowhere. */
export function noRoute(method: string, path: string): RpcError {
  const facts = { reason: NO_ROUTE, domain: 'tierkit' }
  return new HttpRefusal(404, [Code.NOT_FOUND, `nothing is at ${method} ${path}`, facts])
}

/** The error as the caller of an RPC learns it, to whom a path that leads nowhere is a method that is not there. */
export function asOfRpc(error: RpcError): RpcError {
  const { code, reason, domain = 'tierkit' } = error
  if (code !== Code.NOT_FOUND || reason !== NO_ROUTE || domain !== 'tierkit') return error
  return new RpcError(Code.UNIMPLEMENTED, error.rawMessage)
}

/** A path that leads somewhere with other HTTP methods. */
export function wrongMethod(allowed: readonly string[]): RpcError {
  return new HttpRefusal(
    405,
    [Code.UNIMPLEMENTED, 'the HTTP method is not allowed here'],
    [['Allow', allowed.join(', ')]],
  )
}

/** A request that came too late. */
export function shuttingDown(): RpcError {
  return new RpcError(Code.UNAVAILABLE, 'the server shuts down')
}

/** What Node's parser says of a request, by the code of its error. */
export function malformed(problem: string | undefined): RpcError {
  if (problem === 'HPE_HEADER_OVERFLOW') return tooLarge(431, 'the headers are too long')
  if (problem === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return tooLarge(413, 'the chunk extensions are too long')
  if (problem === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new HttpRefusal(408, [Code.DEADLINE_EXCEEDED, 'the request did not arrive in time'])
  }
  return badRequest('the request is not HTTP/1.1')
}

/** A request that wants to be treated in a way that is not known here. */
export function unmet(expectation: string): RpcError {
  return new HttpRefusal(417, [Code.INVALID_ARGUMENT, `nothing is known of the expectation ${expectation}`])
}

/** A body that is of a kind that the server does not read. */
export function unsupported(problem: string, headers?: HeaderList): RpcError {
  return new HttpRefusal(415, [Code.INVALID_ARGUMENT, problem], headers)
}

/** A body that cannot be had in any way that the client wants it. */
export function notAcceptable(types: readonly string[]): RpcError {
  return new HttpRefusal(406, [
    Code.INVALID_ARGUMENT,
    `what the Accept asks for is not here; there is ${types.join(', ')}`,
  ])
}

/** A complete HTTP answer that tells of an error. */
export interface ErrorReply {
  readonly status: number
  readonly headers: HeaderList
  /** Media type of the body. */
  readonly type: string
  readonly body: string
}

/** The answer that tells of what was thrown. */
export function errorReply(thrown: unknown, style: ErrorStyle = statusStyle): ErrorReply {
  const error = RpcError.from(thrown)
  const refusal = error instanceof HttpRefusal ? error : undefined
  const status = refusal?.status ?? httpStatusOf(error)
  const { text, contentType } = style.text(error, status)
  return { status, headers: [...(refusal?.headers ?? []), ...hints(status, error)], type: contentType, body: text }
}

/** An error in one line of a stream, or in one event. */
export function errorText(error: RpcError): string {
  return JSON.stringify(statusToJson(error))
}

/**
 * The error that a response tells of: by its body, if that is one of an error in any of the shapes of servers, else by its
 * HTTP status.
 */
export function errorOfResponse(
  status: number,
  body: string | Uint8Array,
  unwrap: (json: JsonValue) => JsonValue = (json) => json,
): RpcError {
  const told = typeof body === 'string' ? readErrorBody(unwrap(parsed(body))) : readErrorBytes(body)
  return told ? asOfRpc(told) : new RpcError(CODE_OF_STATUS[status] ?? Code.UNKNOWN, `HTTP ${status}`)
}

/** The error of a call that a connection failed: `neverSent` if there was none yet. */
export function notReached(cause: NodeJS.ErrnoException, neverSent: boolean): RpcError {
  if (cause instanceof RpcError) return cause
  if (cause.code === 'HPE_HEADER_OVERFLOW') {
    return new RpcError(Code.RESOURCE_EXHAUSTED, 'the headers of the response are too long', { cause })
  }
  if (cause.code?.startsWith('HPE_')) return new RpcError(Code.INTERNAL, 'the response is not HTTP', { cause })
  // An address with several records fails with several causes, and no text of its own.
  const problem = cause.message || cause.code || cause.name
  const message = neverSent ? `no connection: ${problem}` : `the connection broke: ${problem}`
  return new RpcError(Code.UNAVAILABLE, message, { cause, neverSent })
}

/** The error of a response that cannot be read. */
export function badResponse(problem: string, cause?: unknown): RpcError {
  return new RpcError(Code.INTERNAL, problem, { cause })
}

/** The error of a response, or of a message of one, that is longer than it may be. */
export function responseTooLong(limit: number): RpcError {
  return new RpcError(Code.RESOURCE_EXHAUSTED, `the response is longer than ${limit} bytes`)
}

function hints(status: number, error: RpcError): HeaderList {
  if (status === 401) return [['WWW-Authenticate', 'Bearer']]
  const delayMs = status === 429 || status === 503 ? retryDelayMs(error) : undefined
  return delayMs === undefined ? [] : [['Retry-After', String(Math.ceil(delayMs / 1000))]]
}

function parsed(body: string): JsonValue {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
