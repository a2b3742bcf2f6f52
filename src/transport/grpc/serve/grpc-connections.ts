import type { Socket } from 'node:net'
import {
  type ConnectionScope,
  connectionScope,
  type GrpcConnectionsInit,
  ServedConnection,
} from '../served-connection.js'

/** The connections of a server of gRPC, and of what else its fallback takes, from wherever they come. */
export class GrpcConnections {
  readonly #scope: ConnectionScope
  readonly #connections = new Set<ServedConnection>()
  readonly #waiting: (() => void)[] = []
  #retiring = false
  readonly #onClosed = (closed: ServedConnection): void => this.#forget(closed)

  /** Throws if a method is bound twice. */
  constructor(init: GrpcConnectionsInit) {
    this.#scope = connectionScope(init)
  }

  /** Serves a connection: a socket that speaks HTTP/2 from its first byte. Bytes that were read ahead go back by `unshift`. */
  accept(socket: Socket): void {
    const connection = new ServedConnection(socket, this.#scope, this.#onClosed)
    this.#connections.add(connection)
    if (this.#retiring) connection.retire()
  }

  /** Asks every client to leave. */
  retire(): void {
    this.#retiring = true
    for (const connection of [...this.#connections]) connection.retire()
  }

  /** Cancels every call of gRPC that still runs with `UNAVAILABLE`. */
  cancelCalls(why: string): void {
    for (const connection of [...this.#connections]) connection.cancelCalls(why)
  }

  /** Cuts every connection. */
  destroy(): void {
    for (const connection of [...this.#connections]) connection.destroy()
  }

  /** Resolves when no connection is left. */
  whenNone(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#connections.size === 0) resolve()
      else this.#waiting.push(resolve)
    })
  }

  #forget(connection: ServedConnection): void {
    this.#connections.delete(connection)
    if (this.#connections.size > 0) return
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
