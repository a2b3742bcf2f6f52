import type { ClientRequest } from 'node:http'
import type { ClientOptions, WebSocket } from 'ws'
import { errorOfResponse, type HeaderList, notReached, responseTooLong } from '../error.js'
import { JSON_PROTOCOL } from '../websocket/handshake.js'
import { Gathered } from '../wire/gathered.js'

/** How a server is reached. */
export interface SocketClientHost {
  readonly secure: boolean
  readonly maxResponseBytes: number
  readonly connectTimeoutMs: number
  /** Trust, identity, and limits. */
  readonly socketOptions: ClientOptions
  /** Where a path is. */
  socketUrl(path: string): string
}

/** What a WebSocket is asked for with. */
export interface OpenClientInit {
  readonly host: SocketClientHost
  readonly path: string
  readonly headers: HeaderList
  schedule(delayMs: number, fire: () => void): () => void
  /** Takes the socket as soon as it is there, to be able to give it up. */
  take(socket: WebSocket): void
}

/** Most of an error body that is read, in bytes. */
const MOST_REFUSAL = 64 * 1024

/** Opens a WebSocket; rejects with the error that the server answers, or with why it cannot be reached. */
export async function openClient(init: OpenClientInit): Promise<WebSocket> {
  const { host, path, headers, take } = init
  const { WebSocket } = await import('ws')
  let isConnected = (): boolean => false
  const socket = new WebSocket(host.socketUrl(path), [JSON_PROTOCOL], {
    ...host.socketOptions,
    maxPayload: host.maxResponseBytes,
    perMessageDeflate: false,
    finishRequest: (request) => {
      isConnected = watch(request, init)
      for (const [name, value] of headers) request.appendHeader(name, value)
      request.end()
    },
  })
  take(socket)
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.on('error', (error) => reject(notReached(error, !isConnected())))
    socket.once('unexpected-response', (_, response) => {
      const body = new Gathered()
      response.on('data', (chunk: Buffer) => {
        body.add(chunk)
        if (body.size > MOST_REFUSAL) response.destroy(responseTooLong(MOST_REFUSAL))
      })
      response.once('end', () => reject(errorOfResponse(response.statusCode ?? 0, body.take().toString('utf8'))))
      response.once('error', (error) => reject(notReached(error, false)))
    })
  })
}

/** Gives a connection up that takes too long; the result tells whether there is one. */
function watch(request: ClientRequest, { host, schedule }: OpenClientInit): () => boolean {
  let connected = false
  request.once('socket', (socket) => {
    const { connectTimeoutMs } = host
    const timedOut = (): void => void request.destroy(new Error(`no connection within ${connectTimeoutMs} ms`))
    const cancelTimer = schedule(connectTimeoutMs, timedOut)
    socket.once('close', cancelTimer)
    socket.once(host.secure ? 'secureConnect' : 'connect', () => {
      connected = true
      cancelTimer()
    })
  })
  return () => connected
}
