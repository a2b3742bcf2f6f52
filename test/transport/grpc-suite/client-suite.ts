import { once, setMaxListeners } from 'node:events'
import { createServer as createHttp2Server, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net'
import { outgoingContext } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { afterwards, all, bind, call, type GrpcFixture, gate, methodOf, stream } from './fixture.js'
import { frame } from './raw-client.js'

/** What a channel sends, and makes of what it gets. */
export function clientSuite({ connect, open, serve, engine }: GrpcFixture): void {
  const echo = bind('unary', async (request: string) => request)

  async function portOf(server: Server): Promise<string> {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return `grpc://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  /** A server that answers with whatever a test wants. */
  async function rawServer(answer: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void): Promise<string> {
    const server = createHttp2Server()
    server.on('stream', (stream, headers) => {
      stream.on('error', () => {})
      answer(stream, headers)
    })
    const sessions = new Set<{ destroy(): void }>()
    server.on('session', (session) => sessions.add(session))
    afterwards(async () => {
      for (const session of sessions) session.destroy()
      server.close()
    })
    return portOf(server)
  }

  const ok = { ':status': 200, 'content-type': 'application/grpc' }
  const trailersOnly = (trailers: object) => (stream: ServerHttp2Stream) =>
    stream.respond({ ...ok, ...trailers }, { endStream: true })

  async function failure(response: Promise<unknown>): Promise<RpcError> {
    const error = await response.catch((thrown: unknown) => thrown)
    if (!(error instanceof RpcError)) throw new Error('the call was to fail', { cause: error })
    return error
  }

  const unary = async (url: string) => failure(call(open(url), 'unary', 'x').response)

  describe('a URL', () => {
    it.each(['127.0.0.1:80', 'http://127.0.0.1:80', 'grpc://127.0.0.1', 'grpc://:80', ''])('%j is refused', (url) => {
      expect(() => engine.channel(url)).toThrow('is not the URL of a gRPC server')
    })

    it('may have an IPv6 address', async () => {
      const { url } = await serve([echo], { host: '::1' })
      expect(url).toMatch(/^grpc:\/\/\[::1\]:/)
      expect(await call(open(url), 'unary', 'x').response).toBe('x')
    })
  })

  describe('a call that was never sent', () => {
    it('says so when nothing listens', async () => {
      const free = createSocketServer()
      const url = await portOf(free)
      free.close()
      expect(await unary(url)).toMatchObject({ code: Code.UNAVAILABLE, neverSent: true })
    })

    it('says so when a stream was refused', async () => {
      const url = await rawServer((stream) => stream.close(7))
      expect(await unary(url)).toMatchObject({ code: Code.UNAVAILABLE, neverSent: true })
    })

    it('says so when the channel is closed', async () => {
      const { channel } = await connect([echo])
      await channel.close()
      expect(await failure(call(channel, 'unary', 'x').response)).toMatchObject({
        code: Code.UNAVAILABLE,
        neverSent: true,
      })
      expect(channel.state).toBe('shutdown')
    })

    it('is not claimed of one that a server may have seen', async () => {
      const lost = await rawServer((stream) => stream.session?.destroy())
      expect(await unary(lost)).toMatchObject({ code: Code.UNAVAILABLE, neverSent: false })
      const busy = await rawServer(trailersOnly({ 'grpc-status': '14', 'grpc-message': 'Stream refused by server' }))
      expect(await unary(busy)).toMatchObject({ code: Code.UNAVAILABLE, neverSent: false })
    })

    it('opens no stream when it is cancelled in the same turn', async () => {
      let calls = 0
      const count = bind('client_stream', async () => {
        calls += 1
        return 'x'
      })
      const { channel } = await connect([echo, count])
      await call(channel, 'unary', 'x').response
      const { context, response } = call(channel, 'client_stream', stream('x'))
      context.cancel()
      expect(await failure(response)).toMatchObject({ code: Code.CANCELLED })
      await call(channel, 'unary', 'x').response
      expect(calls).toBe(0)
    })
  })

  describe('what a server answers', () => {
    it.each([
      [400, Code.INTERNAL],
      [401, Code.UNAUTHENTICATED],
      [403, Code.PERMISSION_DENIED],
      [404, Code.UNIMPLEMENTED],
      [429, Code.UNAVAILABLE],
      [431, Code.INTERNAL],
      [502, Code.UNAVAILABLE],
      [503, Code.UNAVAILABLE],
      [504, Code.UNAVAILABLE],
      [200, Code.UNKNOWN],
      [418, Code.UNKNOWN],
    ])('with HTTP status %i and no gRPC status has code %i', async (status, code) => {
      const url = await rawServer((stream) => stream.respond({ ':status': status }, { endStream: true }))
      expect((await unary(url)).code).toBe(code)
    })

    it.each([
      [2, Code.INTERNAL],
      [7, Code.UNAVAILABLE],
      [8, Code.CANCELLED],
      [11, Code.RESOURCE_EXHAUSTED],
      [12, Code.PERMISSION_DENIED],
      [1, Code.INTERNAL],
    ])('with a reset of code %i has code %i', async (reset, code) => {
      const url = await rawServer((stream) => stream.close(reset))
      expect((await unary(url)).code).toBe(code)
    })

    it.each(['17', '-1', '99', 'x', '', '5.5'])('with status %j is UNKNOWN', async (status) => {
      expect((await unary(await rawServer(trailersOnly({ 'grpc-status': status })))).code).toBe(Code.UNKNOWN)
    })

    it('with a status that HTTP/2 does not allow is an error', async () => {
      expect((await unary(await rawServer(trailersOnly({ 'grpc-status': ' 0' })))).code).toBe(engine.malformed)
    })

    it('has its message decoded, and one that is badly encoded left as it is', async () => {
      const messages = { '%2F %E2%98%BA%25': '/ \u263a%', '100%': '100%', '%zz%41': '%zzA', '%ff': '\ufffd' }
      for (const [encoded, message] of Object.entries(messages)) {
        const error = await unary(await rawServer(trailersOnly({ 'grpc-status': '5', 'grpc-message': encoded })))
        expect(error.rawMessage).toBe(message)
      }
    })

    it('keeps the code of the status when the details are of another, or none', async () => {
      for (const details of ['CAUSBG5vcGU', '!!!!']) {
        const trailers = { 'grpc-status': '5', 'grpc-message': 'no', 'grpc-status-details-bin': details }
        const error = await unary(await rawServer(trailersOnly(trailers)))
        expect(error).toMatchObject({ code: Code.NOT_FOUND, rawMessage: 'no' })
      }
    })

    it('is INTERNAL when a message is compressed without an encoding', async () => {
      const url = await rawServer((stream) => {
        stream.respond(ok, { waitForTrailers: true })
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
        stream.end(frame('x', 1))
      })
      expect((await unary(url)).code).toBe(Code.INTERNAL)
    })

    it.each([
      ['none', Buffer.alloc(0), Code.UNIMPLEMENTED],
      ['two', Buffer.concat([frame('a'), frame('b')]), Code.UNIMPLEMENTED],
    ])('has one message where one is due: %s', async (_, body, code) => {
      const url = await rawServer((stream) => {
        stream.respond(ok, { waitForTrailers: true })
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
        stream.end(body)
      })
      expect((await unary(url)).code).toBe(code)
    })

    it('is refused when it is too large', async () => {
      const { channel } = await connect([bind('unary', async () => 'x'.repeat(101))], {
        channel: { maxReceiveBytes: 100 },
      })
      expect((await failure(call(channel, 'unary', 'x').response)).code).toBe(Code.RESOURCE_EXHAUSTED)
    })

    it('brings repeated headers one by one, and those of an earlier attempt go', async () => {
      let calls = 0
      const { channel } = await connect([
        bind('unary', async (request, { responseHeaders }) => {
          calls += 1
          responseHeaders.set(`x-call-${calls}`, 'a, b', 'c')
          return request
        }),
      ])
      const method = methodOf('unary')
      const context = outgoingContext(method as never, {}, undefined)
      for (let n = 1; n <= 2; n += 1) {
        await channel.endpoint(method)('x', context)
        expect([...context.responseHeaders]).toEqual([[`x-call-${n}`, ['a, b', 'c']]])
      }
    })
  })

  describe('what a channel sends', () => {
    it('is compressed if it is told so', async () => {
      const seen = gate<IncomingHttpHeaders>()
      const url = await rawServer((stream, headers) => {
        seen.open(headers)
        trailersOnly({ 'grpc-status': '5' })(stream)
      })
      await failure(call(open(url, { gzip: true }), 'unary', 'x').response)
      expect(await seen.reached).toMatchObject({ 'grpc-encoding': 'gzip', te: 'trailers' })
      const { channel } = await connect([echo], { channel: { gzip: true } })
      expect(await call(channel, 'unary', 'long '.repeat(1000)).response).toBe('long '.repeat(1000))
    })

    it('has the time that is left, and metadata that is the caller\u2019s to set', async () => {
      const seen = gate<IncomingHttpHeaders>()
      const url = await rawServer((stream, headers) => {
        seen.open(headers)
        trailersOnly({ 'grpc-status': '5' })(stream)
      })
      const metadata = {
        'x-one-bin': new Uint8Array([1]),
        te: 'x',
        'grpc-timeout': '1n',
        authorization: ['a', 'b'],
        connection: 'x',
      }
      await failure(call(open(url), 'unary', 'x', { metadata, timeoutMs: 60 * 24 * 3_600_000 }).response)
      const headers = await seen.reached
      expect(headers).toMatchObject({ 'x-one-bin': 'AQ', te: 'trailers', authorization: 'a, b' })
      expect(headers).not.toHaveProperty('connection')
      expect(headers['grpc-timeout']).toMatch(/^51[0-9]{5,6}S$|^51[0-9]{8}m$/)
    })

    it('is refused when it is too large, or does not fit its type', async () => {
      const { channel } = await connect([echo, bind('client_stream', all)], { channel: { maxSendBytes: 100 } })
      const long = 'x'.repeat(101)
      expect((await failure(call(channel, 'unary', long).response)).code).toBe(Code.RESOURCE_EXHAUSTED)
      expect((await failure(call(channel, 'client_stream', stream('x', long)).response)).code).toBe(
        Code.RESOURCE_EXHAUSTED,
      )
      const method = methodOf('unary')
      const request = { ...method.request, encode: () => Promise.reject.call(null) as never }
      const response = channel.endpoint({ ...method, request })('x', outgoingContext(method as never, {}, undefined))
      expect((await failure(response)).code).toBe(Code.INTERNAL)
    })

    it('lets the source of requests go when the call is over before it is', async () => {
      const { channel } = await connect([bind('client_stream', async () => 'early')])
      const released = gate()
      async function* endless() {
        try {
          for (;;) yield 'x'
        } finally {
          released.open()
        }
      }
      expect(await call(channel, 'client_stream', endless()).response).toBe('early')
      await released.reached
    })

    it('surfaces what the source of requests throws', async () => {
      const { channel } = await connect([bind('client_stream', async (requests) => (await all(requests)).join())])
      const broken = new Error('no more')
      async function* breaking() {
        yield 'x'
        throw broken
      }
      await expect(call(channel, 'client_stream', breaking()).response).rejects.toBe(broken)
      await expect(call(channel, 'client_stream', {}).response).rejects.toThrow(TypeError)
    })
  })

  describe('a stream of responses', () => {
    it('brings every message before the error that ends it, however late they are read', async () => {
      const { channel } = await connect([
        bind('server_stream', async () =>
          (async function* () {
            yield* ['a', 'b', 'c']
            throw new RpcError(Code.DATA_LOSS, 'gone')
          })(),
        ),
        echo,
      ])
      const responses = (await call(channel, 'server_stream', '').response) as AsyncIterable<string>
      for (let n = 0; n < 5; n += 1) await call(channel, 'unary', 'x').response
      const seen: string[] = []
      const reading = async () => {
        for await (const response of responses) seen.push(response)
      }
      await expect(reading()).rejects.toMatchObject({ code: Code.DATA_LOSS })
      expect(seen).toEqual(['a', 'b', 'c'])
    })

    it('answers reads that were made ahead, in order', async () => {
      const { channel } = await connect([bind('server_stream', async () => stream('a', 'b'))])
      const responses = (await call(channel, 'server_stream', '').response) as AsyncIterator<string>
      const results = await Promise.all([responses.next(), responses.next(), responses.next(), responses.next()])
      expect(results.map(({ value, done }) => [value, done])).toEqual([
        ['a', false],
        ['b', false],
        [undefined, true],
        [undefined, true],
      ])
    })

    it('ends with an error that the first to read it gets, when a message cannot be read', async () => {
      const cancelled = gate()
      const { channel } = await connect([
        bind('server_stream', async (_, context) => {
          context.onCancel(() => cancelled.open())
          return (async function* () {
            yield 'x'
            await new Promise(() => {})
          })()
        }),
      ])
      const method = methodOf('server_stream')
      const response = {
        ...method.response,
        decode: () => {
          throw new Error('no such message')
        },
      }
      const context = outgoingContext(method as never, {}, undefined)
      const responses = (await channel.endpoint({ ...method, response })(
        '',
        context,
      )) as unknown as AsyncIterator<string>
      await expect(responses.next()).rejects.toMatchObject({ code: Code.INTERNAL })
      expect((await responses.next()).done).toBe(true)
      await cancelled.reached
    })
  })

  describe('the state of a channel', () => {
    it('is told to those who listen, from idle to ready to shutdown', async () => {
      const { channel } = await connect([echo])
      expect(channel.state).toBe('idle')
      const seen: string[] = []
      const ready = gate()
      channel.onStateChange((state) => {
        seen.push(state)
        if (state === 'ready') ready.open()
      })
      const stop = channel.onStateChange(() => seen.push('never'))
      stop()
      channel.connect()
      await ready.reached
      expect(channel.state).toBe('ready')
      await channel.close()
      await new Promise(setImmediate)
      expect(seen).toEqual(['connecting', 'ready', 'shutdown'])
    })

    it('is transient_failure when nothing listens, and calls fail fast until something does', async () => {
      const free = createSocketServer()
      const url = await portOf(free)
      free.close()
      const channel = open(url, { reconnect: { initialMs: 50, maxMs: 50 } })
      await failure(call(channel, 'unary', 'x').response)
      expect(channel.state).toBe('transient_failure')
      const waiting = call(channel, 'unary', 'x', { waitForReady: true })
      await serve([echo], { port: Number(new URL(url).port) })
      expect(await waiting.response).toBe('x')
      expect(channel.state).toBe('ready')
    })

    it('is idle again after the server has gone, and a waiting call ends with its deadline', async () => {
      const { channel, server } = await connect([echo])
      await call(channel, 'unary', 'x').response
      const left = gate<string>()
      channel.onStateChange(left.open)
      await server.close()
      expect(await left.reached).toBe('idle')
      const { response } = call(channel, 'unary', 'x', { waitForReady: true, timeoutMs: 100 })
      expect((await failure(response)).code).toBe(Code.DEADLINE_EXCEEDED)
    })

    it('ends what runs when the channel is closed', async () => {
      const entered = gate()
      const cancelled = gate()
      const { channel } = await connect([
        bind('unary', (_, context) => {
          context.onCancel(() => cancelled.open())
          entered.open()
          return new Promise(() => {})
        }),
      ])
      const { response } = call(channel, 'unary', 'x')
      await entered.reached
      await Promise.all([channel.close(), channel.close()])
      expect(await failure(response)).toMatchObject({ code: Code.UNAVAILABLE, neverSent: false })
      await cancelled.reached
    })

    it('is lost when a server does not answer a ping', async () => {
      // It takes a connection, says that it speaks HTTP/2, and then nothing more.
      const silent = createSocketServer((socket) => {
        socket.on('error', () => {})
        socket.resume()
        socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]))
        afterwards(async () => void socket.destroy())
      })
      afterwards(async () => void silent.close())
      const url = await portOf(silent)
      const channel = open(url, { keepalive: { timeMs: 20, timeoutMs: 20 } })
      const error = await failure(call(channel, 'unary', 'x').response)
      expect(error).toMatchObject({ code: Code.UNAVAILABLE, neverSent: false })
    })
  })

  it('leaves nothing behind after hundreds of cancelled calls', async () => {
    const { channel } = await connect([
      bind('unary', () => new Promise(() => {})),
      bind('unary', async () => 'x', 'ping'),
    ])
    const controller = new AbortController()
    setMaxListeners(0, controller.signal)
    await call(channel, 'unary', 'x', { name: 'ping' }).response
    const before = process.getActiveResourcesInfo().length
    // Not a thousand at once: that is an attack (rapid reset), and the server's HTTP/2 ends the connection.
    const calls = Array.from({ length: 500 }, () =>
      call(channel, 'unary', 'x', { timeoutMs: 60_000, signal: controller.signal }),
    )
    await new Promise(setImmediate)
    controller.abort()
    const errors = await Promise.all(calls.map(({ response }) => failure(response)))
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set([Code.CANCELLED]))
    for (const { context } of calls) context.finish()
    await call(channel, 'unary', 'x', { name: 'ping' }).response
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before)
  })
}
