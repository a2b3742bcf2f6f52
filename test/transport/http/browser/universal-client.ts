import { once } from 'node:events'
import { request as request1 } from 'node:http'
import { connect } from 'node:http2'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { Compression, UniversalClientFn, UniversalClientResponse } from '@connectrpc/connect/protocol'
import { onTestFinished } from 'vitest'

type Received = Readonly<Record<string, string | string[] | undefined>>

/** What the clients of others send with, over HTTP/1.1. */
export const overHttp1: UniversalClientFn = async ({ url, method, header, body, signal }) => {
  const outgoing = request1(url, { method, headers: flat(header), agent: false, ...(signal && { signal }) })
  const answered = once(outgoing, 'response')
  const sent = send(body, outgoing)
  const [response] = await Promise.race([answered, sent.then(() => answered)])
  return { ...answer(response.statusCode, response.headers), body: response }
}

/** What the clients of others send with, over HTTP/2 in plain text. */
export function overHttp2(url: string): UniversalClientFn {
  const session = connect(url)
  session.on('error', () => {})
  onTestFinished(() => session.destroy())
  return async ({ url, method, header, body, signal }) => {
    const { pathname, search } = new URL(url)
    const head = { ...flat(header), ':method': method, ':path': pathname + search }
    const stream = session.request(head, { endStream: body === undefined, ...(signal && { signal }) })
    stream.on('error', () => {})
    const answered = once(stream, 'response')
    answered.catch(() => {})
    if (body) send(body, stream).catch(() => {})
    const [headers] = await answered
    return { ...answer(headers[':status'], headers), body: stream }
  }
}

function flat(header: Headers): Record<string, string> {
  const { te: _, ...rest } = Object.fromEntries(header)
  return rest as Record<string, string>
}

async function send(body: AsyncIterable<Uint8Array> | undefined, outgoing: NodeJS.WritableStream): Promise<void> {
  if (body) for await (const bytes of body) if (!outgoing.write(bytes)) await once(outgoing, 'drain')
  outgoing.end()
}

function answer(status: number, received: Received): Omit<UniversalClientResponse, 'body'> {
  const header = new Headers()
  for (const [name, values] of Object.entries(received)) {
    if (name.startsWith(':')) continue
    for (const value of [values ?? []].flat()) header.append(name, value)
  }
  return { status, header, trailer: new Headers() }
}

const unpack = promisify(gunzip)

/** gzip, as the clients of others want it. */
export const gzipCompression: Compression = {
  name: 'gzip',
  compress: promisify(gzip),
  decompress: (bytes, most) => unpack(bytes, most > 0 && most < 2 ** 31 ? { maxOutputLength: most } : {}),
}

/** `fetch` over HTTP/2, as browsers have it. */
export function fetchOverHttp2(url: string): typeof fetch {
  const send = overHttp2(url)
  return async (input, init) => {
    const bytes = init?.body as Uint8Array | string | undefined | null
    const { status, header, body } = await send({
      url: String(input),
      method: init?.method ?? 'GET',
      header: new Headers(init?.headers),
      ...(bytes && { body: Readable.from([Buffer.from(bytes as string)]) }),
      ...(init?.signal && { signal: init.signal }),
    })
    return new Response(ReadableStream.from(body), { status, headers: header })
  }
}
