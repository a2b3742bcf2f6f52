import type { Duplex } from 'node:stream'
import { type ErrorReply, errorReply, malformed } from '../error.js'
import type { ErrorStyle } from '../error-body/error-body.js'

/** How to refuse. */
export interface RefuseRaw {
  /** A response has begun to leave on the connection. */
  readonly answering: boolean
  /** How errors are written; as `google.rpc.Status` by default. */
  readonly errors?: ErrorStyle | undefined
}

/** Answers what Node could not read as a request, and closes the connection. */
export function refuseRaw(error: NodeJS.ErrnoException, socket: Duplex, { answering, errors }: RefuseRaw): void {
  if (error.code === 'ECONNRESET' || !socket.writable || answering) {
    socket.destroy()
    return
  }
  socket.end(rawReply(errorReply(malformed(error.code), errors)), () => socket.destroy())
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Payload Too Large',
  431: 'Request Header Fields Too Large',
}

function rawReply({ status, type, body }: ErrorReply): string {
  const head = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Bad Request'}`,
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
