import type { IncomingHttpHeaders } from 'node:http'
import type { Fields } from '../../http2/http2.js'

/** The head of a request of HTTP/2 in the words of HTTP/1.1. Requests that repeat it share it. */
export class RequestHead {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[]

  constructor(fields: Fields) {
    const begin = pseudoEnd(fields)
    this.method = pseudoValue(':method', fields, begin)
    this.url = pseudoValue(':path', fields, begin)
    this.rawHeaders = fields.slice(begin)
    this.headers = headersOf(this.rawHeaders)
    const authority = pseudoValue(':authority', fields, begin)
    if (authority !== '') this.headers.host = authority
  }
}

/** Where the fields of the protocol itself end: they come first. */
function pseudoEnd(fields: Fields): number {
  let end = 0
  while (fields[end]?.startsWith(':')) end += 2
  return end
}

function pseudoValue(name: string, fields: Fields, end: number): string {
  const at = fields.indexOf(name)
  return at >= 0 && at < end ? (fields[at + 1] ?? '') : ''
}

/** A field that is there more than once is one list (RFC 9110, 5.3). */
function headersOf(raw: readonly string[]): IncomingHttpHeaders {
  const headers: Record<string, string> = Object.create(null)
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? ''
    const value = raw[at + 1] ?? ''
    const before = headers[name]
    headers[name] = before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`
  }
  return headers
}
