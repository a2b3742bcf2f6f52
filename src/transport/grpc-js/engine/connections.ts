import type { ServerHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'
import { Connection } from '../connection.js'

/** The connections of a server. */
export class Connections {
  /** Sockets, of which some may not have come as far as HTTP/2. */
  readonly #sockets = new Set<Socket>()
  readonly #connections = new Map<ServerHttp2Session, Connection>()
  #retiring = false
  #waiting: (() => void)[] = []

  /** Follows a socket until it closes. */
  addSocket(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }

  /** Follows a session until it closes. */
  addSession(session: ServerHttp2Session): void {
    const connection = new Connection(session)
    this.#connections.set(session, connection)
    session.once('close', () => this.#forget(session))
    if (this.#retiring) connection.retire()
  }

  /** The connection of a session. */
  of(session: ServerHttp2Session): Connection {
    return this.#connections.get(session) ?? new Connection(session)
  }

  /** Asks every client to go. */
  retire(): void {
    this.#retiring = true
    for (const connection of [...this.#connections.values()]) connection.retire()
  }

  /** Takes no more calls; a connection without any closes at once, others with their last. */
  close(): void {
    for (const session of [...this.#connections.keys()]) session.close()
  }

  /** Cuts every connection. */
  destroy(): void {
    for (const socket of [...this.#sockets]) socket.destroy()
  }

  /** Resolves when no session is left. */
  whenNone(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#connections.size === 0) resolve()
      else this.#waiting.push(resolve)
    })
  }

  #forget(session: ServerHttp2Session): void {
    this.#connections.delete(session)
    if (this.#connections.size > 0) return
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
