import type { Socket } from 'node:net'
import type { StreamListener } from '../../http2/http2.js'
import {
  type ConnectionScope,
  connectionScope,
  type GrpcConnectionsInit,
  ServedConnection,
} from '../../transport/grpc/served-connection.js'
import type { OpenedStream } from '../over-http2/stream-exchange.js'

/** What connections are served with. */
export interface Http2ConnectionsInit extends GrpcConnectionsInit {
  /** Takes requests that are none of gRPC. */
  open(opened: OpenedStream): StreamListener
  /** A connection is asked to leave after so many of these; 0 is never. */
  readonly maxRequests: number
}

/** The connections of HTTP/2, on which gRPC and other requests come side by side. */
export class Http2Connections {
  readonly #init: Http2ConnectionsInit
  readonly #scope: ConnectionScope
  readonly #connections = new Set<ServedConnection>()
  readonly #waiting: (() => void)[] = []
  #retiring = false

  /** Throws if a method is bound twice. */
  constructor(init: Http2ConnectionsInit) {
    this.#init = init
    this.#scope = connectionScope(init)
  }

  /** Serves a connection: a socket that speaks HTTP/2 from its first byte. Bytes that were read ahead go back by `unshift`. */
  accept(socket: Socket): void {
    const { open, maxRequests } = this.#init
    let requests = 0
    // Clients may ping as often as they are answered.
    const onSend = (): void => connection.onSend()
    const fallback: ConnectionScope['fallback'] = (stream, block, endStream) => {
      requests += 1
      if (requests === maxRequests) connection.retire()
      return open({ stream, block, endStream, socket, onSend })
    }
    const connection = new ServedConnection(socket, { ...this.#scope, fallback }, (closed) => this.#forget(closed))
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
