import { gunzipSync, gzipSync } from 'node:zlib'
import { Code, RpcError } from 'tierkit/error'
import { createFakeClock } from 'tierkit/testing'
import { describe, expect, it } from 'vitest'
import { all, bind, type GrpcFixture, gate, stream } from './fixture.js'
import { frame, rawAnswer, rawCall, rawConnect, rawOpen } from './raw-client.js'

/** What a server makes of what arrives, as it stands in the frames. */
export function protocolSuite({ serve }: GrpcFixture): void {
  const echo = bind('unary', async (request: string) => request)
  const status = ({ trailers }: { trailers: Record<string, string> }) => [
    Number(trailers['grpc-status']),
    decodeURIComponent(trailers['grpc-message'] ?? ''),
  ]

  describe('grpc-timeout', () => {
    it('is accepted in all its units up to 99999999 hours, and none is cut short', async () => {
      const clock = createFakeClock()
      const seen: (number | undefined)[] = []
      const deadlineOf = bind('unary', async (_, { deadline }) => `${seen.push(deadline)}`)
      const session = rawConnect((await serve([deadlineOf], { clock })).url)
      const unitMs = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 }
      const amounts = [1, 9, 42, 999, 1000, 25_000, 2_592_000, 9_999_999, 10_000_000, 99_999_999]
      for (const [unit, factor] of Object.entries(unitMs)) {
        for (const amount of amounts) {
          const request = rawOpen(session, { 'grpc-timeout': `${amount}${unit}` })
          request.end(frame('x'))
          const { trailers } = await rawAnswer(request)
          expect([`${amount}${unit}`, trailers['grpc-status']]).toEqual([`${amount}${unit}`, '0'])
          expect(seen.pop()).toBeCloseTo(amount * factor)
        }
      }
    })

    it('ends the call when it is over, whatever the handler does', async () => {
      const clock = createFakeClock()
      const entered = gate()
      const cancelled = gate<RpcError>()
      const waiting = bind('unary', (_, context) => {
        context.onCancel(cancelled.open)
        entered.open()
        return new Promise(() => {})
      })
      const { url } = await serve([waiting], { clock })
      const answer = rawCall(url, { 'grpc-timeout': '2592000S' })
      await entered.reached
      await clock.advance(2_592_000_000)
      expect(status(await answer)).toEqual([Code.DEADLINE_EXCEEDED, 'the deadline passed'])
      expect((await cancelled.reached).code).toBe(Code.DEADLINE_EXCEEDED)
    })

    it('runs while the request is still on its way', async () => {
      const clock = createFakeClock()
      const { url } = await serve([echo], { clock })
      const call = rawOpen(rawConnect(url), { 'grpc-timeout': '1S' })
      const answer = rawAnswer(call)
      call.write(frame('half').subarray(0, 7))
      while (clock.pending === 0) await new Promise(setImmediate)
      await clock.advance(1000)
      expect(status(await answer)[0]).toBe(Code.DEADLINE_EXCEEDED)
    })

    it.each(['xx1Syy', '1', 'S', '1 S', '-1S', '123456789S', '1s', '1.5S', '1S, 2S'])(
      '%s is refused',
      async (header) => {
        const { url } = await serve([echo])
        expect(status(await rawCall(url, { 'grpc-timeout': header }))).toEqual([
          Code.INTERNAL,
          `grpc-timeout ${header} is malformed`,
        ])
      },
    )
  })

  describe('what is no gRPC call', () => {
    it('is answered by HTTP: 405 for a GET, 415 for other content', async () => {
      const { url } = await serve([echo])
      expect((await rawCall(url, { ':method': 'GET' })).headers).toMatchObject({ ':status': 405, allow: 'POST' })
      for (const type of ['application/grpc-web', 'application/json', 'application/grpcx', undefined]) {
        expect((await rawCall(url, { 'content-type': type })).headers).toMatchObject({ ':status': 415 })
      }
      const proto = [
        'application/grpc',
        'application/grpc+proto',
        'application/grpc;x=1',
        'Application/gRPC+Proto ; x=1',
      ]
      for (const type of proto) {
        expect(status(await rawCall(url, { 'content-type': type }))[0]).toBe(Code.OK)
      }
    })

    it.each(['application/grpc+json', 'application/grpc+protobuf', 'application/grpc+', 'application/grpc+proto+x'])(
      'is UNIMPLEMENTED if its messages are in another format than protobuf: %s',
      async (type) => {
        const { url } = await serve([echo])
        const answer = await rawCall(url, { 'content-type': type })
        expect(answer.headers).toMatchObject({ ':status': 200, 'content-type': 'application/grpc+proto' })
        expect(status(answer)).toEqual([
          Code.UNIMPLEMENTED,
          `${type} cannot be read: messages are in protobuf here, application/grpc or application/grpc+proto`,
        ])
      },
    )

    it('is UNIMPLEMENTED if there is no such method, and the text is percent-encoded', async () => {
      const { url } = await serve([echo])
      const { trailers } = await rawCall(url, { ':path': '/test.Text/100%' })
      expect(trailers).toMatchObject({
        'grpc-status': '12',
        'grpc-message': 'the%20server%20has%20no%20method%20/test.Text/100%25',
      })
    })
  })

  describe('message framing', () => {
    const cases: [string, Buffer, Record<string, string>, number][] = [
      ['a flag that gRPC does not know', frame('x', 2), {}, Code.INTERNAL],
      ['a compressed message without an encoding', frame(gzipSync('x'), 1), {}, Code.INTERNAL],
      ['a stream that ends within a message', frame('hello').subarray(0, 8), {}, Code.INTERNAL],
      ['a stream that ends within a prefix', frame('hello').subarray(0, 3), {}, Code.INTERNAL],
      ['no message', Buffer.alloc(0), {}, Code.UNIMPLEMENTED],
      ['two messages', Buffer.concat([frame('a'), frame('b')]), {}, Code.UNIMPLEMENTED],
      [
        'a message over the limit',
        Buffer.concat([frame('').subarray(0, 1), Buffer.from([255, 255, 255, 255])]),
        {},
        Code.RESOURCE_EXHAUSTED,
      ],
      ['gzip that is none', frame('x', 1), { 'grpc-encoding': 'gzip' }, Code.INTERNAL],
      [
        'a message that is over the limit when inflated',
        frame(gzipSync(Buffer.alloc(2000)), 1),
        { 'grpc-encoding': 'gzip' },
        Code.RESOURCE_EXHAUSTED,
      ],
      ['an encoding that is unknown', frame('x'), { 'grpc-encoding': 'snappy' }, Code.UNIMPLEMENTED],
    ]
    it.each(cases)('%s', async (_, body, headers, code) => {
      let entered = false
      const handler = async (request: string) => {
        entered = true
        return request
      }
      const { url } = await serve([bind('unary', handler)], { maxReceiveBytes: 1000 })
      expect(status(await rawCall(url, headers, body))[0]).toBe(code)
      expect(entered).toBe(false)
      expect(status(await rawCall(url))[0]).toBe(Code.OK)
    })

    it('names the encodings that it reads when it is asked for another', async () => {
      const { url } = await serve([echo])
      const { trailers } = await rawCall(url, { 'grpc-encoding': 'snappy' })
      expect(trailers['grpc-accept-encoding']).toBe('identity,deflate,gzip')
    })

    it('reads compressed requests', async () => {
      const { url } = await serve([echo])
      const { body } = await rawCall(url, { 'grpc-encoding': 'gzip' }, frame(gzipSync('hello'), 1))
      expect(body).toEqual(frame('hello'))
    })

    it('finds the fault in a message that comes byte by byte', async () => {
      const { url } = await serve([bind('client_stream', async (requests) => (await all(requests)).join())])
      const call = rawOpen(rawConnect(url), { ':path': '/test.Text/client_stream' })
      const answer = rawAnswer(call)
      const bytes = Buffer.concat([frame('ab'), frame('c'), frame('d', 7)])
      for (const byte of bytes) {
        call.write(Buffer.from([byte]))
        await new Promise(setImmediate)
      }
      expect(status(await answer)).toEqual([Code.INTERNAL, 'a message has flags that gRPC does not know'])
    })
  })

  describe('compressed responses', () => {
    const long = 'long '.repeat(1000)
    const streaming = bind('server_stream', async () => stream(long, 'short'))

    it('go to callers that accept gzip, if the server is told so and it is worth it', async () => {
      const { url } = await serve([bind('unary', async () => long), streaming], { gzip: true })
      const unary = await rawCall(url, { 'grpc-accept-encoding': 'identity,gzip' })
      expect(unary.headers['grpc-encoding']).toBe('gzip')
      expect(unary.body[0]).toBe(1)
      expect(gunzipSync(unary.body.subarray(5)).toString()).toBe(long)

      const { body } = await rawCall(url, { ':path': '/test.Text/server_stream', 'grpc-accept-encoding': 'gzip' })
      const first = 5 + body.readUInt32BE(1)
      expect(gunzipSync(body.subarray(5, first)).toString()).toBe(long)
      expect(body.subarray(first)).toEqual(frame('short'))
    })

    it('go to nobody else', async () => {
      const plain = await serve([bind('unary', async () => long)])
      const willing = await serve([bind('unary', async () => long)], { gzip: true })
      for (const [{ url }, accepts] of [
        [plain, 'gzip'],
        [willing, 'identity,deflate'],
      ] as const) {
        const { headers, body } = await rawCall(url, { 'grpc-accept-encoding': accepts })
        expect(headers['grpc-encoding']).toBe('identity')
        expect(body).toEqual(frame(long))
      }
    })
  })

  describe('statuses', () => {
    it('come as trailers only when a call fails before its first message', async () => {
      const { url } = await serve([bind('unary', async () => Promise.reject(new RpcError(Code.NOT_FOUND, 'no')))])
      const { headers, body } = await rawCall(url)
      expect(headers).toMatchObject({ ':status': 200, 'grpc-status': '5', 'grpc-message': 'no' })
      expect(headers).not.toHaveProperty('grpc-status-details-bin')
      expect(body).toHaveLength(0)
    })

    it('keep their code when the text has no UTF-8 form', async () => {
      const error = new RpcError(Code.INVALID_ARGUMENT, 'half \ud83d pair', { reason: 'HALF_\udc00' })
      const { url } = await serve([bind('unary', async () => Promise.reject(error))])
      expect(status(await rawCall(url))).toEqual([Code.INVALID_ARGUMENT, 'half \ufffd pair'])
    })

    it('do not tell what a handler threw, nor bring the process down', async () => {
      const thrown = [new Error('secret'), 'secret', undefined, null, { code: 5, message: 'secret' }]
      const kinds = thrown.flatMap((error, n) => [
        bind('unary', () => Promise.reject(error), `reject${n}`),
        bind(
          'unary',
          () => {
            throw error
          },
          `throw${n}`,
        ),
        bind(
          'server_stream',
          async () =>
            (async function* () {
              yield 'first'
              throw error
            })(),
          `stream${n}`,
        ),
      ])
      const { url } = await serve(kinds)
      for (const { method } of kinds) {
        const [code, message] = status(await rawCall(url, { ':path': method.path }))
        expect([code, message]).toEqual([Code.UNKNOWN, 'unknown error'])
      }
    })

    it('are INTERNAL when a response does not fit its type', async () => {
      const broken = bind('unary', async () => 'x')
      const response = {
        ...broken.method.response,
        encode: () => {
          throw new Error('secret')
        },
      }
      const { url } = await serve([{ ...broken, method: { ...broken.method, response } }])
      expect(status(await rawCall(url))).toEqual([Code.INTERNAL, 'a message does not fit its type'])
    })
  })
}
