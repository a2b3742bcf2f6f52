import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { raw } from '../fixture.js'
import { library } from './library.js'

/** Sends a request by hand, and gives the status and the message of what comes back. */
async function send(
  port: number,
  line: string,
  { body, headers = {} }: Sending = {},
): Promise<readonly [number, string]> {
  const own: Record<string, string> = { Host: 'x', Connection: 'close', ...headers }
  const bytes = body === undefined ? undefined : Buffer.from(body)
  if (bytes !== undefined) {
    own['Content-Type'] ??= 'application/json'
    own['Content-Length'] = String(bytes.length)
  }
  const head = [`${line} HTTP/1.1`, ...Object.entries(own).map(([name, value]) => `${name}: ${value}`)]
  const answer = await raw(port, Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes ?? Buffer.alloc(0)]))
  const [, status = '0'] = /^HTTP\/1\.1 (\d+)/.exec(answer) ?? []
  const text = answer.slice(answer.indexOf('\r\n\r\n') + 4)
  return [Number(status), messageOf(text)]
}

type Case = readonly [line: string, sending: Sending, status: number, message: string | RegExp]

function titleOf([line, { body, headers }, status]: Case): string {
  const sent = typeof body === 'string' ? body : (body?.toString('hex') ?? '')
  const rest = [line, sent, JSON.stringify(headers ?? '')].map((part) => part.slice(0, 50))
  return `${rest.join(' ')} is answered with ${status}`
}

interface Sending {
  readonly body?: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: string }
    return message ?? text
  } catch {
    return text
  }
}

const before = Object.getOwnPropertyNames(Object.prototype)
const deep = (open: string, close: string, n: number): string => open.repeat(n) + close.repeat(n)
const BOOKS = 'POST /v1/books'
const READ = 'cannot read lib.v1.Book from JSON'

describe('a hostile request', () => {
  let port = 0
  let close: () => void = () => {}
  beforeAll(async () => {
    const { httpServer } = await import('tierkit/transport/http')
    const { bindings, implement } = await import('tierkit/service')
    const { Library } = await import('./library.js')
    const echo = (request: unknown) => request
    const methods = Object.fromEntries(Object.keys(Library.methods).map((name) => [name, echo]))
    const server = httpServer({ host: '127.0.0.1', maxBodyBytes: 300_000 })
    const address = await server.listen(bindings([implement(Library, methods as never)]))
    port = address.port
    close = () => void server.close()
  })
  afterAll(() => close())

  const cases: readonly Case[] = [
    // JSON
    [BOOKS, { body: '{' }, 400, /^the request is not JSON: /],
    [BOOKS, { body: '{"title":"t"}x' }, 400, /^the request is not JSON: /],
    [BOOKS, { body: "{'title':1}" }, 400, /^the request is not JSON: /],
    [BOOKS, { body: '\ufeff{}' }, 400, /^the request is not JSON: /],
    [BOOKS, { body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]) }, 400, 'the request is not UTF-8'],
    [BOOKS, { body: Buffer.from('{}', 'utf16le') }, 400, /^the request is not JSON: /],
    [BOOKS, { body: 'null' }, 400, /^cannot read lib\.v1\.Book from JSON/],
    [BOOKS, { body: '[]' }, 400, /^cannot read lib\.v1\.Book from JSON/],
    [BOOKS, { body: '"x"' }, 400, /^cannot read lib\.v1\.Book from JSON/],
    [BOOKS, { body: '7' }, 400, /^cannot read lib\.v1\.Book from JSON/],
    [BOOKS, { body: deep('[', ']', 100_000) }, 400, /^cannot read lib\.v1\.Book from JSON/],
    [BOOKS, { body: `{"author":${deep('{"a":', '}', 40_000)}` }, 400, /^(the request is not JSON: |cannot read)/],
    [BOOKS, { body: `{"ratings":${deep('[', ']', 50_000)}}` }, 400, /^cannot read lib\.v1\.Book from JSON at ratings/],
    [BOOKS, { body: '{"__proto__":{"polluted":1}}' }, 400, /^cannot read .*__proto__/],
    [BOOKS, { body: '{"constructor":{"prototype":{"polluted":1}}}' }, 400, /^cannot read .*constructor/],
    [BOOKS, { body: '{"author":{"__proto__":{"polluted":1}}}' }, 400, /^cannot read .*__proto__/],
    [BOOKS, { body: '{"author":{"toString":"x"}}' }, 400, /^cannot read .*toString/],
    [BOOKS, { body: '{"ratings":{"__proto__":"x"}}' }, 400, /^cannot read .*ratings/],
    [BOOKS, { body: '{"pages":9223372036854775808}' }, 400, /pages/],
    [BOOKS, { body: '{"pages":1e400}' }, 400, /pages/],
    [BOOKS, { body: '{"pages":"1.5"}' }, 400, /pages/],
    [BOOKS, { body: '{"genre":"toString"}' }, 400, /genre/],
    [BOOKS, { body: '{"genre":"__proto__"}' }, 400, /genre/],
    [BOOKS, { body: '{"cover":"%%%"}' }, 400, /cover/],
    [BOOKS, { body: '{"bought":"0000-00-00T00:00:00Z"}' }, 400, /bought/],
    [BOOKS, { body: '{"title":"\\ud800"}' }, 400, /title/],
    [BOOKS, { body: '{"room":"a","box":1}' }, 400, new RegExp(`^${READ}`)],
    [BOOKS, { body: '{"tags":[null]}' }, 400, /tags/],
    [BOOKS, { body: `{"title":"${'x'.repeat(300_000)}"}` }, 413, 'the request is longer than 300000 bytes'],
    [BOOKS, { body: '{}', headers: { 'Content-Type': 'text/plain' } }, 415, 'the Content-Type is not application/json'],
    [
      BOOKS,
      { body: '{}', headers: { 'Content-Type': 'application/json; charset=utf-7' } },
      415,
      'the Content-Type is not application/json',
    ],
    [
      BOOKS,
      { body: '{}', headers: { 'Content-Type': `application/json${';'.repeat(5000)}` } },
      415,
      'the Content-Type is not application/json',
    ],
    [
      BOOKS,
      { body: Buffer.alloc(1000, 0x0b), headers: { 'Content-Type': 'application/x-protobuf' } },
      400,
      /the request is not lib\.v1\.Book in protobuf: groups are nested deeper than 100$/,
    ],
    // Path
    ['GET /v1/titles/%', {}, 400, 'the path has a malformed percent escape in title'],
    ['GET /v1/titles/%ff', {}, 400, 'the path has a malformed percent escape in title'],
    ['GET /v1/titles/%C0%AE%C0%AE', {}, 400, 'the path has a malformed percent escape in title'],
    ['GET /v1/shelves/1/books/%80', {}, 400, 'the path has a malformed percent escape in name'],
    ['GET /v1/titles/a/../../admin', {}, 404, 'nothing is at GET /v1/titles/a/../../admin'],
    ['GET /v1%2Ftitles/t', {}, 404, 'nothing is at GET /v1%2Ftitles/t'],
    ['GET //v1/titles/t', {}, 404, 'nothing is at GET //v1/titles/t'],
    ['GET /v1/titles/', {}, 404, 'nothing is at GET /v1/titles/'],
    ['GET /__proto__', {}, 404, 'nothing is at GET /__proto__'],
    ['GET /constructor/prototype', {}, 404, 'nothing is at GET /constructor/prototype'],
    [`GET /${'a/'.repeat(4000)}`, {}, 404, /^nothing is at GET /],
    [`GET /${'a'.repeat(9000)}`, {}, 414, 'the URL is too long'],
    ['GET /v1/authors/x/books/1e99', {}, 400, /born/],
    // Query
    ['GET /v1/tags?%', {}, 400, 'the query has a malformed percent escape'],
    ['GET /v1/tags?title=%ED%A0%80', {}, 400, 'the query has a malformed percent escape'],
    [
      'GET /v1/tags?__proto__[polluted]=1',
      {},
      400,
      'query parameter __proto__[polluted]: lib.v1.Book has no such field',
    ],
    [
      'GET /v1/tags?constructor.prototype.polluted=1',
      {},
      400,
      'query parameter constructor.prototype.polluted: lib.v1.Book has no such field',
    ],
    [
      'GET /v1/tags?author.__proto__.polluted=1',
      {},
      400,
      'query parameter author.__proto__.polluted: lib.v1.Book has no such field',
    ],
    [`GET /v1/tags?${'tags=a&'.repeat(101)}`, {}, 400, 'the query has 101 parameters, more than 100'],
    [`GET /v1/tags?${'a.'.repeat(3000)}b=1`, {}, 400, /lib\.v1\.Book has no such field$/],
    [`GET /v1/tags?${'['.repeat(3000)}=1`, {}, 400, /lib\.v1\.Book has no such field$/],
    [`GET /v1/tags?ratings[${'['.repeat(3000)}]=x`, {}, 400, /ratings/],
    ['GET /v1/tags?room=a&box=1', {}, 400, new RegExp(`^${READ}`)],
    [
      'GET /v1/tags?title=a&title=b',
      {},
      400,
      'query parameter title: it is there twice, but the field is not repeated',
    ],
    ['POST /v1/books?title=a', { body: '{}' }, 400, 'query parameter title: this route takes no query'],
    // Headers
    [BOOKS, { body: '{}', headers: { 'Grpc-Timeout': '999999999S' } }, 400, /^Grpc-Timeout is not/],
    [BOOKS, { body: '{}', headers: { 'Grpc-Timeout': '-1S' } }, 400, /^Grpc-Timeout is not/],
    [BOOKS, { body: '{}', headers: { Accept: `${'a/b;q=0.1,'.repeat(1000)}*/*` } }, 200, '{}'],
    [BOOKS, { body: '{}', headers: { Accept: ',;q=,;;,=' } }, 200, '{}'],
    [BOOKS, { body: '{}', headers: { 'Accept-Encoding': 'gzip;q=9e9,__proto__' } }, 200, '{}'],
    [
      BOOKS,
      { body: '{}', headers: { 'Content-Encoding': '__proto__' } },
      415,
      'the Content-Encoding is none of gzip, x-gzip, br, deflate, identity',
    ],
    [BOOKS, { body: '{}', headers: { 'Grpc-Metadata-__proto__': 'x', 'Grpc-Metadata-Grpc-Status': '0' } }, 200, '{}'],
    ['DELETE /v1/drop/a', { body: '{}' }, 400, 'this route takes no body'],
  ]
  it.each(cases.map((one) => [titleOf(one), ...one] as const))('%s', async (_, line, sending, status, message) => {
    const [got, said] = await send(port, line, sending)
    expect([got, said]).toEqual([status, typeof message === 'string' ? message : expect.stringMatching(message)])
    expect(await send(port, 'GET /v1/titles/t'), 'the server goes on').toEqual([200, '{"title":"t"}'])
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
  })

  it('with names of prototypes as keys of a map gets them back as keys, and nothing else', async () => {
    const body = '{"ratings":{"__proto__":1,"constructor":2,"prototype":3}}'
    expect(await send(port, BOOKS, { body })).toEqual([200, body])
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
  })

  it('for a parameter that nobody knows is harmless where those are ignored', async () => {
    const { ask } = await library({ unknownParameters: 'ignore' })
    const { json } = await ask('GET /v1/titles/t?__proto__.polluted=1&constructor[prototype]=1&author.__proto__=1')
    expect(json).toEqual({ title: 't' })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})
