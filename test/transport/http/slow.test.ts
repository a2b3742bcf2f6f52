import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { createFakeClock } from 'tierkit/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bindings, echo } from './browser/contract.js'
import { starting } from './browser/fixture.js'
import { frame } from './browser/raw.js'

const LIMIT = { requestTimeoutMs: 1000, heartbeatMs: 0, idleTimeoutMs: 0 }
const inJson = '{"code":4,"message":"the request did not arrive in time","details":[]}'
const inConnect = '{"code":"deadline_exceeded","message":"the request did not arrive in time"}'
const first = frame(0, '{"text":"Ada"}')

/** Counts its requests, in its last words. */
const counting = bindings(async function* (requests) {
  let count = 0
  for await (const _ of requests) count += 1
  yield echo({ text: `${count} came` })
})

/** A connection for the length of a test, and all that came over it once it is closed. */
function open(port: number) {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  return { socket, received: () => text, closed: once(socket, 'close').then(() => text) }
}

const head = (method: string, type: string, more = ''): string =>
  `POST /web.v1.Web/${method} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\n${more}Transfer-Encoding: chunked\r\n\r\n`
const chunk = (content: Buffer | string): Buffer =>
  Buffer.concat([
    Buffer.from(`${Buffer.byteLength(content).toString(16)}\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ])

const CONNECT = 'Connect-Protocol-Version: 1\r\n'
const protocols = [
  ['JSON', head('Say', 'application/json'), '{', /^HTTP\/1\.1 (408|400) /, inJson],
  ['lines of JSON', head('Join', 'application/x-ndjson'), '{}\n', /^HTTP\/1\.1 (408|400) /, inJson],
  ['Connect', head('Say', 'application/json', CONNECT), '{', /^HTTP\/1\.1 (504|400) /, inConnect],
  [
    'a stream of Connect',
    head('Join', 'application/connect+json'),
    first,
    /^HTTP\/1\.1 200 /,
    `{"error":${inConnect}}`,
  ],
  [
    'gRPC-Web',
    head('Say', 'application/grpc-web+json'),
    first.subarray(0, 7),
    /^HTTP\/1\.1 200 /,
    /grpc-status: 4\r\n/,
  ],
] as const

describe('a request that does not arrive in time', () => {
  it.each(protocols)(
    'is refused in the words of %s, and its connection closed',
    async (_, start, body, status, text) => {
      const clock = createFakeClock()
      const { port } = await starting('http()', counting, { ...LIMIT, clock })
      const { socket, closed } = open(port)
      socket.write(start)
      socket.write(chunk(body))
      await expect.poll(() => clock.pending).toBe(1)
      await clock.advance(1250)
      const answer = await closed
      expect(answer).toMatch(status)
      if (typeof text === 'string') expect(answer).toContain(text)
      else expect(answer).toMatch(text)
      expect(answer).toMatch(/^connection: close\r$/im)
      await clock.advance(1000)
      expect(clock.pending).toBe(0)
    },
  )

  it('keeps its connection no longer than others though it was answered early', async () => {
    const clock = createFakeClock()
    const { port } = await starting('http()', counting, { ...LIMIT, clock })
    const { socket, received, closed } = open(port)
    socket.write(head('Nothing', 'application/json'))
    socket.write(chunk('{'))
    await expect.poll(received).toContain('404')
    await clock.advance(1250)
    expect(await closed).toMatch(/^HTTP\/1\.1 404 /)
  })

  it.each([
    ['Say', { 'content-type': 'application/json', 'connect-protocol-version': '1' }, '{', 504, inConnect],
    ['Say', { 'content-type': 'application/json' }, '{', 408, inJson],
    ['Join', { 'content-type': 'application/x-ndjson' }, '{}\n', 408, inJson],
    ['Chat', { 'content-type': 'application/connect+json' }, first, 200, `{"error":${inConnect}}`],
  ])('over HTTP/2: %s %j', async (method, headers, body, status, text) => {
    const clock = createFakeClock()
    const { url } = await starting('serve()', counting, { ...LIMIT, clock })
    const client = connectHttp2(url)
    onTestFinished(() => client.destroy())
    const request = client.request({ ':method': 'POST', ':path': `/web.v1.Web/${method}`, ...headers })
    request.write(body)
    await expect.poll(() => clock.pending).toBe(1)
    const answered = once(request, 'response')
    await clock.advance(1250)
    const [answer] = await answered
    expect(answer[':status']).toBe(status)
    expect((await request.toArray()).join('')).toContain(text)
  })
})

describe('a stream of requests', () => {
  it.each(['http()', 'serve()'] as const)('to %s lives for as long as it moves', async (name) => {
    const clock = createFakeClock()
    const read = { count: 0 }
    const { port } = await starting(
      name,
      bindings(async function* (requests) {
        for await (const _ of requests) read.count += 1
        yield echo({ text: `${read.count} came` })
      }),
      { ...LIMIT, clock },
    )
    const { socket, received } = open(port)
    socket.write(head('Join', 'application/connect+json'))
    for (let n = 1; n <= 5; n += 1) {
      socket.write(chunk(first))
      await expect.poll(() => read.count).toBe(n)
      await clock.advance(900)
    }
    socket.write('0\r\n\r\n')
    await expect.poll(received).toContain('"5 came"')
  })
})

describe('a request that turns out to be none while it arrives', () => {
  it.each(protocols)('is refused in the words of %s', async (_, start, body, status) => {
    const { port } = await starting('http()', counting)
    const { socket, closed } = open(port)
    socket.write(Buffer.concat([Buffer.from(start), chunk(body), Buffer.from('no chunk\r\n')]))
    const answer = await closed
    expect(answer).toMatch(status)
    expect(answer).toMatch(/the( |%20)request( |%20)is( |%20)not( |%20)HTTP/)
    expect(answer.match(/HTTP\/1\.1 \d/g)).toHaveLength(1)
  })
})
