import type { Duplex } from 'node:stream'
import { type ErrorReply, errorReply, malformed } from '../error.js'

/** Answers what Node could not read as a request, and closes the connection. */
export function refuseRaw(error: NodeJS.ErrnoException, socket: Duplex, answering: boolean): void {
  if (error.code === 'ECONNRESET' || !socket.writable || answering) {
    socket.destroy()
    return
  }
  socket.end(rawReply(errorReply(malformed(error.code))), () => socket.destroy())
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Payload Too Large',
  431: 'Request Header Fields Too Large',
}

function rawReply({ status, body }: ErrorReply): string {
  const head = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Bad Request'}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
