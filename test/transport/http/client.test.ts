import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createNetServer } from 'node:net'
import { type CallOptions, Context, type Method, outgoingContext } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { createFakeClock } from 'tierkit/testing'
import { type HttpChannelOptions, httpChannel } from 'tierkit/transport/http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { waitForReadyKey } from '../../../src/endpoint/outgoing.js'
import { binding, gate, type Order, orderMethod, serverWith, waiting } from './fixture.js'

function channelTo(url: string, options: HttpChannelOptions = {}) {
  const channel = httpChannel(url, options)
  onTestFinished(() => channel.close())
  const call = (request: unknown, { method = orderMethod(), ...rest }: CallOptions & { method?: Method } = {}) =>
    channel.endpoint(method)(request, outgoingContext(method, rest))
  return { channel, call }
}

/** A server that answers as a test likes. */
async function answering(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createNetServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const streaming = orderMethod({ kind: 'server_stream' })

async function all(stream: unknown): Promise<unknown[]> {
  const seen: unknown[] = []
  for await (const { note } of stream as AsyncIterable<Order>) seen.push(note)
  return seen
}

describe('what goes out', () => {
  it('is a POST of JSON below the path of the URL, with metadata and the time that is left', async () => {
    const seen = gate<string>()
    const url = await answering((request, response) => {
      const { 'grpc-timeout': timeout, 'x-id': id, 'grpc-metadata-tenant': tenant, te } = request.headers
      seen.open(`${request.method} ${request.url} ${request.headers['content-type']} ${id} ${tenant} ${te} ${timeout}`)
      response.end('{"note":"n"}')
    })
    const { call } = channelTo(`${url}/api/`)
    const metadata = { 'x-id': '7', tenant: 'blue' }
    expect(await call({ note: 'a' }, { metadata, timeoutMs: 60_000 })).toMatchObject({ note: 'n' })
    expect(await seen.passed).toMatch(
      /^POST \/api\/shop\.v1\.Orders\/Call application\/json 7 blue trailers [1-5]?\d{4}m$/,
    )
  })

  it('that does not fit its type goes nowhere', async () => {
    const { call } = channelTo(`http://127.0.0.1:${await closedPort()}`)
    await expect(call({ note: 7 })).rejects.toMatchObject({ code: Code.INTERNAL })
  })

  it('uses one connection for one call after another', async () => {
    const { url } = await serverWith([binding({}, async (_, { peer }: Context) => ({ note: peer?.address }))])
    const { call } = channelTo(url)
    const first = await call({})
    expect(await call({})).toEqual(first)
  })

  it('keeps its connection after an error too', async () => {
    const { url } = await serverWith([
      binding({}, async (_, { peer }: Context) => {
        throw new RpcError(Code.NOT_FOUND, peer?.address ?? '')
      }),
    ])
    const { call } = channelTo(url)
    const first = await call({}).catch((error) => error.rawMessage)
    expect(await call({}).catch((error) => error.rawMessage)).toBe(first)
  })

  it('waits where there are as many connections as there may be, as long as its deadline allows', async () => {
    const { entered, endpoint } = waiting()
    const { url } = await serverWith([binding({}, endpoint)])
    const { call } = channelTo(url, { maxConnections: 1 })
    const running = call({}).catch((error) => error.code)
    await entered
    await expect(call({}, { timeoutMs: 20 })).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED })
    expect(running).toBeInstanceOf(Promise)
  })
})

describe('a response', () => {
  it.each([
    [200, '{', Code.INTERNAL],
    [200, '{"total":"x"}', Code.INTERNAL],
    [200, '', Code.INTERNAL],
    [302, '', Code.UNKNOWN],
    [404, '<html>', Code.UNIMPLEMENTED],
    [502, '', Code.UNAVAILABLE],
    [409, '{"code":10,"message":"again"}', Code.ABORTED],
    [200, `{"note":"${'a'.repeat(2000)}"}`, Code.RESOURCE_EXHAUSTED],
    [500, 'a'.repeat(2000), Code.RESOURCE_EXHAUSTED],
  ])('HTTP %d fails by what it says: row %#', async (status, body, code) => {
    const url = await answering((_, response) => response.writeHead(status).end(body))
    const { call } = channelTo(url, { maxResponseBytes: 1000 })
    const error: unknown = await call({}).catch((thrown) => thrown)
    expect(error).toBeInstanceOf(RpcError)
    expect(error).toMatchObject({ code, neverSent: false })
  })

  it('may have fields that are not known yet', async () => {
    const url = await answering((_, response) => response.end('{"note":"n","newer":1}'))
    expect(await channelTo(url).call({})).toMatchObject({ note: 'n' })
  })

  it('with headers over the limit is refused', async () => {
    const url = await answering((_, response) => response.setHeader('x-a', 'a'.repeat(5000)).end('{}'))
    const { call } = channelTo(url, { maxHeaderBytes: 1000 })
    await expect(call({})).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED })
  })

  it.each([
    ['before its head', ''],
    ['in its head', 'HTTP/1.1 200 OK\r\nContent-'],
    ['in its body', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{'],
  ])('that breaks off %s is UNAVAILABLE, and may have had an effect', async (_, text) => {
    const server = createNetServer((socket) => socket.once('data', () => socket.end(text))).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(() => void server.close())
    const { call } = channelTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    await expect(call({})).rejects.toMatchObject({ code: Code.UNAVAILABLE, neverSent: false })
  })

  it('that is not HTTP is INTERNAL', async () => {
    const server = createNetServer((socket) => socket.once('data', () => socket.end('hello\r\n'))).listen(
      0,
      '127.0.0.1',
    )
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(() => void server.close())
    const { call } = channelTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    await expect(call({})).rejects.toMatchObject({ code: Code.INTERNAL })
  })
})

describe('a stream of responses', () => {
  it.each([
    ['{"result":{"note":"a"}}\n\n{"result":{"note":"b"}}', ['a', 'b']],
    ['{"newer":1,"result":{"note":"a","newer":1,"color":"GREEN","item":{"newer":1}}}', ['a']],
    ['', []],
  ])('%j is read line by line', async (body, notes) => {
    const url = await answering((_, response) => response.setHeader('content-type', 'application/x-ndjson').end(body))
    expect(await all(await channelTo(url).call({}, { method: streaming }))).toEqual(notes)
  })

  it.each([
    ['{"result":{"note":"a"}}\n{"error":{"code":10,"message":"enough"}}\n', Code.ABORTED],
    ['{"result":{"note":"a"}}\n{"error":7}\n', Code.INTERNAL],
    ['{"result":{"note":"a"}}\n{', Code.INTERNAL],
    ['{"result":{"note":"a"}}\n{"result":{"total":"x"}}\n', Code.INTERNAL],
    [`{"result":{"note":"a"}}\n{"result":{"note":"${'b'.repeat(2000)}"}}\n`, Code.RESOURCE_EXHAUSTED],
  ])('%.60j ends with %s after what came before', async (body, code) => {
    const url = await answering((_, response) => response.setHeader('content-type', 'application/json').end(body))
    const stream = (await channelTo(url, { maxResponseBytes: 1000 }).call(
      {},
      { method: streaming },
    )) as AsyncIterable<Order>
    const seen: unknown[] = []
    const error = await (async () => {
      for await (const { note } of stream) seen.push(note)
    })().catch((thrown) => thrown)
    expect([seen, error.code]).toEqual([['a'], code])
  })

  it('that is something else is refused', async () => {
    const url = await answering((_, response) => response.setHeader('content-type', 'text/html').end('<html>'))
    await expect(all(await channelTo(url).call({}, { method: streaming }))).rejects.toMatchObject({
      code: Code.INTERNAL,
    })
  })

  it('that breaks off is UNAVAILABLE', async () => {
    const url = await answering((_, response) => {
      response.setHeader('content-type', 'application/json').write('{"result":{"note":"a"}}\n')
      setImmediate(() => response.destroy())
    })
    await expect(all(await channelTo(url).call({}, { method: streaming }))).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
    })
  })

  it('that nobody reads is released when it is left', async () => {
    const closed = gate()
    const url = await answering((request, response) => {
      request.socket.once('close', () => closed.open())
      response.setHeader('content-type', 'application/json').write('{"result":{"note":"a"}}\n')
    })
    const stream = (await channelTo(url).call({}, { method: streaming })) as AsyncIterableIterator<Order>
    await stream.return?.()
    await closed.passed
  })
})

describe('a stream of requests', () => {
  const collecting = orderMethod({ kind: 'client_stream' })

  it('is let go when the server answers before its end', async () => {
    const released = gate()
    async function* endless(): AsyncGenerator<Order> {
      try {
        for (;;) {
          yield { note: 'a'.repeat(1000) }
          await new Promise((resolve) => setImmediate(resolve))
        }
      } finally {
        released.open()
      }
    }
    const { url } = await serverWith([
      binding({ kind: 'client_stream' }, async (requests: AsyncIterable<Order>) => {
        for await (const _ of requests) break
        return { note: 'early' }
      }),
    ])
    expect(await channelTo(url).call(endless(), { method: collecting })).toMatchObject({ note: 'early' })
    await released.passed
  })
})

describe('a server that cannot be reached', () => {
  it('was certainly never sent the request', async () => {
    const { call } = channelTo(`http://127.0.0.1:${await closedPort()}`)
    await expect(call({})).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      neverSent: true,
      rawMessage: /ECONNREFUSED/,
    })
  })

  it('is tried again until it is there', async () => {
    const clock = createFakeClock()
    const port = await closedPort()
    const { channel } = channelTo(`http://127.0.0.1:${port}`, { clock, random: () => 0.5 })
    const states: string[] = []
    channel.onStateChange((state) => states.push(state))
    expect(channel.state).toBe('idle')
    channel.connect()
    await expect.poll(() => channel.state).toBe('transient_failure')
    await serverWith([binding()], { port })
    await clock.advance(1000)
    await expect.poll(() => channel.state).toBe('ready')
    expect(states).toEqual(['connecting', 'transient_failure', 'connecting', 'ready'])
    await channel.close()
    expect([channel.state, clock.pending]).toEqual(['shutdown', 0])
  })

  it('is found out by a call as well', async () => {
    const { server, url } = await serverWith([binding()])
    const { channel, call } = channelTo(url)
    await call({})
    expect(channel.state).toBe('ready')
    await server.close()
    await expect(call({})).rejects.toMatchObject({ code: Code.UNAVAILABLE })
    await expect(call({})).rejects.toMatchObject({ code: Code.UNAVAILABLE, neverSent: true })
    expect(channel.state).toBe('transient_failure')
  })

  it('is waited for by a call that says so', async () => {
    const port = await closedPort()
    const clock = createFakeClock()
    const { call } = channelTo(`http://127.0.0.1:${port}`, { clock })
    const pending = call({ note: 'a' }, { waitForReady: true })
    await expect.poll(() => clock.pending).toBe(1)
    await serverWith([binding()], { port })
    await clock.advance(2000)
    expect(await pending).toMatchObject({ note: 'a' })
  })
})

describe('a channel', () => {
  it.each([
    ['unary', false],
    ['unary', true],
    ['client_stream', false],
    ['server_stream', true],
  ] as const)(
    'makes no %s call whose time runs out while it is made, waiting for a connection: %s',
    async (kind, waits) => {
      const { url } = await serverWith([binding({ kind })])
      const { channel } = channelTo(url)
      let time = 1000
      // Time passes whenever somebody looks.
      const clock = { now: () => time++, schedule: () => () => {} }
      for (let left = 1; left < 10; left += 1) {
        const method = orderMethod({ kind })
        const context = new Context({ method, side: 'client', clock, deadline: time + left }).set(
          waitForReadyKey,
          waits,
        )
        const request = kind === 'client_stream' ? (async function* () {})() : {}
        const ended = channel.endpoint(method)(request, context)
        await ended.catch((error) => expect(error).toMatchObject({ code: Code.DEADLINE_EXCEEDED }))
      }
    },
  )

  it('that is closed fails its calls', async () => {
    const { entered, endpoint } = waiting()
    const { url } = await serverWith([binding({}, endpoint)])
    const { channel, call } = channelTo(url, { maxConnections: 1 })
    const running = call({}).catch((error) => error)
    await entered
    const queued = call({}).catch((error) => error)
    await channel.close()
    expect(await running).toMatchObject({ code: Code.UNAVAILABLE, rawMessage: 'the channel was closed' })
    expect(await queued).toMatchObject({ code: Code.UNAVAILABLE })
    await expect(call({})).rejects.toMatchObject({ code: Code.UNAVAILABLE, neverSent: true })
  })

  it.each([['grpc://a:1'], ['a:1'], [''], ['http://']])('to %j is refused', (url) => {
    expect(() => httpChannel(url)).toThrow(/is not a URL of an HTTP server/)
  })
})
