import { badRequest, unsupported, wrongMethod } from '../../error.js'
import type { HttpRequest } from '../../serve/http-message.js'
import { CONNECT_VERSION } from '../recognize.js'
import { Code, type Method, RpcError, streamsRequests, streamsResponses } from '../rpc.js'

/** What Connect compresses with. */
export const CONNECT_ENCODINGS = 'gzip'

const TIMEOUT = /^\d{1,10}$/
const UNARY_TYPES: readonly string[] = ['application/json', 'application/proto']
const STREAM_TYPES: readonly string[] = ['application/connect+json', 'application/connect+proto']

/** Whether a method may be called by `GET`: it has no side effects, and one request and response. */
export function isGettable({ kind, idempotency }: Method): boolean {
  return kind === 'unary' && idempotency === 'no_side_effects'
}

/** The HTTP methods that a method can be called with over Connect. */
export function httpMethodsOf(method: Method): readonly string[] {
  return isGettable(method) ? ['GET', 'HEAD', 'POST'] : ['POST']
}

/** Throws 405, with what is allowed, for an HTTP method that a call cannot be made with. */
export function checkHttpMethod({ method: httpMethod = '' }: HttpRequest, method: Method): void {
  const allowed = httpMethodsOf(method)
  if (!allowed.includes(httpMethod)) throw wrongMethod(allowed)
}

/** Throws `INVALID_ARGUMENT` for a version of the protocol that is not known here; none is the first. */
export function checkVersion({ headers }: HttpRequest): void {
  const version = headers[CONNECT_VERSION]
  if (version === undefined || version === '1') return
  throw badRequest(`Connect-Protocol-Version is ${JSON.stringify(version)}, but only 1 is known here`)
}

/** The refusal of a content type, with those that the method takes. */
export function wrongType({ kind, path }: Method): RpcError {
  const streams = streamsRequests(kind) || streamsResponses(kind)
  const types = (streams ? STREAM_TYPES : UNARY_TYPES).join(', ')
  return unsupported(`the Content-Type is none of ${types}, as ${path} takes over Connect`, [['Accept-Post', types]])
}

/** Reads `Connect-Timeout-Ms`; throws `INVALID_ARGUMENT` if it is malformed. */
export function timeoutOf({ headers }: HttpRequest): number | undefined {
  const text = headers['connect-timeout-ms']
  if (text === undefined) return undefined
  if (typeof text === 'string' && TIMEOUT.test(text)) return Number(text)
  throw badRequest('Connect-Timeout-Ms is not one to ten digits')
}

/** The encoding that a request names, `undefined` for none; throws `UNIMPLEMENTED` for one that cannot be read. */
export function encodingOf(header: string | string[] | undefined): 'gzip' | undefined {
  const encoding = String(header ?? '')
    .trim()
    .toLowerCase()
  if (encoding === '' || encoding === 'identity') return undefined
  if (encoding === 'gzip') return 'gzip'
  throw new RpcError(
    Code.UNIMPLEMENTED,
    `the encoding ${JSON.stringify(encoding)} is not known here; those that are: gzip, identity`,
  )
}

/** Whether a client takes gzip; one that does not say so takes what it sent itself. */
export function acceptsGzip(header: string | string[] | undefined, sent: string | undefined): boolean {
  if (header === undefined) return sent === 'gzip'
  return String(header)
    .toLowerCase()
    .split(',')
    .map((one) => one.split(';').map((part) => part.trim()))
    .some(([name, ...rest]) => name === 'gzip' && !rest.some((part) => /^q=0(\.0*)?$/.test(part)))
}
