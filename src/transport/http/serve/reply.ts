import { ServerResponse } from 'node:http'
import type { HeaderList } from '../error.js'
import { JSON_TYPE } from '../wire/media-type.js'
import type { HttpResponse } from './http-message.js'
import { endWith } from './room.js'

/** A whole response. */
export interface Reply {
  readonly status: number
  /** Beside those of the body. */
  readonly headers: HeaderList
  /** Media type of the body; `application/json` by default. */
  readonly type?: string | undefined
  /** Absent for a status that has none. */
  readonly body: string | Uint8Array | undefined
  /** Sent after the body; only for a client that says that it reads them. */
  readonly trailers: HeaderList
}

/** What hardly any response has. */
export const NONE: HeaderList = []

/** Sends a response, in one write unless it is long. */
export function sendReply(response: HttpResponse, { status, headers, type = JSON_TYPE, body, trailers }: Reply): void {
  // A client that was not told to go on with its body may send its next request in place of it.
  if (response.req.headers.expect !== undefined && !response.req.complete) response.shouldKeepAlive = false
  const head = body === undefined ? [] : ['Content-Type', type]
  for (const [name, value] of headers) head.push(name, value)
  if (body === undefined || trailers.length === 0) {
    if (status !== 204 && status !== 304) head.push('Content-Length', String(lengthOf(body)))
    writeHead(response, status, head)
    endWith(response, body)
    return
  }
  // Trailers need a body in chunks.
  writeHead(response, status, head)
  response.addTrailers(trailers as [string, string][])
  endWith(response, body)
}

/** Writes a head, given as names and values in turn, beside what was set before. */
export function writeHead(response: HttpResponse, status: number, head: string[]): void {
  if (!(response instanceof ServerResponse) || response.getHeaderNames().length === 0) {
    response.writeHead(status, head)
    return
  }
  // Of several with one name Node would keep the last.
  for (let at = 0; at + 1 < head.length; at += 2) response.appendHeader(head[at] ?? '', head[at + 1] ?? '')
  response.writeHead(status)
}

function lengthOf(body: Reply['body']): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : (body?.length ?? 0)
}
