import { once } from 'node:events'
import { brotliDecompressSync, gzipSync } from 'node:zlib'
import type { Context } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { bindings, implement } from 'tierkit/service'
import { httpReplyKey, redirect } from 'tierkit/transport/http'
import { describe, expect, it } from 'vitest'
import { contract, Library } from '../../transport/http/transcode/library.js'
import { serving, session } from '../one-port/fixture.js'

const book = contract.codec('lib.v1.Book')

/** Sends a request over HTTP/2, and gives its head and its bytes. */
async function ask(url: string, head: Readonly<Record<string, string>>, body?: Uint8Array) {
  const request = session(url).request(head, { endStream: body === undefined })
  if (body !== undefined) request.end(body)
  const chunks: Buffer[] = []
  let headers: Record<string, unknown> = {}
  request.on('response', (received) => {
    headers = received
  })
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(request, 'close')
  return { status: headers[':status'], headers, bytes: Buffer.concat(chunks) }
}

/** A library on one port, whose books say what their title is about. */
function library(http = {}) {
  const echo = (request: unknown) => request
  const get = (request: { readonly title: string }, context: Context) => {
    if (request.title === 'missing') throw new RpcError(Code.NOT_FOUND, 'no such book', { reason: 'NO_BOOK' })
    if (request.title === 'moved') redirect(context, '/v1/titles/new', 308)
    if (request.title === 'made') context.set(httpReplyKey, { status: 201, headers: { ETag: '"1"' } })
    return request
  }
  const methods = Object.fromEntries(Object.keys(Library.methods).map((name) => [name, echo]))
  const own = {
    get,
    async *download() {
      yield { contentType: 'text/csv', data: Buffer.from('1;') }
      yield { data: Buffer.from([0, 255]) }
    },
  }
  return serving(bindings([implement(Library, { ...methods, ...own } as never)]), { http })
}

describe('transcoding over HTTP/2', () => {
  it('has bodies in protobuf, raw bodies and streams of them', async () => {
    const { httpUrl } = await library()
    const type = 'application/x-protobuf'
    const post = (path: string) => ({ ':method': 'POST', ':path': path, 'content-type': type })
    const binary = await ask(httpUrl, post('/v1/books'), book.encode({ title: 't' }))
    expect([binary.headers['content-type'], book.decode(binary.bytes)]).toMatchObject([type, { title: 't' }])
    const raw = await ask(httpUrl, { ...post('/v1/print'), 'content-type': 'image/png' }, Buffer.from([0, 255]))
    expect([raw.headers['content-type'], [...raw.bytes]]).toEqual(['image/png', [0, 255]])
    const stream = await ask(httpUrl, { ':path': '/v1/download/a' })
    expect([stream.headers['content-type'], [...stream.bytes]]).toEqual(['text/csv', [49, 59, 0, 255]])
  })

  it('compresses, and reads what is compressed', async () => {
    const { httpUrl } = await library({ compression: { thresholdBytes: 0 }, cors: { origins: ['https://a.example'] } })
    const head = { ':path': '/v1/titles/t', 'accept-encoding': 'br' }
    const { headers, bytes } = await ask(httpUrl, head)
    expect([headers['content-encoding'], brotliDecompressSync(bytes).toString()]).toEqual(['br', '{"title":"t"}'])
    expect([headers.vary, headers['content-length']]).toEqual(['Origin, Accept-Encoding', String(bytes.length)])
    const packed = {
      ':method': 'POST',
      ':path': '/v1/books',
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    }
    expect((await ask(httpUrl, packed, gzipSync('{"title":"t"}'))).bytes.toString()).toBe('{"title":"t"}')
    expect((await ask(httpUrl, packed, gzipSync(Buffer.alloc(20_000_000)))).status).toBe(413)
  })

  it('says statuses, headers and redirects', async () => {
    const { httpUrl } = await library()
    const made = await ask(httpUrl, { ':path': '/v1/titles/made' })
    expect([made.status, made.headers.etag, made.bytes.toString()]).toEqual([201, '"1"', '{"title":"made"}'])
    const moved = await ask(httpUrl, { ':path': '/v1/titles/moved' })
    expect([moved.status, moved.headers.location, moved.bytes.length]).toEqual([308, '/v1/titles/new', 0])
  })

  it('has errors in the shape of the server', async () => {
    const { httpUrl } = await library({ errorBody: 'rfc9457' })
    const missing = await ask(httpUrl, { ':path': '/v1/titles/missing' })
    expect(missing).toMatchObject({ status: 404, headers: { 'content-type': 'application/problem+json' } })
    expect(JSON.parse(missing.bytes.toString())).toMatchObject({ status: 404, code: 'NOT_FOUND', reason: 'NO_BOOK' })
  })
})
