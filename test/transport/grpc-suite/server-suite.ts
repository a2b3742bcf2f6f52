import { once, setMaxListeners } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect as connectSocket } from 'node:net'
import { addAbortSignal, type Duplex } from 'node:stream'
import { Code, RpcError } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { afterwards, all, bind, call, type GrpcFixture, gate, stream } from './fixture.js'
import { frame, rawAnswer, rawCall, rawConnect, rawOpen } from './raw-client.js'

/** How a server listens, what it bounds, and how it ends. */
export function serverSuite({ connect, open, serve, engine }: GrpcFixture): void {
  const echo = bind('unary', async (request: string) => request)

  /** A handler that waits until it is cancelled, and tells why. */
  function waiting() {
    const entered = gate()
    const cancelled = gate<RpcError>()
    const binding = bind('unary', (_, context) => {
      context.onCancel(cancelled.open)
      entered.open()
      return new Promise(() => {})
    })
    return { binding, entered: entered.reached, cancelled: cancelled.reached }
  }

  describe('listen', () => {
    it('says where it listens', async () => {
      const { address } = await serve([echo])
      expect(address).toEqual({ host: '127.0.0.1', port: address.port, url: `grpc://127.0.0.1:${address.port}` })
      const everywhere = engine.server()
      afterwards(() => everywhere.close())
      expect((await everywhere.listen([])).host).toBe('0.0.0.0')
    })

    it('names the address that it cannot have', async () => {
      const { address } = await serve([echo])
      const other = engine.server({ host: '127.0.0.1', port: address.port })
      await expect(other.listen([echo])).rejects.toThrow(`cannot listen on grpc://127.0.0.1:${address.port}: `)
      await expect(engine.server({ port: 70_000 }).listen([echo])).rejects.toThrow(
        'cannot listen on grpc://0.0.0.0:70000',
      )
    })

    it('refuses two methods of one path, and to listen twice', async () => {
      await expect(engine.server().listen([echo, echo])).rejects.toThrow('the method /test.Text/unary is bound twice')
      const { server } = await serve([echo])
      await expect(server.listen([echo])).rejects.toThrow('has listened before')
    })

    it('says what is wrong with a certificate', async () => {
      const server = engine.server({ host: '127.0.0.1', tls: { key: 'none', cert: 'none' } })
      await expect(server.listen([echo])).rejects.toThrow(
        'the key or a certificate of the gRPC server cannot be used: ',
      )
    })
  })

  describe('limits', () => {
    it('refuses more header bytes than are allowed, and goes on', async () => {
      const { url } = await serve([echo])
      const session = rawConnect(url)
      // The limit holds once the client has heard of it.
      await once(session, 'remoteSettings')
      const refused = rawOpen(session, { 'x-long': 'x'.repeat(9000) })
      refused.end(frame('x'))
      expect(await rawAnswer(refused)).toMatchObject(engine.tooLong)
      const taken = rawOpen(session, { 'x-long': 'x'.repeat(7000) })
      taken.end(frame('x'))
      expect((await rawAnswer(taken)).trailers['grpc-status']).toBe('0')
    })

    it('tells clients how many calls may run on a connection', async () => {
      const { url } = await serve([echo], { maxConcurrentStreams: 7, maxHeaderBytes: 5000 })
      const session = connectHttp2(url.replace('grpc', 'http'))
      afterwards(async () => session.destroy())
      const [settings] = await once(session, 'remoteSettings')
      expect(settings).toMatchObject({ maxConcurrentStreams: 7, maxHeaderListSize: 5000 })
    })

    it('fails a response over the limit with RESOURCE_EXHAUSTED', async () => {
      const long = bind('unary', async () => 'x'.repeat(101))
      const many = bind('server_stream', async () => stream('short', 'x'.repeat(101)))
      const { channel } = await connect([long, many], { server: { maxSendBytes: 100 } })
      await expect(call(channel, 'unary', '').response).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED })
      const responses = all(await call(channel, 'server_stream', '').response)
      await expect(responses).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED })
    })

    it('closes connections that are idle, and those that are old', async () => {
      for (const options of [{ maxConnectionIdleMs: 20 }, { maxConnectionAgeMs: 20 }]) {
        const { url } = await serve([echo], options)
        const session = rawConnect(url)
        await once(session, 'close')
      }
    })

    it('pings clients that are silent, and gives up those that do not answer', async () => {
      const { address } = await serve([echo], { keepalive: { timeMs: 20, timeoutMs: 20 } })
      const socket = connectSocket(address.port, '127.0.0.1')
      afterwards(async () => void socket.destroy())
      socket.on('error', () => {})
      // A client's preface and empty settings, and then nothing more.
      socket.write(
        Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])]),
      )
      socket.resume()
      await once(socket, 'close')
    })
  })

  describe('calls', () => {
    it('are cancelled when the client resets the stream, or the connection breaks', async () => {
      for (const breakOff of ['stream', 'session'] as const) {
        const { binding, entered, cancelled } = waiting()
        const { url } = await serve([binding])
        const session = rawConnect(url)
        const request = rawOpen(session)
        request.end(frame('x'))
        await entered
        if (breakOff === 'stream') request.close(8)
        else session.destroy()
        expect(await cancelled).toMatchObject({ code: Code.CANCELLED })
      }
    })

    // To `close` a stream would end it first.
    const resets: [string, (request: Duplex) => unknown][] = [
      ['NO_ERROR', (request) => request.destroy()],
      ['CANCEL', (request) => addAbortSignal(AbortSignal.abort(), request)],
    ]
    it.each(resets)('do not take a request stream that was reset with %s for one that ended', async (_, reset) => {
      const ended = gate<unknown>()
      const collect = bind('client_stream', async (requests) => {
        await all(requests).then(ended.open, ended.open)
        return 'done'
      })
      const { url } = await serve([collect])
      const request = rawOpen(rawConnect(url), { ':path': '/test.Text/client_stream' })
      request.write(frame('x'), () => reset(request))
      expect(await ended.reached).toMatchObject({ code: Code.CANCELLED })
    })

    it('send headers with the first message and not before, and with an error only if there are any', async () => {
      const failing = bind('unary', async (_, context) => {
        context.responseHeaders.set('x-head', 'h')
        throw new RpcError(Code.ABORTED, 'no')
      })
      const { url } = await serve([failing])
      const { headers, trailers } = await rawCall(url)
      expect(headers).toMatchObject({ 'x-head': 'h' })
      expect(headers).not.toHaveProperty('grpc-status')
      expect(trailers['grpc-status']).toBe('10')
    })

    it('write binary metadata without padding, and keep what is not theirs out of headers', async () => {
      const { url } = await serve([
        bind('unary', async (_, { responseHeaders, responseTrailers }) => {
          responseHeaders
            .set('x-one-bin', new Uint8Array([1]))
            .set('grpc-encoding', 'x')
            .set('connection', 'close')
          responseTrailers.set('grpc-status', '7').set('grpc-retry-pushback-ms', '5').set('x-authorization', 'a', 'b')
          responseTrailers.set('retry-after', '1', '2')
          return 'x'
        }),
      ])
      const { headers, trailers } = await rawCall(url)
      expect(headers).toMatchObject({ 'x-one-bin': 'AQ', 'grpc-encoding': 'identity' })
      expect(headers).not.toHaveProperty('connection')
      expect(trailers).toMatchObject({ 'grpc-status': '0', 'grpc-retry-pushback-ms': '5', 'retry-after': '1, 2' })
    })

    it('read binary metadata padded and unpadded, joined or not, and drop what gRPC cannot carry', async () => {
      const seen = gate<unknown>()
      const { url } = await serve([
        bind('unary', async (_, { metadata }) => {
          seen.open([...metadata].map(([key, values]) => [key, values.map(String)]))
          return 'x'
        }),
      ])
      await rawCall(url, {
        'x-a-bin': ['AQ==', 'Ag,AwQ'],
        'x-many': ['1', '2'],
        'x-latin': 'caf\u00e9',
        'user-agent': 'raw',
      })
      expect(await seen.reached).toEqual([
        ['x-a-bin', ['1', '2', '3,4']],
        ['x-many', ['1', '2']],
        ['user-agent', ['raw']],
      ])
    })

    it('bring a thousand open streams to an end when they are cancelled', async () => {
      let running = 0
      const entered = gate()
      const left = gate()
      const hanging = bind('server_stream', async (_, context) => {
        running += 1
        if (running === 1000) entered.open()
        context.onCancel(() => {
          running -= 1
          if (running === 0) left.open()
        })
        return (async function* () {
          yield 'first'
          await new Promise(() => {})
        })()
      })
      const { channel } = await connect([hanging])
      const controller = new AbortController()
      setMaxListeners(0, controller.signal)
      const reading = Array.from({ length: 1000 }, async () => {
        const { context, response } = call(channel, 'server_stream', '', { signal: controller.signal })
        const codes = await all(await response).catch(({ code }) => code)
        context.finish()
        return codes
      })
      await entered.reached
      controller.abort()
      expect(new Set(await Promise.all(reading))).toEqual(new Set([Code.CANCELLED]))
      await left.reached
    })
  })

  describe('drain', () => {
    it('serves calls that are under way when a client with running calls is asked to go', async () => {
      const { binding, entered } = waiting()
      const { server, url } = await serve([binding, bind('unary', async () => 'late', 'late')])
      const session = rawConnect(url)
      rawOpen(session).end(frame('x'))
      await entered
      const drained = server.drain(200)
      const [code, lastStream] = await once(session, 'goaway')
      // The first GOAWAY refuses nothing, so that no call is lost on the way.
      expect([code, lastStream]).toEqual([0, 2 ** 31 - 1])
      await drained
    })

    it('closes idle connections, and refuses new ones', async () => {
      const { server, url, address } = await serve([echo])
      const session = rawConnect(url)
      await once(session, 'remoteSettings')
      await server.drain(60_000)
      const socket = connectSocket(address.port, '127.0.0.1')
      const [error] = await once(socket, 'error')
      expect(error.code).toBe('ECONNREFUSED')
    })

    it('is not held up by a client that has gone quiet', async () => {
      const { binding, entered } = waiting()
      const { server, address } = await serve([binding])
      const silent = connectSocket(address.port, '127.0.0.1')
      silent.on('error', () => {})
      const { response } = call(open(address.url), 'unary', '')
      await entered
      await server.drain(20)
      await expect(response).rejects.toMatchObject({ code: Code.UNAVAILABLE })
      await server.close()
      if (!silent.destroyed) await once(silent.resume(), 'close')
    })

    it('may be asked for twice, and after a close', async () => {
      const { server } = await serve([echo])
      await Promise.all([server.drain(1000), server.drain(1000), server.close(), server.close()])
      await server.drain(1000)
    })

    it('closes a server that never listened', async () => {
      await engine.server().close()
    })
  })
}
