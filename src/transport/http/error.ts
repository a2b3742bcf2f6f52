import { badRequestDetail, violationOf } from '../../codec/detail/bad-request.js'
import type { JsonValue } from '../../codec/message-codec.js'
import { errorFromStatusJson, statusToJson } from '../../codec/status-json.js'
import { Code, type ErrorCode } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { CODE_OF_STATUS } from '../http-status.js'

/** Header names and values, as they are written. */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/** google/rpc/code.proto says these. */
const STATUS_OF_CODE: Readonly<Record<ErrorCode, number>> = {
  [Code.CANCELLED]: 499,
  [Code.UNKNOWN]: 500,
  [Code.INVALID_ARGUMENT]: 400,
  [Code.DEADLINE_EXCEEDED]: 504,
  [Code.NOT_FOUND]: 404,
  [Code.ALREADY_EXISTS]: 409,
  [Code.PERMISSION_DENIED]: 403,
  [Code.RESOURCE_EXHAUSTED]: 429,
  [Code.FAILED_PRECONDITION]: 400,
  [Code.ABORTED]: 409,
  [Code.OUT_OF_RANGE]: 400,
  [Code.UNIMPLEMENTED]: 501,
  [Code.INTERNAL]: 500,
  [Code.UNAVAILABLE]: 503,
  [Code.DATA_LOSS]: 500,
  [Code.UNAUTHENTICATED]: 401,
}

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

  constructor(status: number, [code, message]: readonly [ErrorCode, string], headers: HeaderList = []) {
    super(code, message)
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

/** A path that leads nowhere. The caller of an RPC learns what it learns of a method that is not there. */
export function noRoute(method: string, path: string): RpcError {
  return new HttpRefusal(404, [Code.UNIMPLEMENTED, `nothing is at ${method} ${path}`])
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

/** A complete HTTP answer that tells of an error. */
export interface ErrorReply {
  readonly status: number
  readonly headers: HeaderList
  /** `google.rpc.Status` as JSON. */
  readonly body: string
}

/** The answer that tells of what was thrown. */
export function errorReply(thrown: unknown): ErrorReply {
  const error = RpcError.from(thrown)
  const json = statusToJson(error)
  const status = error instanceof HttpRefusal ? error.status : STATUS_OF_CODE[error.code]
  const own = error instanceof HttpRefusal ? error.headers : []
  return { status, headers: [...own, ...hints(status, json)], body: JSON.stringify(json) }
}

/** An error in one line of a stream, or in one event. */
export function errorText(error: RpcError): string {
  return JSON.stringify(statusToJson(error))
}

/** The error that a response tells of, by its body if that is a `google.rpc.Status`, else by its HTTP status. */
export function errorOfResponse(status: number, body: string): RpcError {
  return errorFromStatusJson(parsed(body)) ?? new RpcError(CODE_OF_STATUS[status] ?? Code.UNKNOWN, `HTTP ${status}`)
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

function hints(status: number, json: JsonValue): HeaderList {
  if (status === 401) return [['WWW-Authenticate', 'Bearer']]
  if (status !== 429 && status !== 503) return []
  const seconds = retryDelay(json)
  return seconds === undefined ? [] : [['Retry-After', String(Math.ceil(seconds))]]
}

/** The delay of a `google.rpc.RetryInfo` among the details, in seconds. */
function retryDelay(json: JsonValue): number | undefined {
  const details = isObject(json) && Array.isArray(json.details) ? json.details : []
  const info = details.filter(isObject).find((detail) => String(detail['@type']).endsWith('/google.rpc.RetryInfo'))
  const seconds = Number.parseFloat(String(info?.retryDelay))
  return seconds >= 0 ? seconds : undefined
}

function isObject(json: JsonValue): json is { [key: string]: JsonValue } {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

function parsed(body: string): JsonValue {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
