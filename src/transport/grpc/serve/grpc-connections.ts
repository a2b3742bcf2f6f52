import type { Socket } from 'node:net'
import { type ConnectionSnapshot, type ServerSnapshot, serverSnapshot } from '../../snapshot.js'
import {
  type ConnectionScope,
  connectionScope,
  type GrpcConnectionsInit,
  ServedConnection,
} from '../served-connection.js'

/** The connections of a server of gRPC, and of what else its fallback takes, from wherever they come. */
export class GrpcConnections {
  readonly #scope: ConnectionScope
  /** Each with the time that it came at. */
  readonly #connections = new Map<ServedConnection, number>()
  readonly #breaches = new Map<string, number>()
  readonly #waiting: (() => void)[] = []
  #retiring = false
  readonly #onClosed = (closed: ServedConnection): void => this.#forget(closed)

  /** Throws if a method is bound twice. */
  constructor(init: GrpcConnectionsInit) {
    const scope = connectionScope(init)
    const onBreach = (limit: string): void => {
      this.#breaches.set(limit, (this.#breaches.get(limit) ?? 0) + 1)
      scope.onBreach(limit)
    }
    this.#scope = { ...scope, onBreach }
  }

  /** Serves a connection: a socket that speaks HTTP/2 from its first byte. Bytes that were read ahead go back by `unshift`. */
  accept(socket: Socket): void {
    const connection = new ServedConnection(socket, this.#scope, this.#onClosed)
    this.#connections.set(connection, this.#scope.calls.clock.now())
    if (this.#retiring) connection.retire()
  }

  /** Asks every client to leave. */
  retire(): void {
    this.#retiring = true
    for (const connection of [...this.#connections.keys()]) connection.retire()
  }

  /** Cancels every call of gRPC that still runs with `UNAVAILABLE`. */
  cancelCalls(why: string): void {
    for (const connection of [...this.#connections.keys()]) connection.cancelCalls(why)
  }

  /** Cuts every connection. */
  destroy(): void {
    for (const connection of [...this.#connections.keys()]) connection.destroy()
  }

  /** The connections at this moment, and the limits that were breached. */
  snapshot(): ServerSnapshot {
    const now = this.#scope.calls.clock.now()
    const connections = [...this.#connections].map(([connection, since]): ConnectionSnapshot => {
      const { bytesRead, bytesWritten } = connection.socket
      const { peer, openStreams } = connection
      return {
        peer: peer.address,
        protocol: 'HTTP/2',
        openCalls: openStreams,
        ageMs: Math.round(now - since),
        bytesRead,
        bytesWritten,
      }
    })
    return serverSnapshot(connections, this.#breaches)
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
