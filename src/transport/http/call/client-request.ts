import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { type HeaderList, notReached } from '../error.js'

/** What a request is made of, beside its body. */
export interface ClientRequestInit {
  readonly secure: boolean
  readonly options: RequestOptions
  readonly headers: HeaderList
  readonly connectTimeoutMs: number
  schedule(delayMs: number, fire: () => void): () => void
}

/** A request under way. */
export interface SentRequest {
  readonly request: ClientRequest
  /** Resolves when there is a connection, and the head of the request has left. */
  readonly connected: Promise<void>
  /** The head of the response; rejects with an `RpcError`. */
  readonly response: Promise<IncomingMessage>
  /** Gives the request up, also while it waits for a connection; `response` rejects unless it is there. */
  abort(error: Error): void
}

/** Sends the head of a request, once there is a connection for it. The body is to be written by the caller. */
export function sendRequest(init: ClientRequestInit): SentRequest {
  const request = (init.secure ? httpsRequest : httpRequest)(init.options)
  for (const [name, value] of init.headers) request.appendHeader(name, value)
  let isConnected = false
  const connected = new Promise<void>((resolve) => {
    const ready = (): void => {
      isConnected = true
      resolve()
    }
    request.once('socket', (socket) => {
      if (socket.connecting) awaitConnection(request, socket, { ...init, ready })
      else ready()
    })
  })
  let abort: (error: Error) => void = () => {}
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', (head) => {
      // Whoever reads it hears of errors; after that they are nobody's, and must not end the process.
      head.on('error', () => {})
      resolve(head)
    })
    // There may be a second error when the first has ended everything.
    request.on('error', (error) => reject(notReached(error, !isConnected)))
    abort = (error) => {
      reject(error)
      request.destroy()
    }
  })
  return { request, connected, response, abort }
}

function awaitConnection(
  request: ClientRequest,
  socket: Socket,
  { secure, connectTimeoutMs, schedule, ready }: ClientRequestInit & { ready(): void },
): void {
  const timedOut = (): void => void request.destroy(new Error(`no connection within ${connectTimeoutMs} ms`))
  const cancelTimer = schedule(connectTimeoutMs, timedOut)
  socket.once('close', cancelTimer)
  socket.once(secure ? 'secureConnect' : 'connect', () => {
    cancelTimer()
    socket.off('close', cancelTimer)
    ready()
  })
}

/** Reads a whole response of at most `limit` bytes; rejects with an `RpcError`. */
export function readResponse(response: IncomingMessage, limit: number, overLimit: () => Error): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else response.destroy(overLimit())
    })
    response.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
    response.once('error', (error) => reject(notReached(error, false)))
  })
}
