import { serve } from 'tierkit/app'
import type { Context, Endpoint } from 'tierkit/endpoint'
import { Code, type RpcError } from 'tierkit/error'
import { createFakeClock } from 'tierkit/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ca, serverCert, serverKey } from '../../../fixtures/certificates.js'
import { binding, gate, type Order, serverWith, waiting } from '../fixture.js'
import { CALL, frame, handshake, rawSocket, refusal, talk } from './fixture.js'

const echo: Endpoint = async (requests: AsyncIterable<Order>) =>
  (async function* () {
    yield { note: 'hello' }
    yield* requests
  })()

describe('a drain', () => {
  it('tells open WebSockets, and waits for them', async () => {
    const { server, url } = await serverWith([binding({ kind: 'bidi_stream' }, echo)])
    const call = await talk(url)
    await call.next()
    let over = false
    const drained = server.drain(60_000).then(() => {
      over = true
    })
    expect(await call.next()).toEqual({ goaway: {} })
    call.send({ note: 'a' })
    expect(await call.next()).toEqual({ result: { note: 'a' } })
    expect(over).toBe(false)
    call.end()
    expect(await call.closed).toEqual([1000, ''])
    await drained
  })

  it('closes what is open at its end, and says why', async () => {
    const clock = createFakeClock()
    const { server, url } = await serverWith([binding({ kind: 'bidi_stream' }, echo)], { clock })
    const call = await talk(url)
    await call.next()
    const drained = server.drain(100)
    await clock.advance(100)
    expect(await call.closed).toEqual([1001, 'the server shuts down'])
    expect(call.frames.at(-1)).toMatchObject({ error: { code: Code.UNAVAILABLE } })
    await drained
    expect(clock.pending).toBe(0)
  })

  it('cuts off a client that does not close', async () => {
    const clock = createFakeClock()
    const { server, port } = await serverWith([binding({ kind: 'bidi_stream' }, echo)], { clock })
    const { until, all } = await rawSocket(port, handshake())
    await until('hello')
    let over = false
    const drained = server.drain(100).then(() => {
      over = true
    })
    for (let n = 0; n < 50 && !over; n += 1) await clock.advance(100)
    await drained
    expect(await all).toContain('the server shuts down')
  })

  it('answers what is not open yet as HTTP', async () => {
    const clock = createFakeClock()
    const { entered, endpoint } = waiting()
    const { server, url } = await serverWith([binding({ kind: 'client_stream' }, endpoint)], { clock })
    const refused = refusal(url)
    await entered
    const drained = server.drain(100)
    await clock.advance(100)
    expect(await refused).toMatchObject({ status: 503, body: { code: Code.UNAVAILABLE } })
    await drained
  })
})

it('a close ends open WebSockets', async () => {
  const { server, url } = await serverWith([binding({ kind: 'bidi_stream' }, echo)])
  const call = await talk(url)
  await call.next()
  const closed = call.closed
  await server.close()
  expect((await closed)[0]).toBe(1001)
})

describe('a heartbeat', () => {
  it('finds clients that are not there any more', async () => {
    const clock = createFakeClock()
    const cancelled = gate<RpcError>()
    const { port } = await serverWith(
      [
        binding({ kind: 'bidi_stream' }, (requests: AsyncIterable<Order>, context: Context) => {
          context.onCancel(cancelled.open)
          return echo(requests, context)
        }),
      ],
      { clock, heartbeatMs: 1000 },
    )
    const { until, all } = await rawSocket(port, handshake())
    await until('hello')
    await clock.advance(1000)
    await until('\x89\x00')
    await clock.advance(1000)
    await all
    expect((await cancelled.passed).code).toBe(Code.CANCELLED)
    expect(clock.pending).toBe(0)
  })

  it('leaves those that answer, and those that are not listened to', async () => {
    const clock = createFakeClock()
    const go = gate()
    const { port } = await serverWith(
      [
        binding({ kind: 'bidi_stream' }, async (requests: AsyncIterable<Order>) =>
          (async function* () {
            yield { note: 'hello' }
            await go.passed
            yield* requests
          })(),
        ),
      ],
      { clock, heartbeatMs: 1000 },
    )
    const { until, socket } = await rawSocket(port, handshake())
    await until('hello')
    // Nobody reads this yet, so nothing that comes behind it is heard.
    socket.write(frame(`{"note":"${'x'.repeat(100_000)} later"}`))
    await new Promise((resolve) => setImmediate(resolve))
    for (let n = 1; n <= 4; n += 1) {
      await clock.advance(1000)
      await until('\x89\x00')
      socket.write(frame('', { first: 0x8a }))
    }
    go.open()
    await until('later')
  })
})

describe('a client that does not read', () => {
  it('holds the stream up, and is given up in time', async () => {
    const clock = createFakeClock()
    const cancelled = gate<RpcError>()
    let stuck = false
    let sent = 0
    const { port } = await serverWith(
      [
        binding({ kind: 'bidi_stream' }, async (_, context: Context) => {
          context.onCancel(cancelled.open)
          return (async function* () {
            const note = 'a'.repeat(1_000_000)
            for (;;) {
              stuck = true
              sent += 1
              yield { note }
              stuck = false
            }
          })()
        }),
      ],
      { clock, writeTimeoutMs: 5000, heartbeatMs: 0 },
    )
    const { socket } = await rawSocket(port, handshake())
    socket.pause()
    await expect.poll(() => clock.pending > 0 && stuck, { timeout: 20_000 }).toBe(true)
    expect(sent).toBeLessThan(100)
    let error: RpcError | undefined
    void cancelled.passed.then((reason) => {
      error = reason
    })
    while (!error) await clock.advance(5000)
    expect(error.code).toBe(Code.CANCELLED)
  })
})

it('a client is read no faster than its requests are', async () => {
  const go = gate()
  const { url } = await serverWith([
    binding({ kind: 'client_stream' }, async (requests: AsyncIterable<Order>) => {
      let size = 0
      for await (const { note } of requests) {
        if (size === 0) await go.passed
        size += String(note).length
      }
      return { note: String(size) }
    }),
  ])
  const call = await talk(url)
  const note = 'a'.repeat(1_000_000)
  for (let n = 0; n < 30; n += 1) call.send({ note })
  call.end()
  let before = -1
  await expect
    .poll(() => {
      const still = call.socket.bufferedAmount === before && before > 0
      before = call.socket.bufferedAmount
      return still
    })
    .toBe(true)
  go.open()
  expect(await call.next()).toEqual({ result: { note: '30000000' } })
})

describe('a page', () => {
  const who: Endpoint = async (_, { metadata }: Context) =>
    (async function* () {
      yield { note: `${metadata.get('cookie')} ${metadata.get('authorization')}` }
    })()
  const init = { path: `${CALL}?note=a`, headers: { cookie: 'a=b', authorization: 'Basic x' } }
  const serveFor = (cors?: object) =>
    serverWith([binding({ kind: 'server_stream' }, who)], {
      metadataHeaders: ['cookie'],
      ...(cors ? { cors } : {}),
    } as never)

  it.each([
    ['of the host itself', undefined, undefined, 'a=b Basic x'],
    ['that may call', { origins: ['https://shop.example'] }, 'https://shop.example', 'undefined undefined'],
    [
      'that may call with credentials',
      { origins: ['https://shop.example'], credentials: true },
      'https://shop.example',
      'a=b Basic x',
    ],
    ['of anywhere where all may call', { origins: '*' }, 'https://other.example', 'undefined undefined'],
    [
      'without origin where that may call',
      { origins: (origin: string) => origin === 'null' },
      'null',
      'undefined undefined',
    ],
  ])('%s may open a WebSocket', async (_, cors, origin, note) => {
    const { url } = await serveFor(cors)
    const call = await talk(url, { ...init, origin: origin ?? url })
    expect(await call.next()).toEqual({ result: { note } })
  })

  it.each([
    [undefined, 'http://127.0.0.1:1'],
    [undefined, 'null'],
    [{ origins: ['https://shop.example'] }, 'https://evil.example'],
    [{ origins: ['https://shop.example'] }, 'https://shop.example.evil.example'],
  ])('with cors %j may not from %s', async (cors, origin) => {
    const { url } = await serveFor(cors)
    expect(await refusal(url, { ...init, origin })).toMatchObject({
      status: 403,
      body: { code: Code.PERMISSION_DENIED },
    })
  })
})

it('a WebSocket goes over TLS', async () => {
  const tls = { key: serverKey, cert: serverCert }
  const { url } = await serverWith([binding({ kind: 'bidi_stream' }, echo)], { tls })
  const call = await talk(url, { ca })
  expect(await call.next()).toEqual({ result: { note: 'hello' } })
})

it('a WebSocket is on the one port too', async () => {
  const server = serve({ host: '127.0.0.1', http: {} })
  onTestFinished(() => server.close())
  const { urls = [] } = await server.listen([binding({ kind: 'bidi_stream' }, echo)])
  const call = await talk(urls.find((one) => one.startsWith('http')) ?? '')
  expect(await call.next()).toEqual({ result: { note: 'hello' } })
  const drained = server.drain(60_000)
  expect(await call.next()).toEqual({ goaway: {} })
  call.end()
  expect(await call.closed).toEqual([1000, ''])
  await drained
})
