import { once } from 'node:events'
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2'
import { connect as connectSocket, type Socket } from 'node:net'
import { type ServeOptions, serve } from 'tierkit/app'
import type { Binding } from 'tierkit/endpoint'
import { onTestFinished } from 'vitest'

export const CALL = '/shop.v1.Orders/Call'

/** Starts a server on a free loopback port for the length of a test. */
export async function serving(bindings: readonly Binding[], options: ServeOptions = {}) {
  const server = serve({ host: '127.0.0.1', ...options })
  const { port, urls = [] } = await server.listen(bindings)
  onTestFinished(() => server.close())
  const [grpcUrl = '', httpUrl = ''] = urls
  return { server, port, grpcUrl, httpUrl }
}

/** A connection of HTTP/2 for the length of a test. */
export function session(url: string, options: Parameters<typeof connect>[1] = {}): ClientHttp2Session {
  const client = connect(url, options)
  client.on('error', () => {})
  onTestFinished(() => client.destroy())
  return client
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly trailers: Readonly<Record<string, unknown>>
  readonly text: string
}

/** Sends a request, and gives all of its response. Rejects if the stream is reset with an error. */
export async function ask(
  client: ClientHttp2Session,
  head: OutgoingHttpHeaders,
  body?: string | Buffer,
): Promise<Answer> {
  const request = client.request({ 'content-type': 'application/json', ...head }, { endStream: body === undefined })
  if (body !== undefined) request.end(body)
  let headers: Record<string, unknown> = {}
  let trailers: Record<string, unknown> = {}
  let text = ''
  request.on('response', (received) => {
    headers = received
  })
  request.on('trailers', (received) => {
    trailers = received
  })
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => {
    text += chunk
  })
  await once(request, 'close')
  return { status: Number(headers[':status']), headers, trailers, text }
}

/** Posts JSON to a method. */
export function post(client: ClientHttp2Session, body: string | Buffer, headers: OutgoingHttpHeaders = {}) {
  return ask(client, { ':method': 'POST', ':path': CALL, ...headers }, body)
}

/** A bare connection for the length of a test, with what came so far. */
export async function bare(port: number): Promise<{ socket: Socket; received(): string; closed: Promise<unknown> }> {
  const socket = connectSocket(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  const closed = new Promise((resolve) => socket.once('close', resolve))
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  await once(socket, 'connect')
  return { socket, received: () => text, closed }
}
