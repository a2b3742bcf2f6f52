import { Code, type Context, type ContextKey, contextKey, RpcError } from '../../kernel.js'
import type { HeaderList } from '../error.js'

/** What a handler says of its response as HTTP. Other transports take no notice. */
export interface HttpReply {
  /** Status of success, 200 to 399; 204, 205, 304 and redirects have no body. */
  readonly status?: number | undefined
  /** Headers under their own name: `{ location: '/v1/orders/7' }`. Not those of the body and of the connection. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined
}

/**
 * Says what the HTTP response of a call looks like, beside its message: `context.set(httpReplyKey, { status: 201 })`. It
 * counts if the call succeeds; a call that fails says its status with its error.
 */
export const httpReplyKey: ContextKey<HttpReply> = contextKey('http-reply')

/** Statuses that send a client elsewhere. */
export type RedirectStatus = 301 | 302 | 303 | 307 | 308

/**
 * Sends the caller of a call over HTTP elsewhere: `redirect(context, '/v2/orders/7', 308)`. The response has no body; over
 * other transports callers get the message as ever. Throws a `TypeError` for a location that is no URI.
 */
export function redirect(context: Context, location: string, status: RedirectStatus = 302): void {
  if (!URL.canParse(location, 'http://any')) throw new TypeError(`redirect: '${location}' is no location`)
  const { headers } = context.get(httpReplyKey) ?? {}
  context.set(httpReplyKey, { status, headers: { ...headers, location: location.replace(UNSAFE, encodeURIComponent) } })
}

const BODILESS: ReadonlySet<number> = new Set([204, 205, 301, 302, 303, 304, 307, 308])
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const VALUE = /^[\x20-\x7e]*$/
const UNSAFE = /[^\x21-\x7e]/gu
const OWN: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'keep-alive',
  'proxy-connection',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** True if a response of the status has no body. */
export function isBodiless(status: number): boolean {
  return BODILESS.has(status)
}

/** The headers of a reply. Throws `INTERNAL` for a status or a header that cannot be. */
export function replyHeaders({ status = 200, headers = {} }: HttpReply): HeaderList {
  if (!Number.isInteger(status) || status < 200 || status > 399) throw wrong(`${status} is not a status of success`)
  return Object.entries(headers).flatMap(([name, value]) => {
    if (!TOKEN.test(name) || OWN.has(name.toLowerCase()))
      throw wrong(`the header ${JSON.stringify(name)} is not its to set`)
    const values = typeof value === 'string' ? [value] : value
    if (!values.every((one) => VALUE.test(one))) throw wrong(`the header ${name} has a value that no header has`)
    return values.map((one) => [name, one] as const)
  })
}

function wrong(problem: string): RpcError {
  return new RpcError(Code.INTERNAL, 'the response of the server cannot be sent', { cause: new Error(problem) })
}
