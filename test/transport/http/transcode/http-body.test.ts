import { Code, RpcError } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { callThrough, library } from './library.js'

const bytes = Buffer.from([0, 255, 10, 13, 128])

describe('a google.api.HttpBody', () => {
  it.each([
    ['image/png', bytes],
    ['application/json', Buffer.from('{"not":')],
    ['text/plain; charset=latin1', Buffer.from([0xe4])],
    ['application/x-protobuf', bytes],
  ])('that is a request or a response goes as it is: %s', async (type, body) => {
    const { ask } = await library()
    for (const line of ['POST /v1/print', 'POST /lib.v1.Library/Print']) {
      const reply = await ask(line, { body, type })
      expect([reply.status, reply.headers.get('content-type'), reply.bytes]).toEqual([200, type, body])
    }
  })

  it('that is a field is the body, beside path and query', async () => {
    const seen: unknown[] = []
    const keep = (page: unknown) => {
      seen.push(page)
      return page
    }
    const { ask } = await library({}, { putPage: keep })
    const reply = await ask('PUT /v1/pages/cover?number=7', { body: bytes, type: 'image/png' })
    expect([reply.headers.get('content-type'), reply.bytes]).toEqual(['image/png', bytes])
    expect(seen).toMatchObject([
      { name: 'cover', number: 7, content: { contentType: 'image/png', data: new Uint8Array(bytes) } },
    ])
  })

  it('has no type if there is none, and may be empty', async () => {
    const { ask } = await library()
    const untyped = await ask('POST /v1/print', { body: bytes, type: '' })
    expect([untyped.headers.get('content-type'), untyped.bytes]).toEqual(['application/octet-stream', bytes])
    const empty = await ask('POST /v1/print')
    expect([empty.status, empty.bytes.length]).toEqual([200, 0])
    expect((await ask('PUT /v1/pages/cover')).bytes.length).toBe(0)
  })

  it('cannot put a line into the head of a response', async () => {
    const { ask } = await library({}, { print: () => ({ contentType: 'text/html\r\nSet-Cookie: a=b', data: bytes }) })
    const { status, headers } = await ask('POST /v1/print', { body: 'x', type: 'text/plain' })
    expect([status, headers.get('content-type'), headers.get('set-cookie')]).toEqual([
      200,
      'application/octet-stream',
      null,
    ])
  })

  it('in a stream of responses is a body in chunks, of the type of the first', async () => {
    const { ask } = await library()
    const { status, headers, text } = await ask('GET /v1/download/a')
    expect([status, headers.get('content-type'), text]).toEqual([200, 'text/csv', 'a;1;2'])
  })

  it('in a stream of requests has the type in the first', async () => {
    const { ask } = await library()
    const body = Buffer.alloc(300_000, 'x')
    const { json } = await ask('POST /v1/upload', { body, type: 'text/csv' })
    expect(json.title.length).toBe(body.length)
    expect(json.name).toMatch(/^text\/csv\|*$/)
  })

  it('in a stream that fails before it begins is an error with a status', async () => {
    const own = {
      // biome-ignore lint/correctness/useYield: it fails before
      async *download() {
        throw new RpcError(Code.NOT_FOUND, 'no such page')
      },
    }
    const { ask } = await library({}, own)
    expect(await ask('GET /v1/download/a')).toMatchObject({ status: 404, json: { message: 'no such page' } })
  })

  it('in a stream that fails later breaks off, so that nobody takes it for whole', async () => {
    const own = {
      async *download() {
        yield { contentType: 'text/csv', data: bytes }
        throw new RpcError(Code.NOT_FOUND, 'gone')
      },
    }
    const { ask } = await library({}, own)
    await expect(ask('GET /v1/download/a')).rejects.toThrow()
    expect((await ask('GET /v1/tags')).status).toBe(200)
  })

  it.each([false, true])('crosses the typed client, by rules: %s', async (rules) => {
    const { url } = await library()
    const content = { contentType: 'image/png', data: new Uint8Array(bytes) }
    expect(await callThrough(url, 'print', content, { rules })).toMatchObject(content)
    const page = await callThrough(url, 'putPage', { name: 'a', number: 7, content }, { rules })
    expect(page).toMatchObject(rules ? { content } : { name: 'a', number: 7, content })
    const parts = await callThrough(url, 'download', { name: 'a' }, { rules })
    expect(Buffer.concat(parts.map(({ data }: { data: Uint8Array }) => data)).toString()).toBe('a;1;2')
    expect(parts[0].contentType).toBe('text/csv')
    async function* chunks() {
      yield { contentType: 'text/csv', data: Buffer.from('a') }
      yield { contentType: '', data: Buffer.from('b') }
    }
    expect(await callThrough(url, 'upload', chunks(), { rules })).toMatchObject({ title: 'ab' })
  })
})
