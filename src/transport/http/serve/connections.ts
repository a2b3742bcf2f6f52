import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type ErrorReply, errorReply, malformed } from '../error.js'

/** The sockets of a server, those included that have not said anything yet. */
export class Connections {
  readonly #sockets = new Set<Duplex>()
  readonly #handshaking = new Set<Socket>()

  /** Follows the connections of a server; with `secure` they count once TLS is agreed on. */
  constructor(server: Server, secure: boolean) {
    if (!secure) {
      server.on('connection', (socket: Socket) => follow(this.#sockets, socket))
      return
    }
    server.on('connection', (socket: Socket) => follow(this.#handshaking, socket))
    server.on('secureConnection', (socket: Socket) => follow(this.#sockets, socket))
  }

  /** Closes those that no request is running on. */
  closeIdle(busy: ReadonlySet<Duplex>): void {
    for (const socket of this.#sockets) if (!busy.has(socket)) socket.destroy()
  }

  /** Closes all. */
  destroy(): void {
    for (const socket of [...this.#sockets, ...this.#handshaking]) socket.destroy()
  }
}

/** Answers what Node could not read as a request, and closes the connection. */
export function refuseRaw(error: NodeJS.ErrnoException, socket: Duplex, answering: boolean): void {
  if (error.code === 'ECONNRESET' || !socket.writable || answering) {
    socket.destroy()
    return
  }
  socket.end(rawReply(errorReply(malformed(error.code))), () => socket.destroy())
}

function follow<T extends Duplex>(sockets: Set<T>, socket: T): void {
  sockets.add(socket)
  socket.once('close', () => sockets.delete(socket))
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
