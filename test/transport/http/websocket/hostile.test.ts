import type { Endpoint } from 'tierkit/endpoint'
import { httpServer } from 'tierkit/transport/http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { binding, type Order } from '../fixture.js'
import { CALL, frame, handshake, rawSocket, talk } from './fixture.js'

const echo: Endpoint = async (requests: AsyncIterable<Order>) =>
  (async function* () {
    yield { note: 'hello' }
    yield* requests
  })()

const server = httpServer({ host: '127.0.0.1', maxBodyBytes: 1000, maxUrlBytes: 200 })
let url: string
let port: number

beforeAll(async () => {
  const bound = await server.listen([
    binding({ kind: 'bidi_stream' }, echo),
    binding({ name: 'Plain' }),
    binding({ name: 'Watch', kind: 'server_stream' }, async ({ note }: Order) =>
      (async function* () {
        yield { note }
      })(),
    ),
  ])
  url = bound.url
  port = bound.port
})
afterAll(() => server.close())

/** The server goes on to serve others. */
async function lives(): Promise<void> {
  const call = await talk(url)
  call.end()
  expect(await call.closed).toEqual([1000, ''])
}

describe('a hostile handshake', () => {
  const big = 'x'.repeat(300)
  it.each<[what: string, head: string, status: number, message: RegExp]>([
    ['of another version', handshake(CALL, { 'Sec-WebSocket-Version': '8' }), 426, /only version 13/],
    ['of no version', handshake(CALL, { 'Sec-WebSocket-Version': undefined }), 426, /only version 13/],
    ['without key', handshake(CALL, { 'Sec-WebSocket-Key': undefined }), 400, /Sec-WebSocket-Key is not 16 bytes/],
    ['with a short key', handshake(CALL, { 'Sec-WebSocket-Key': 'YQ==' }), 400, /Sec-WebSocket-Key is not 16 bytes/],
    ['with two keys', handshake(CALL, { 'sec-websocket-key': 'YQ==' }), 400, /Sec-WebSocket-Key is not 16 bytes/],
    ['of HTTP/1.0', handshake().replace('HTTP/1.1', 'HTTP/1.0'), 400, /needs HTTP\/1\.1 and a Host/],
    ['without host', handshake(CALL, { Host: undefined }), 400, /needs HTTP\/1\.1 and a Host/],
    ['with a body', `${handshake(CALL, { 'Content-Length': '4' })}abcd`, 400, /has no body/],
    ['for unknown protocols', handshake(CALL, { 'Sec-WebSocket-Protocol': 'mqtt' }), 400, /offer tierkit\.json or/],
    [
      'for a token only',
      handshake(CALL, { 'Sec-WebSocket-Protocol': 'tierkit.bearer.x' }),
      400,
      /offer tierkit\.json or/,
    ],
    [
      'for a malformed list',
      handshake(CALL, { 'Sec-WebSocket-Protocol': 'tierkit.json,,' }),
      400,
      /not a list of different names/,
    ],
    [
      'for one protocol twice',
      handshake(CALL, { 'Sec-WebSocket-Protocol': 'tierkit.json, tierkit.json' }),
      400,
      /not a list of different names/,
    ],
    ['from a page elsewhere', handshake(CALL, { Origin: 'https://evil.example' }), 403, /pages of this origin/],
    ['from nowhere', handshake(CALL, { Origin: 'null' }), 403, /pages of this origin/],
    ['from something that is no origin', handshake(CALL, { Origin: 'http://[' }), 403, /pages of this origin/],
    ['from a scheme of its own', handshake(CALL, { Origin: 'app://x' }), 403, /pages of this origin/],
    ['for a unary method', handshake('/shop.v1.Orders/Plain'), 501, /Plain is unary, which needs no WebSocket/],
    ['for no method', handshake('/nope'), 404, /nothing is at GET \/nope/],
    ['with a long URL', handshake(`${CALL}?${big}`), 414, /the URL is too long/],
    ['with a query', handshake(`${CALL}?note=x`), 400, /this route takes no query/],
    ['with a malformed time-out', handshake(`${CALL}?grpc-timeout=1y`), 400, /Grpc-Timeout/],
    ['with frames before it is answered', `${handshake()}${frame('{}').toString('latin1')}`, 400, /sent more before/],
  ])('%s is answered as HTTP', async (_, head, status, message) => {
    const { all } = await rawSocket(port, Buffer.from(head, 'latin1'))
    const answer = await all
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toMatch(/\r\nConnection: close\r\n/i)
    expect((JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as { message: string }).message).toMatch(message)
    await lives()
  })

  it('that comes behind a request which is not answered yet ends the connection', async () => {
    const slow = `POST ${CALL.replace('Call', 'Plain')} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Type: application/json\r\n\r\n{`
    const { all } = await rawSocket(port, `${slow}${' '.repeat(3)}}${handshake()}`)
    expect(await all).not.toContain(' 101 ')
    await lives()
  })

  it.each([
    ['h2c', { Upgrade: 'h2c', Connection: 'Upgrade, HTTP2-Settings', 'HTTP2-Settings': 'AAMAAABkAAQAAP__' }],
    ['what it is not asked for by Connection', { Upgrade: 'websocket', Connection: 'close' }],
  ])('for %s is a plain request', async (_, headers) => {
    const lines = Object.entries({ Host: 'x', 'Content-Type': 'application/json', 'Content-Length': '12', ...headers })
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    const { until } = await rawSocket(port, `POST /shop.v1.Orders/Plain HTTP/1.1\r\n${head}\r\n{"note":"a"}`)
    expect(await until('{"note":"a"}')).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('by another HTTP method is a plain request', async () => {
    const head = handshake('/shop.v1.Orders/Plain').replace('GET', 'POST')
    const { until } = await rawSocket(port, head)
    expect(await until('{}')).toMatch(/^HTTP\/1\.1 200 /)
  })
})

describe('a hostile frame', () => {
  const fragments = (count: number): Buffer[] => [
    frame('"', { first: 0x01 }),
    ...Array.from({ length: count }, () => frame('', { first: 0x00 })),
  ]
  it.each<[what: string, bytes: Buffer | Buffer[], code: number, message: RegExp | undefined]>([
    ['that is not masked', frame('{}', { masked: false }), 1002, undefined],
    ['with reserved bits', frame('{}', { first: 0xf1 }), 1002, undefined],
    ['that claims to be compressed', frame('{}', { first: 0xc1 }), 1002, undefined],
    ['of an unknown opcode', frame('{}', { first: 0x83 }), 1002, undefined],
    ['that goes on with nothing', frame('{}', { first: 0x80 }), 1002, undefined],
    ['in the middle of another message', [frame('"', { first: 0x01 }), frame('{}')], 1002, undefined],
    ['of control in pieces', frame('x', { first: 0x09 }), 1002, undefined],
    ['of control that is long', frame('x'.repeat(126), { first: 0x89 }), 1002, undefined],
    ['that closes with half a code', frame('x', { first: 0x88 }), 1002, undefined],
    ['that closes with a code that is none', frame(Buffer.from([0x03, 0xed]), { first: 0x88 }), 1002, undefined],
    ['that is not UTF-8', frame(Buffer.from([0x22, 0xc3, 0x22])), 1007, undefined],
    [
      'that closes with a reason that is not UTF-8',
      frame(Buffer.from([0x03, 0xe8, 0xff]), { first: 0x88 }),
      1007,
      undefined,
    ],
    ['longer than a message may be', frame(`"${'x'.repeat(1000)}"`), 1009, undefined],
    ['that says it is longer than anything', frame('', { length: 2 ** 53 }), 1009, undefined],
    ['in too many pieces', fragments(1100), 1008, undefined],
    [
      'of pieces that add up',
      [frame('x'.repeat(600), { first: 0x01 }), frame('x'.repeat(600), { first: 0x80 })],
      1009,
      undefined,
    ],
    ['of bytes where text is spoken', frame('{}', { first: 0x82 }), 1003, /messages are JSON here: in text frames/],
    ['of no bytes where text is spoken', frame('', { first: 0x82 }), 1003, /messages are JSON here/],
    ['that is not JSON', frame('{"note":'), 1007, /the request is not JSON/],
    ['of JSON with more behind it', frame('{} {}'), 1007, /the request is not JSON/],
    ['of JSON that is no message', frame('7'), 4003, /Order/],
    ['with an unknown field', frame('{"nope":1}'), 4003, /nope/],
    ['with a prototype', frame('{"__proto__":{"note":"x"}}'), 4003, /__proto__/],
    ['with a value that does not fit', frame('{"total":"x"}'), 4003, /total/],
    [
      'after the end of the requests',
      Buffer.concat([frame(''), frame('{}')]),
      4003,
      /a message came that nobody waits for/,
    ],
  ])('%s ends the call', async (_, bytes, code, message) => {
    const { until, socket, closing } = await rawSocket(port, handshake())
    await until('hello')
    for (const one of [bytes].flat()) socket.write(one)
    const [closed, last] = await closing()
    expect(closed).toBe(code)
    if (message) expect(last).toMatch(message)
    await lives()
  })

  it('of a stream of responses that has its request is refused', async () => {
    const call = await talk(url, { path: '/shop.v1.Orders/Watch' })
    call.end()
    expect(await call.closed).toEqual([4003, 'there was no request before the end of the requests'])
    const late = await rawSocket(port, handshake('/shop.v1.Orders/Watch'))
    await late.until('\r\n\r\n')
    late.socket.write(Buffer.concat([frame('{"note":"a"}'), frame('{"note":"b"}')]))
    const [code, last] = await late.closing()
    expect([code, last]).toEqual([4003, expect.stringContaining('a message came that nobody waits for')])
    await lives()
  })

  it('of protobuf that is none, and of text, is refused where protobuf is spoken', async () => {
    for (const [content, code, reason] of [
      [Buffer.from([0xff]), 1007, /^the message is not shop\.v1\.Order in protobuf: [^[]+$/],
      ['{}', 1003, /^messages are protobuf here: in binary frames$/],
    ] as const) {
      const call = await talk(url, { protocols: ['tierkit.proto'] })
      call.socket.send(content)
      expect(await call.closed).toEqual([code, expect.stringMatching(reason)])
    }
    await lives()
  })
})
