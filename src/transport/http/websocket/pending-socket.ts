import { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import { badRequest } from '../error.js'
import type { IncomingRequest } from '../serve/incoming-request.js'

/** A request to become a WebSocket, with the connection that it came on. */
export interface UpgradeRequest {
  readonly request: IncomingRequest
  readonly socket: Duplex
  /** What came behind the head of the request. */
  readonly head: Buffer
}

/** What a connection hears while it waits. */
export interface PendingListener {
  /** The client went away. */
  gone(): void
  /** The client did what it may not do before it is answered. */
  broken(error: Error): void
}

/** A connection between the request for a WebSocket and its answer, which is one of HTTP or the WebSocket. */
export class PendingSocket {
  readonly request: IncomingRequest
  /** The answer of HTTP; the connection is closed behind it. */
  readonly response: ServerResponse
  readonly #socket: Duplex
  #stop: () => void = () => {}

  constructor({ request, socket }: UpgradeRequest) {
    this.request = request
    this.#socket = socket
    socket.on('error', destroySocket)
    this.response = new ServerResponse(request)
    this.response.shouldKeepAlive = false
    this.response.assignSocket(request.socket)
    this.response.once('finish', () => request.socket.destroySoon())
  }

  /** Begins to listen. A client waits for its answer before it sends anything more (RFC 6455, 4.1). */
  watch(head: Buffer, listener: PendingListener): void {
    const socket = this.#socket
    const early = (): void => {
      this.#stop()
      listener.broken(badRequest('the client sent more before its WebSocket was there'))
    }
    const end = (): void => {
      listener.gone()
      socket.destroy()
    }
    this.#stop = () => {
      socket.off('data', early).off('end', end).off('close', listener.gone)
    }
    socket.on('data', early).on('end', end).on('close', listener.gone)
    if (head.length > 0) early()
  }

  /** Makes it a WebSocket; `undefined` if the client is gone. */
  accept(server: WebSocketServer): WebSocket | undefined {
    this.#stop()
    const socket = this.#socket
    this.response.detachSocket(this.request.socket)
    socket.off('error', destroySocket)
    let accepted: WebSocket | undefined
    server.handleUpgrade(this.request, socket, NOTHING, (opened) => {
      accepted = opened
    })
    return accepted
  }
}

const NOTHING = Buffer.alloc(0)

function destroySocket(this: Duplex): void {
  this.destroy()
}
