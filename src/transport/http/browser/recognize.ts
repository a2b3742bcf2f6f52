import type { HttpRequest } from '../serve/http-message.js'
import { JSON_TYPE } from '../wire/media-type.js'

/** The protocols of browsers. */
export type BrowserProtocol = 'grpc-web' | 'connect' | 'connect-stream'

/** Says that a request is one of Connect: alone it tells that from JSON. */
export const CONNECT_VERSION = 'connect-protocol-version'

const LONGEST = 'application/grpc-web-text+proto'.length
const CONNECT_QUERY = /[?&]connect=v\d/

/** The protocol that a request says it speaks; `undefined` for a request of none of them. */
export function protocolOf({ method, url = '', headers }: HttpRequest): BrowserProtocol | undefined {
  const type = headers['content-type']
  if (type !== undefined && type !== JSON_TYPE) {
    const essence = type.slice(0, LONGEST).toLowerCase()
    if (essence.startsWith('application/grpc-web')) return 'grpc-web'
    if (essence.startsWith('application/connect+')) return 'connect-stream'
    if (/^application\/proto($|[\s;])/.test(essence)) return 'connect'
  }
  if (headers[CONNECT_VERSION] !== undefined) return 'connect'
  const asks = (method === 'GET' || method === 'HEAD') && url.includes('connect=v')
  if (asks && CONNECT_QUERY.test(url)) return 'connect'
  return undefined
}

/** A `Content-Type` in lower case without its parameters; empty if they ask for another character set than UTF-8. */
export function essenceOf(contentType = ''): string {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';')
  const foreign = parameters.some((one) => /^\s*charset\s*=/.test(one) && !/=\s*"?utf-8"?\s*$/.test(one))
  return foreign ? '' : type.trim()
}
