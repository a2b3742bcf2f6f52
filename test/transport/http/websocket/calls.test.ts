import type { Context, Endpoint } from 'tierkit/endpoint'
import { chain } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { binding, gate, type Order, orderCodec, serverWith, waiting } from '../fixture.js'
import { CALL, handshake, rawSocket, refusal, talk } from './fixture.js'

const join: Endpoint = async (requests: AsyncIterable<Order>) => {
  const seen: unknown[] = []
  for await (const { note } of requests) seen.push(note)
  return { note: seen.join() }
}

const answerEach: Endpoint = async (requests: AsyncIterable<Order>) =>
  (async function* () {
    for await (const { note } of requests) yield { note: `${note}!` }
  })()

const repeat: Endpoint = async ({ note }: Order) =>
  (async function* () {
    yield { note: `${note}1` }
    yield { note: `${note}2` }
  })()

describe('a WebSocket', () => {
  it('carries a stream of requests', async () => {
    const { url } = await serverWith([binding({ kind: 'client_stream' }, join)])
    const call = await talk(url)
    call.send({ note: 'a' }, { note: 'b' })
    call.end()
    expect(await call.closed).toEqual([1000, ''])
    expect(call.frames).toEqual([{ result: { note: 'a,b' } }, { end: {} }])
  })

  it('carries streams both ways, each message as it comes', async () => {
    const { url } = await serverWith([binding({ kind: 'bidi_stream' }, answerEach)])
    const call = await talk(url)
    call.send({ note: 'a' })
    expect(await call.next()).toEqual({ result: { note: 'a!' } })
    call.send({ note: 'b' })
    expect(await call.next()).toEqual({ result: { note: 'b!' } })
    call.end()
    expect(await call.next()).toEqual({ end: {} })
    expect(await call.closed).toEqual([1000, ''])
  })

  it('carries a stream of responses to the request in its first frame', async () => {
    const { url } = await serverWith([binding({ kind: 'server_stream' }, repeat)])
    const call = await talk(url)
    call.send({ note: 'a' })
    expect(await call.closed).toEqual([1000, ''])
    expect(call.frames).toEqual([{ result: { note: 'a1' } }, { result: { note: 'a2' } }, { end: {} }])
  })

  it.each([`${CALL}?note=a`, '/v1/orders/a', '/v1/orders?note=a'])(
    'carries a stream of responses to %s',
    async (path) => {
      const http = [
        { method: 'GET', path: '/v1/orders/{note}' },
        { method: 'GET', path: '/v1/orders' },
      ]
      const { url } = await serverWith([binding({ kind: 'server_stream', http }, repeat)])
      const call = await talk(url, { path })
      expect(await call.closed).toEqual([1000, ''])
      expect(call.frames).toEqual([{ result: { note: 'a1' } }, { result: { note: 'a2' } }, { end: {} }])
    },
  )

  it('fills fields of each message from the path', async () => {
    const http = [{ method: 'GET', path: '/v1/rooms/{order_id}' }]
    const seen: Order[] = []
    const { url } = await serverWith([
      binding({ kind: 'client_stream', http }, async (requests: AsyncIterable<Order>) => {
        for await (const request of requests) seen.push(request)
        return {}
      }),
    ])
    const call = await talk(url, { path: '/v1/rooms/7' })
    call.send({ note: 'a' }, { note: 'b', orderId: '8' })
    call.end()
    expect(await call.closed).toEqual([1000, ''])
    expect(seen).toMatchObject([
      { orderId: '7', note: 'a' },
      { orderId: '7', note: 'b' },
    ])
  })

  it('speaks protobuf', async () => {
    const http = [{ method: 'GET', path: '/v1/rooms/{order_id}' }]
    const { url } = await serverWith([binding({ kind: 'bidi_stream', http }, async (requests) => requests)])
    for (const [path, orderId] of [
      [CALL, undefined],
      ['/v1/rooms/7', '7'],
    ] as const) {
      const call = await talk(url, { path, protocols: ['other', 'tierkit.proto', 'tierkit.json'] })
      expect(call.socket.protocol).toBe('tierkit.proto')
      call.send(orderCodec.encode({ note: 'a' }))
      expect(orderCodec.decode((await call.next()) as Buffer)).toMatchObject(
        orderId ? { note: 'a', orderId } : { note: 'a' },
      )
      call.end()
      expect(await call.next()).toEqual({ end: {} })
      expect(await call.closed).toEqual([1000, ''])
    }
  })

  it('may show one field of each response', async () => {
    const http = [{ method: 'GET', path: '/v1/orders', responseBody: 'note' }]
    const { url } = await serverWith([binding({ kind: 'server_stream', http }, repeat)])
    const call = await talk(url, { path: '/v1/orders?note=a' })
    await call.closed
    expect(call.frames).toEqual([{ result: 'a1' }, { result: 'a2' }, { end: {} }])
  })

  it('brings metadata both ways, and a deadline', async () => {
    let seen: unknown
    const { url } = await serverWith([
      binding({ kind: 'client_stream' }, async (requests: AsyncIterable<Order>, context: Context) => {
        for await (const _ of requests) void _
        seen = [
          context.metadata.get('x-tenant'),
          context.peer?.address.split(':')[0],
          context.remainingMs() !== undefined,
        ]
        context.responseHeaders.set('x-head', 'h')
        context.responseHeaders.append('x-head', 'i')
        context.responseTrailers.set('x-trail-bin', new Uint8Array([1, 2]))
        return { note: 'a' }
      }),
    ])
    const call = await talk(url, { path: `${CALL}?grpc-timeout=10S`, headers: { 'x-tenant': 't' } })
    call.end()
    await call.closed
    expect(seen).toEqual(['t', '127.0.0.1', true])
    expect(call.frames).toEqual([
      { headers: { 'x-head': ['h', 'i'] } },
      { result: { note: 'a' } },
      { end: { trailers: { 'x-trail-bin': ['AQI'] } } },
    ])
  })

  it.each([
    [{ protocols: ['tierkit.json', 'tierkit.bearer.ab.c-d_e'] }, 'Bearer ab.c-d_e'],
    [{ protocols: ['tierkit.json', 'tierkit.bearer.t'], headers: { authorization: 'Bearer own' } }, 'Bearer own'],
    [{ headers: { authorization: 'Bearer own' } }, 'Bearer own'],
    [{}, undefined],
  ])('of %j is authorized by %j', async (init, authorization) => {
    const { url } = await serverWith([
      binding({ kind: 'server_stream' }, async (_, { metadata }: Context) =>
        (async function* () {
          yield { note: String(metadata.get('authorization')) }
        })(),
      ),
    ])
    const call = await talk(url, { ...init, path: `${CALL}?note=a` })
    expect(await call.next()).toEqual({ result: { note: String(authorization) } })
    expect(call.socket.protocol).toBe('protocols' in init ? 'tierkit.json' : '')
  })

  it.runIf('WebSocket' in globalThis)('is what browsers and Node make of it', async () => {
    const { url } = await serverWith([binding({ kind: 'bidi_stream' }, answerEach)])
    const Native = (globalThis as unknown as { WebSocket: typeof WebSocket }).WebSocket
    const socket = new Native(url.replace('http', 'ws') + CALL, ['tierkit.json'])
    const frames: string[] = []
    socket.onopen = () => {
      socket.send('{"note":"a"}')
      socket.send('')
    }
    socket.onmessage = ({ data }) => void frames.push(String(data))
    const code = await new Promise((resolve) => {
      socket.onclose = (event) => resolve(event.code)
    })
    expect([code, ...frames]).toEqual([1000, '{"result":{"note":"a!"}}', '{"end":{}}'])
  })
})

describe('a call over a WebSocket that fails', () => {
  const denied = chain((next) => async (request, context) => {
    if (context.metadata.get('authorization') === undefined) throw new RpcError(Code.UNAUTHENTICATED, 'who are you?')
    context.responseHeaders.set('x-passed', '1')
    return next(request, context)
  })

  it.each([
    ['client_stream', CALL, join],
    ['bidi_stream', CALL, answerEach],
    ['server_stream', `${CALL}?note=a`, repeat],
  ] as const)('in front of its handler is answered as HTTP: %s', async (kind, path, endpoint) => {
    const { url } = await serverWith([binding({ kind }, denied(endpoint))])
    const { status, headers, body } = await refusal(url, { path })
    expect([status, headers['www-authenticate'], body]).toEqual([
      401,
      'Bearer',
      { code: Code.UNAUTHENTICATED, message: 'who are you?', details: [] },
    ])
    const call = await talk(url, { path, headers: { authorization: 'x' } })
    call.end()
    expect(await call.closed).toEqual([1000, ''])
    expect(call.frames[0]).toEqual({ headers: { 'x-passed': ['1'] } })
  })

  it('after its first frame says so in a frame', async () => {
    const { url } = await serverWith([binding({ kind: 'server_stream' }, denied(repeat))])
    const call = await talk(url)
    call.send({})
    expect(await call.closed).toEqual([4016, 'who are you?'])
    expect(call.frames).toEqual([{ error: { code: 16, message: 'who are you?', details: [] } }])
  })

  it('later ends with a status, trailers and a code of its own', async () => {
    const { url } = await serverWith([
      binding({ kind: 'bidi_stream' }, async (_, context: Context) =>
        (async function* () {
          yield { note: 'a' }
          context.responseTrailers.set('x-trail', 't')
          throw new RpcError(Code.ABORTED, `enough ${'é'.repeat(100)}`)
        })(),
      ),
    ])
    const call = await talk(url)
    const [code, reason] = await call.closed
    expect([code, reason, Buffer.byteLength(reason)]).toEqual([4010, `enough ${'é'.repeat(58)}`, 123])
    expect(call.frames).toMatchObject([
      { result: { note: 'a' } },
      { error: { code: 10, message: expect.stringMatching(/^enough é{100}$/) }, trailers: { 'x-trail': ['t'] } },
    ])
  })

  it('in something that is not an RpcError does not leak', async () => {
    const { url } = await serverWith([
      binding({ kind: 'client_stream' }, async (requests: AsyncIterable<Order>) => {
        for await (const _ of requests) throw new TypeError('secret')
        return {}
      }),
    ])
    const call = await talk(url)
    call.send({})
    expect((await call.closed)[0]).toBe(4002)
    expect(JSON.stringify(call.frames)).not.toContain('secret')
  })

  it('by its deadline ends with DEADLINE_EXCEEDED, as HTTP if it is not open', async () => {
    const { endpoint } = waiting()
    const { url } = await serverWith([binding({ kind: 'client_stream' }, endpoint)])
    expect(await refusal(url, { headers: { 'grpc-timeout': '20m' } })).toMatchObject({ status: 504, body: { code: 4 } })
    const reading: Endpoint = async (requests: AsyncIterable<Order>) => {
      for await (const _ of requests) void _
      return {}
    }
    const other = await serverWith([binding({ kind: 'client_stream' }, reading)])
    const call = await talk(other.url, { headers: { 'grpc-timeout': '50m' } })
    expect(await call.closed).toEqual([4004, 'the deadline passed'])
  })

  it.each(['close', 'terminate'] as const)('because the client does %s is cancelled', async (leave) => {
    const cancelled = gate<RpcError>()
    const entered = gate()
    const { url } = await serverWith([
      binding({ kind: 'bidi_stream' }, async (requests: AsyncIterable<Order>, context: Context) => {
        context.onCancel(cancelled.open)
        entered.open()
        return requests
      }),
    ])
    const call = await talk(url)
    await entered.passed
    call.socket[leave]()
    expect((await cancelled.passed).code).toBe(Code.CANCELLED)
  })

  it.each(['close', 'terminate'] as const)(
    'because of a %s behind requests that nobody reads is cancelled',
    async (leave) => {
      const entered = gate<Context>()
      const { url } = await serverWith([
        binding({ kind: 'client_stream' }, async (requests: AsyncIterable<Order>, context) => {
          for await (const _ of requests) {
            entered.open(context)
            await new Promise((resolve) => context.onCancel(resolve))
          }
          return {}
        }),
      ])
      const call = await talk(url)
      for (const note of ['a', 'b', 'c']) call.send({ note })
      const cancelled = gate<RpcError>()
      const context = await entered.passed
      context.onCancel(cancelled.open)
      call.socket[leave]()
      expect((await cancelled.passed).code).toBe(Code.CANCELLED)
    },
  )

  it('because the client left before it was answered is cancelled', async () => {
    for (const leave of ['end', 'destroy'] as const) {
      const { entered, endpoint } = waiting()
      const { port } = await serverWith([binding({ kind: 'client_stream' }, endpoint)])
      const { socket } = await rawSocket(port, handshake())
      const cancelled = gate<RpcError>()
      const context = await entered
      context.onCancel(cancelled.open)
      socket[leave]()
      expect((await cancelled.passed).code).toBe(Code.CANCELLED)
    }
  })
})

describe('the rules of a service config', () => {
  it('say where WebSockets can be opened, in place of those of the contract', async () => {
    const http = [{ method: 'GET', path: '/v1/orders/{order_id}' }]
    const httpRules = [{ selector: 'shop.v1.Orders.Call', get: '/v2/orders/{note=**}' }]
    const endpoint: Endpoint = async (request) =>
      (async function* () {
        yield request
      })()
    const { url } = await serverWith([binding({ kind: 'server_stream', http }, endpoint)], {
      httpRules,
      fullyDecodeReservedExpansion: true,
    })
    await expect(talk(url, { path: '/v1/orders/7' })).rejects.toMatchObject({ status: 404 })
    const { next } = await talk(url, { path: '/v2/orders/a%3Ab/c' })
    expect(await next()).toEqual({ result: { note: 'a:b/c' } })
  })
})
