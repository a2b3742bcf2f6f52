import { brotliCompressSync, brotliDecompressSync, deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib'
import { decodeStatus } from 'tierkit/codec'
import { Code, RpcError } from 'tierkit/error'
import type { HttpServerOptions } from 'tierkit/transport/http'
import { describe, expect, it } from 'vitest'
import { contract, library } from './library.js'

const book = contract.codec('lib.v1.Book')
const encoded = Buffer.from(book.encode({ title: 't', pages: 7n }))
const PROTOBUF = 'application/x-protobuf'

describe('the type of a response', () => {
  it.each([
    [undefined, undefined, 'application/json'],
    ['*/*', undefined, 'application/json'],
    ['application/json', undefined, 'application/json'],
    ['application/*', undefined, 'application/json'],
    ['application/x-protobuf', undefined, PROTOBUF],
    ['application/protobuf', undefined, 'application/protobuf'],
    ['application/proto', undefined, 'application/proto'],
    ['APPLICATION/X-PROTOBUF', undefined, PROTOBUF],
    ['application/json;q=0.5, application/x-protobuf', undefined, PROTOBUF],
    ['application/json;q=0.5, application/x-protobuf;q=0.4', undefined, 'application/json'],
    ['application/json;q=0, */*', undefined, PROTOBUF],
    ['*/*;q=0.1, application/x-protobuf;q=0.2', undefined, PROTOBUF],
    ['text/html, application/xhtml+xml, */*;q=0.8', undefined, 'application/json'],
    ['text/html', undefined, 'application/json'],
    ['application/x-protobuf;q=0', undefined, 'application/json'],
    ['application/x-protobuf;q=2', undefined, 'application/json'],
    ['application/x-protobuf;q=x, application/json;q=0.001', undefined, 'application/json'],
    ['', undefined, 'application/json'],
    [undefined, PROTOBUF, PROTOBUF],
    ['*/*', 'application/proto', 'application/proto'],
    ['application/json', PROTOBUF, 'application/json'],
    ['application/json, application/x-protobuf', PROTOBUF, PROTOBUF],
    ['text/html', PROTOBUF, 'application/json'],
  ])('for Accept: %s and a body in %s is %s', async (accept, type, expected) => {
    const { ask } = await library()
    const body = type === undefined ? '{"title":"t","pages":7}' : encoded
    const headers: Record<string, string> = accept === undefined ? {} : { accept }
    const reply = await ask('POST /v1/books', { body, type, headers })
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, expected])
    const isPlain = type === undefined && ['*/*', 'application/json', undefined].includes(accept)
    expect(reply.headers.get('vary')).toBe(isPlain ? null : 'Accept')
    if (expected === 'application/json') expect(reply.json).toEqual({ title: 't', pages: '7' })
    else expect(book.decode(reply.bytes)).toMatchObject({ title: 't', pages: 7n })
  })

  it.each([
    ['POST /v1/books', 'text/html', 406],
    ['POST /v1/books', 'application/json;q=0, application/x-protobuf;q=0', 406],
    ['POST /v1/books', 'application/x-protobuf', 200],
    ['POST /v1/books', 'text/html, */*;q=0.1', 200],
    ['GET /v1/tags', 'application/x-protobuf', 406],
    ['GET /v1/list/t', 'text/html', 200],
  ])('of %s for Accept: %s is refused if the server is strict: %d', async (line, accept, status) => {
    const { ask } = await library({ notAcceptable: 'reject' })
    const body = line.startsWith('POST') ? '{}' : undefined
    const reply = await ask(line, { body, headers: { accept } })
    expect(reply.status).toBe(status)
    if (status === 406)
      expect(reply.json.message).toMatch(/^what the Accept asks for is not here; there is application\/json/)
  })

  it('is JSON alone where the server speaks nothing else', async () => {
    const { ask } = await library({ formats: ['json'] })
    const reply = await ask('POST /v1/books', { body: '{}', headers: { accept: PROTOBUF } })
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/json'])
    expect((await ask('POST /v1/books', { body: encoded, type: PROTOBUF })).status).toBe(415)
  })

  it('in protobuf is that of an error too', async () => {
    const fail = () => {
      throw new RpcError(Code.NOT_FOUND, 'no such book', { reason: 'NO_BOOK' })
    }
    const { ask } = await library({}, { create: fail })
    const reply = await ask('POST /v1/books', { body: encoded, type: PROTOBUF })
    expect([reply.status, reply.headers.get('content-type')]).toEqual([404, PROTOBUF])
    expect(decodeStatus(reply.bytes)).toMatchObject({
      code: Code.NOT_FOUND,
      message: 'no such book',
      reason: 'NO_BOOK',
    })
  })
})

describe('a body in protobuf', () => {
  it.each([
    ['POST /lib.v1.Library/Get', encoded, 200, { title: 't', pages: '7' }],
    ['POST /v1/books', Buffer.alloc(0), 200, {}],
    ['POST /v1/books', Buffer.from([0xff, 0xff]), 400, undefined],
    ['POST /v1/books', Buffer.from([10, 200]), 400, undefined],
    ['PATCH /v1/shelves/1/books/2', encoded, 415, undefined],
    ['POST /v1/gather', encoded, 415, undefined],
    ['DELETE /v1/drop/a', encoded, 400, undefined],
  ])('to %s of %j is answered with %d', async (line, body, status, json) => {
    const { ask } = await library()
    const reply = await ask(line, { body, type: PROTOBUF, headers: { accept: 'application/json' } })
    expect(reply.status).toBe(status)
    if (json) expect(reply.json).toEqual(json)
  })

  it('leaves the path its fields, and those at their default too', async () => {
    const { ask } = await library({
      httpRules: [{ selector: 'lib.v1.Library.Get', post: '/x/{pages}/{author.last}', body: '*' }],
    })
    const body = Buffer.from(book.encode({ pages: 7n, title: 't', author: { first: 'S', last: 'body' } }))
    const reply = await ask('POST /x/0/Lem', { body, type: PROTOBUF, headers: { accept: 'application/json' } })
    expect(reply.json).toEqual({ title: 't', author: { first: 'S', last: 'Lem' } })
  })
})

const long = 'x'.repeat(2000)

describe('compression', () => {
  const unpackers = { br: brotliDecompressSync, gzip: gunzipSync, deflate: inflateSync } as const
  it.each([
    ['gzip', 'gzip'],
    ['br', 'br'],
    ['deflate', 'deflate'],
    ['gzip, deflate, br', 'br'],
    ['gzip;q=1.0, br;q=0.9', 'gzip'],
    ['GZIP', 'gzip'],
    ['x-gzip', 'gzip'],
    ['*', 'br'],
    ['*;q=0.5, br;q=0', 'gzip'],
    ['gzip;q=0', null],
    ['identity', null],
    ['identity, gzip;q=0.5', null],
    ['zstd', null],
    ['gzip;q=nonsense', null],
    ['', null],
  ])('for Accept-Encoding: %s is %s', async (accept, encoding) => {
    const { url } = await library({ compression: true })
    const { request } = await import('node:http')
    const { headers, body } = await new Promise<{ headers: Record<string, unknown>; body: Buffer }>((resolve) => {
      const sent = request(`${url}/v1/titles/${long}`, { headers: { 'accept-encoding': accept } }, async (response) => {
        const chunks: Buffer[] = []
        for await (const chunk of response) chunks.push(chunk)
        resolve({ headers: response.headers, body: Buffer.concat(chunks) })
      })
      sent.end()
    })
    expect([headers['content-encoding'] ?? null, headers.vary]).toEqual([encoding, 'Accept-Encoding'])
    expect(headers['content-length']).toBe(String(body.length))
    const unpacked = encoding === null ? body : unpackers[encoding as keyof typeof unpackers](body)
    expect(JSON.parse(unpacked.toString())).toEqual({ title: long })
  })

  it.each<[string, HttpServerOptions, string, string | null]>([
    ['is off by default', {}, `/v1/titles/${long}`, null],
    ['leaves what is short', { compression: true }, '/v1/titles/t', null],
    ['takes what is as long as it is told', { compression: { thresholdBytes: 10 } }, '/v1/titles/t', 'br'],
    ['uses the encodings that it is told', { compression: { encodings: ['gzip'] } }, `/v1/titles/${long}`, 'gzip'],
  ])('%s', async (_, options, path, encoding) => {
    const { ask } = await library(options)
    const { headers, json } = await ask(`GET ${path}`, { headers: { 'accept-encoding': 'br, gzip' } })
    expect(headers.get('content-encoding')).toBe(encoding)
    expect(json.title).toBe(path.slice('/v1/titles/'.length))
  })

  it.each([
    ['text/csv', 'gzip'],
    ['application/problem+json', 'gzip'],
    ['image/svg+xml', 'gzip'],
    ['image/png', null],
    ['application/zip', null],
    ['', null],
  ])('of a raw body in %s is %s', async (type, encoding) => {
    const { ask } = await library(
      { compression: true },
      { print: () => ({ contentType: type, data: Buffer.from(long) }) },
    )
    const { headers, text } = await ask('POST /v1/print', { headers: { 'accept-encoding': 'gzip' } })
    expect([headers.get('content-encoding'), text]).toEqual([encoding, long])
  })

  it('goes with the Vary of CORS', async () => {
    const { ask } = await library({ compression: true, cors: { origins: ['https://a.example'] } })
    const { headers } = await ask(`GET /v1/titles/${long}`, { headers: { origin: 'https://a.example' } })
    expect(headers.get('vary')).toBe('Origin, Accept-Encoding')
  })

  it.each([{ encodings: ['zstd' as never] }, { thresholdBytes: -1 }])('as %j fails the start', async (compression) => {
    await expect(library({ compression })).rejects.toThrow(/^compression: /)
  })
})

describe('a compressed body', () => {
  const json = Buffer.from('{"title":"t"}')
  it.each([
    ['gzip', gzipSync(json), 200],
    ['x-gzip', gzipSync(json), 200],
    ['GZip', gzipSync(json), 200],
    ['br', brotliCompressSync(json), 200],
    ['deflate', deflateSync(json), 200],
    ['identity', json, 200],
    ['gzip', json, 400],
    ['br', Buffer.from([255, 255, 255]), 400],
    ['deflate', json, 400],
    ['zstd', json, 415],
    ['gzip, gzip', gzipSync(gzipSync(json)), 415],
    ['gzip', gzipSync(Buffer.alloc(50_000_000)), 413],
    ['br', brotliCompressSync(Buffer.alloc(50_000_000)), 413],
    ['deflate', deflateSync(Buffer.alloc(50_000_000)), 413],
  ])('in %s is answered with its status', async (encoding, body, status) => {
    const { ask } = await library()
    const reply = await ask('POST /v1/books', { body, headers: { 'content-encoding': encoding } })
    expect(reply.status).toBe(status)
    if (status === 200) expect(reply.json).toEqual({ title: 't' })
    if (status === 415) expect(reply.headers.get('accept-encoding')).toBe('gzip, x-gzip, br, deflate, identity')
  })

  it('may be a stream of messages', async () => {
    const { ask } = await library()
    for (const [encoding, pack] of [
      ['br', brotliCompressSync],
      ['deflate', deflateSync],
      ['gzip', gzipSync],
    ] as const) {
      const body = pack(Buffer.from('{"title":"a"}\n{"title":"b"}\n'))
      const { json: answer } = await ask('POST /v1/gather', { body, headers: { 'content-encoding': encoding } })
      expect(answer).toEqual({ tags: ['a', 'b'] })
    }
  })
})
