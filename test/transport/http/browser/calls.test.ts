import { once } from 'node:events'
import { request as request1 } from 'node:http'
import { connect } from 'node:net'
import type { Readable } from 'node:stream'
import { create } from '@bufbuild/protobuf'
import { type CallOptions, createClient } from '@connectrpc/connect'
import { createConnectTransport, createGrpcWebTransport } from '@connectrpc/connect-web'
import { Code, createApp, http, implement, type Middleware, outcome, RpcError, serve } from 'tierkit'
import type { Context } from 'tierkit/endpoint'
import { createFakeClock } from 'tierkit/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { gate } from '../fixture.js'
import { bindings, type EchoMessage, echo, type Handler, Web } from './contract.js'
import { foreignClients, starting } from './fixture.js'
import { ForeignEcho, ForeignWeb } from './foreign-contract.js'
import { frame, frames, send } from './raw.js'

type Call = (requests: AsyncIterable<unknown>, options?: CallOptions) => AsyncIterable<EchoMessage>
const repeat: Handler = (requests) => requests
const STREAM = { 'content-type': 'application/connect+json' }
const message = frame(0, '{"text":"Ada"}')

/** Sends the head and some of the body of a request, and keeps it open. */
function begin(url: string, path: string, body: Buffer) {
  const outgoing = request1(url + path, { method: 'POST', headers: STREAM, agent: false })
  outgoing.on('error', () => {})
  onTestFinished(() => void outgoing.destroy())
  outgoing.write(body)
  return outgoing
}

async function answerTo(outgoing: ReturnType<typeof begin>): Promise<string> {
  const [response] = await once(outgoing, 'response')
  const chunks: Buffer[] = []
  for await (const chunk of response as Readable) chunks.push(chunk)
  return frames(Buffer.concat(chunks))
    .map(([flags, content]) => `${flags}:${content}`)
    .join(' ')
}

describe('a stream both ways', () => {
  const full = foreignClients.filter(({ name, kinds }) => kinds.includes('chat') && name.includes('HTTP/2'))

  it.each(full.map((client) => [client.name, client] as const))(
    'answers each message before the next: %s',
    async (_, client) => {
      const { url } = await starting(client.port, bindings(repeat))
      const { chat } = createClient(ForeignWeb, client.open(url)) as unknown as { chat: Call }
      let answered = gate()
      async function* ask() {
        for (const text of ['one', 'two', 'three']) {
          yield create(ForeignEcho, { text } as never)
          await answered.passed
          answered = gate()
        }
      }
      const seen: string[] = []
      for await (const { text } of chat(ask())) {
        seen.push(text)
        answered.open()
      }
      expect(seen).toEqual(['one', 'two', 'three'])
    },
  )
})

describe('a stream of requests', () => {
  it('may be answered before it is over; its connection goes on once it is', async () => {
    const { port } = await starting(
      'http()',
      bindings(async function* () {
        yield echo({ text: 'early' })
      }),
    )
    const socket = connect(port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    const request = `POST /web.v1.Web/Join HTTP/1.1\r\nhost: a\r\ncontent-type: application/connect+json\r\ncontent-length: ${message.length}\r\n\r\n`
    socket.write(request)
    socket.write(message.subarray(0, 7))
    const first = String((await once(socket, 'data'))[0])
    expect(first).toContain('"early"')
    socket.write(message.subarray(7))
    socket.write(request)
    const second = String((await once(socket, 'data'))[0])
    expect(second).toContain('"early"')
  })

  it('may be answered before it is over', async () => {
    const { url } = await starting(
      'http()',
      bindings(async function* () {
        yield echo({ text: 'early' })
      }),
    )
    expect(await answerTo(begin(url, '/web.v1.Web/Join', message))).toBe('0:{"text":"early"} 2:{}')
  })

  it('that breaks off cancels the call', async () => {
    const entered = gate<Context>()
    const failed = gate<unknown>()
    const { url } = await starting(
      'http()',
      bindings(async function* (requests, context) {
        entered.open(context)
        try {
          for await (const request of requests) yield request
        } catch (thrown) {
          failed.open(thrown)
        }
      }),
    )
    const outgoing = begin(url, '/web.v1.Web/Chat', message)
    const context = await entered.passed
    outgoing.destroy()
    expect(await failed.passed).toMatchObject({ code: Code.CANCELLED })
    expect(context.cancelled?.code).toBe(Code.CANCELLED)
  })

  it('that cannot be read fails the call, whatever its handler makes of that', async () => {
    const { url } = await starting(
      'http()',
      bindings(async function* (requests) {
        try {
          for await (const _ of requests);
        } catch {
          yield echo({ text: 'all is well' })
        }
      }),
    )
    const outgoing = begin(url, '/web.v1.Web/Chat', Buffer.concat([message, frame(4, '')]))
    expect(await answerTo(outgoing)).toMatch(/^2:\{"error":\{"code":"internal"/)
  })

  it('is read no faster than its handler reads', async () => {
    const entered = gate()
    const go = gate()
    const { port } = await starting(
      'http()',
      bindings(async function* (requests) {
        entered.open()
        await go.passed
        let count = 0
        for await (const _ of requests) count += 1
        yield echo({ text: `${count}` })
      }),
    )
    const socket = connect(port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    const head = 'POST /web.v1.Web/Join HTTP/1.1\r\nhost: a\r\ncontent-type: application/connect+json\r\n'
    const large = frame(0, `{"text":"${'x'.repeat(999_980)}"}`)
    socket.write(`${head}content-length: ${large.length * 40}\r\n\r\n`)
    await entered.passed
    for (let n = 0; n < 40; n += 1) socket.write(large)
    let before = -1
    const atRest = (): boolean => {
      const now = socket.writableLength
      const same = now === before
      before = now
      return same
    }
    await expect.poll(atRest, { interval: 100 }).toBe(true)
    // More than sockets hold waits at the client.
    expect(socket.writableLength).toBeGreaterThan(10_000_000)
    go.open()
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toContain('"40"')
  })
})

describe('a stream of responses', () => {
  it('of which a client reads nothing is cut off', async () => {
    const ended = gate<Context>()
    const { port } = await starting(
      'http()',
      bindings(async function* (_, context) {
        context.onCancel(() => ended.open(context))
        for (;;) yield echo({ text: 'x'.repeat(100_000) })
      }),
      { writeTimeoutMs: 50 },
    )
    const socket = connect(port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    socket.on('error', () => {})
    const head = 'POST /web.v1.Web/List HTTP/1.1\r\nhost: a\r\ncontent-type: application/connect+json\r\n'
    socket.write(`${head}content-length: ${message.length}\r\n\r\n`)
    socket.write(message)
    expect((await ended.passed).cancelled?.code).toBe(Code.CANCELLED)
  })

  it('that is silent sends its head after a while', async () => {
    const entered = gate()
    const clock = createFakeClock()
    const { url } = await starting(
      'http()',
      bindings(async function* () {
        entered.open()
        await new Promise(() => {})
        yield echo()
      }),
      { clock, heartbeatMs: 5000 },
    )
    const outgoing = begin(url, '/web.v1.Web/List', message)
    outgoing.end()
    const answered = once(outgoing, 'response')
    await entered.passed
    await new Promise((resolve) => setImmediate(resolve))
    clock.advance(5000)
    const [response] = await answered
    expect(response.headers['content-type']).toBe('application/connect+json')
  })
})

it('a drain lets calls end, closes their connections and refuses others in their own words', async () => {
  const entered = gate()
  const go = gate()
  const { url, server, port } = await starting(
    'http()',
    bindings(async function* (requests) {
      entered.open()
      await go.passed
      yield* requests
    }),
  )
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const request = (body: string) =>
    `POST /web.v1.Web/Say HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nconnect-protocol-version: 1\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  socket.write(request('{"text":"Ada"}'))
  await entered.passed
  const drained = server.drain(5000)
  await expect(send(url, { body: '' })).rejects.toThrow()
  go.open()
  const [answer] = await once(socket, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1\.1 200 OK\r\n(.*\r\n)*Connection: close\r\n(.*\r\n)*\r\n\{"text":"Ada"\}$/)
  await drained
})

it('what answers other paths gets the calls of methods that are not there', async () => {
  const { url } = await starting('http()', bindings(repeat), {
    fallback: (request, response) => response.end(`else: ${request.url}`),
  })
  const answer = await send(url, {
    path: '/other.v1.Other/Call',
    headers: { 'content-type': 'application/grpc-web+proto' },
    body: frame(0, ''),
  })
  expect(answer.body.toString()).toBe('else: /other.v1.Other/Call')
})

it('a route of its own at some path is not taken for a call by GET', async () => {
  const { url } = await starting(
    'http()',
    [
      {
        method: { ...Web.methods.look, path: '/web.v1.Other/Look', http: [{ method: 'GET', path: '/look' }] },
        endpoint: async (request: unknown) => request,
      } as never,
    ],
    { unknownParameters: 'ignore' },
  )
  const { status, body } = await send(url, { method: 'GET', path: '/look?connect=v1&text=a' })
  expect([status, body.toString()]).toEqual([200, '{"text":"a"}'])
})

it('a call goes through the middleware of its app, with its method, metadata, deadline and outcome', async () => {
  const seen: unknown[] = []
  const watch: Middleware = (next) => (request, context) =>
    outcome(next, request, context, {
      end: ({ code }) => {
        const { method, metadata, deadline, peer } = context
        const hasPeer = peer?.address.startsWith('127.0.0.1:')
        seen.push([method.name, metadata.get('x-id'), deadline !== undefined, hasPeer, code])
      },
    })
  const app = createApp({
    name: 'web',
    services: [implement(Web, { ...unused, say: (request: EchoMessage) => request, async *list() {} })],
    servers: [http({ host: '127.0.0.1' }), serve({ host: '127.0.0.1' })],
    middleware: [watch],
  })
  const { servers } = await app.start()
  onTestFinished(() => app.stop())
  for (const { port } of servers) {
    for (const open of [createConnectTransport, createGrpcWebTransport]) {
      const client = createClient(ForeignWeb, open({ baseUrl: `http://127.0.0.1:${port}` })) as unknown as Foreign
      await client.say(create(ForeignEcho, {}), { headers: { 'x-id': 'a' }, timeoutMs: 20_000 })
      for await (const _ of client.list(create(ForeignEcho, {}), { headers: { 'x-id': 'b' } }));
      await client.look(create(ForeignEcho, {})).catch(() => {})
    }
  }
  const each = [
    ['Say', 'a', true, true, Code.OK],
    ['List', 'b', false, true, Code.OK],
    ['Look', undefined, false, true, Code.ABORTED],
  ]
  expect(seen).toEqual([...each, ...each, ...each, ...each])
})

interface Foreign {
  say(request: unknown, options?: CallOptions): Promise<unknown>
  look(request: unknown, options?: CallOptions): Promise<unknown>
  list(request: unknown, options?: CallOptions): AsyncIterable<unknown>
}

const unused = {
  look: () => {
    throw new RpcError(Code.ABORTED, 'again')
  },
  join: () => echo(),
  async *chat() {},
}
