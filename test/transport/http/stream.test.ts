import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { Context } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { createFakeClock } from 'tierkit/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { binding, gate, type Order, raw, serverWith, waiting } from './fixture.js'

const CALL = '/shop.v1.Orders/Call'

async function* notes(...texts: string[]): AsyncGenerator<Order> {
  for (const note of texts) yield { note }
}

function post(body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}): RequestInit {
  return { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }
}

interface Connection {
  /** All that has come, once `text` is in it. */
  until(text: string): Promise<string>
  send(text: string): void
  end(): void
}

/** Opens a connection, sends a request head without body, and gives what comes, bit by bit. */
async function open(port: number, headers = ''): Promise<Connection> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  socket.write(`POST ${CALL} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`)
  let received = ''
  let changed = (): void => {}
  socket.on('data', (chunk) => {
    received += chunk
    changed()
  })
  return {
    async until(text) {
      while (!received.includes(text)) {
        await new Promise<void>((resolve) => {
          changed = resolve
        })
      }
      return received
    },
    send: (text) => void socket.write(text),
    end: () => socket.destroy(),
  }
}

describe('a stream of responses', () => {
  const serve = (...texts: string[]) => serverWith([binding({ kind: 'server_stream' }, async () => notes(...texts))])

  it.each([
    [undefined, 'application/json'],
    ['application/x-ndjson', 'application/x-ndjson'],
    ['text/html, application/x-ndjson;q=0.5', 'application/x-ndjson'],
    ['application/x-ndjson;q=0', 'application/json'],
    ['text/event-stream;q=0', 'application/json'],
    ['text/event-stream;q=0.5, application/json', 'application/json'],
    ['text/event-stream;q=0.5, application/x-ndjson;q=0.7', 'application/x-ndjson'],
    ['application/x-ndjson;q=0.1, application/json;q=0.05', 'application/x-ndjson'],
  ])('for Accept %s leaves as lines of %s', async (accept, type) => {
    const { url } = await serve('a', 'b\nc')
    const response = await fetch(url + CALL, post('{}', accept ? { accept } : {}))
    expect(response.headers.get('content-type')).toBe(type)
    expect(await response.text()).toBe('{"result":{"note":"a"}}\n{"result":{"note":"b\\nc"}}\n')
  })

  it('leaves as events on demand', async () => {
    const { url } = await serve('a', 'b\nc')
    const response = await fetch(url + CALL, post('{}', { accept: 'text/event-stream' }))
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-accel-buffering')).toBe('no')
    expect(await response.text()).toBe(
      'event: message\nid: 1\ndata: {"note":"a"}\n\n' +
        'event: message\nid: 2\ndata: {"note":"b\\nc"}\n\n' +
        'event: end\nid: end\ndata: {}\n\n',
    )
  })

  it('may be empty', async () => {
    const { url } = await serve()
    const response = await fetch(url + CALL, post('{}'))
    expect([response.status, await response.text()]).toEqual([200, ''])
  })

  it('that fails before its first message has an HTTP status of its own', async () => {
    const { url } = await serverWith([
      binding({ kind: 'server_stream' }, async () => {
        throw new RpcError(Code.PERMISSION_DENIED, 'no')
      }),
    ])
    const response = await fetch(url + CALL, post('{}', { accept: 'text/event-stream' }))
    expect([response.status, await response.json()]).toEqual([403, { code: 7, message: 'no', details: [] }])
  })

  it('that fails later ends with a status', async () => {
    const { url } = await serverWith([
      binding({ kind: 'server_stream' }, async () =>
        (async function* () {
          yield { note: 'a' }
          throw new RpcError(Code.ABORTED, 'enough')
        })(),
      ),
    ])
    const lines = await (await fetch(url + CALL, post('{}'))).text()
    expect(lines).toBe('{"result":{"note":"a"}}\n{"error":{"code":10,"message":"enough","details":[]}}\n')
    const events = await (await fetch(url + CALL, post('{}', { accept: 'text/event-stream' }))).text()
    expect(events).toMatch(/event: error\nid: end\ndata: \{"code":10,"message":"enough","details":\[\]\}\n\n$/)
  })

  it('that gives something that is no message ends with INTERNAL', async () => {
    const { url } = await serverWith([
      binding({ kind: 'server_stream' }, async () =>
        (async function* () {
          yield { note: 'a' }
          yield { note: 7 }
        })(),
      ),
    ])
    expect(await (await fetch(url + CALL, post('{}'))).text()).toMatch(/\n\{"error":\{"code":13,/)
  })

  it('brings headers with the first message and trailers after the last', async () => {
    const { port } = await serverWith([
      binding({ kind: 'server_stream' }, async (_, context: Context) =>
        (async function* () {
          context.responseHeaders.set('x-head', 'h')
          yield { note: 'a' }
          context.responseTrailers.set('x-trail', 't')
        })(),
      ),
    ])
    const answer = await raw(port, `POST ${CALL} HTTP/1.1\r\nHost: x\r\nTE: trailers\r\nConnection: close, TE\r\n\r\n`)
    expect(answer).toMatch(/grpc-metadata-x-head: h\r\n/)
    expect(answer).toMatch(/\r\n0\r\ngrpc-trailer-x-trail: t\r\n\r\n$/)
  })

  it('is closed when the client goes away', async () => {
    const closed = gate()
    const { port } = await serverWith([
      binding({ kind: 'server_stream' }, async () =>
        (async function* () {
          try {
            for (;;) {
              yield { note: 'a' }
              await new Promise((resolve) => setImmediate(resolve))
            }
          } finally {
            closed.open()
          }
        })(),
      ),
    ])
    const connection = await open(port)
    await connection.until('"note":"a"')
    connection.end()
    await closed.passed
  })

  it('shows that it lives while it has nothing to say', async () => {
    const clock = createFakeClock()
    const { entered, endpoint } = waiting()
    const { port } = await serverWith(
      [
        binding({ kind: 'server_stream' }, async (request, context) =>
          (async function* () {
            yield await endpoint(request, context)
          })(),
        ),
      ],
      { clock, heartbeatMs: 1000 },
    )
    const events = await open(port, 'Accept: text/event-stream\r\n')
    await entered
    await clock.advance(1000)
    expect(await events.until('\r\n:\n\n')).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    await clock.advance(1000)
    await events.until('\r\n:\n\n\r\n3\r\n:\n\n')
  })

  it('has no HEAD', async () => {
    const http = [{ method: 'GET', path: '/v1/orders' }]
    const { url } = await serverWith([binding({ kind: 'server_stream', http }, async () => notes('a'))])
    expect(await (await fetch(`${url}/v1/orders?note=x`)).text()).toBe('{"result":{"note":"a"}}\n')
    expect((await fetch(`${url}/v1/orders`, { method: 'HEAD' })).status).toBe(405)
  })

  it('may show one field of each message', async () => {
    const http = [{ method: 'GET', path: '/v1/orders', responseBody: 'note' }]
    const { url } = await serverWith([binding({ kind: 'server_stream', http }, async () => notes('a', ''))])
    expect(await (await fetch(`${url}/v1/orders`)).text()).toBe('{"result":"a"}\n{"result":""}\n')
  })

  it('may have no heartbeat', async () => {
    const clock = createFakeClock()
    const { entered, endpoint } = waiting()
    const { port } = await serverWith(
      [
        binding({ kind: 'server_stream' }, async (request, context) =>
          (async function* () {
            yield await endpoint(request, context)
          })(),
        ),
      ],
      { clock, heartbeatMs: 0, idleTimeoutMs: 0 },
    )
    const connection = await open(port)
    await entered
    expect(clock.pending).toBe(0)
    connection.end()
  })

  it('is given up when the client does not read', async () => {
    const clock = createFakeClock()
    const cancelled = gate<RpcError>()
    let stuck = false
    const { port } = await serverWith(
      [
        binding({ kind: 'server_stream' }, async (_, context: Context) => {
          context.onCancel(cancelled.open)
          return (async function* () {
            const note = 'a'.repeat(1_000_000)
            for (;;) {
              stuck = true
              yield { note }
              stuck = false
            }
          })()
        }),
      ],
      { clock, writeTimeoutMs: 1000 },
    )
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    onTestFinished(() => void socket.destroy())
    socket.write(`POST ${CALL} HTTP/1.1\r\nHost: x\r\n\r\n`)
    await expect.poll(() => clock.pending > 1 && stuck, { timeout: 20_000 }).toBe(true)
    let error: RpcError | undefined
    void cancelled.passed.then((reason) => {
      error = reason
    })
    while (!error) await clock.advance(1000)
    expect(error.code).toBe(Code.CANCELLED)
  })
})

describe('a stream of requests', () => {
  const join = binding({ kind: 'client_stream' }, async (requests: AsyncIterable<Order>) => {
    const seen: unknown[] = []
    for await (const { note } of requests) seen.push(note)
    return { note: seen.join() }
  })

  it.each([
    ['application/x-ndjson', '{"note":"a"}\n{"note":"b"}\n', 'a,b'],
    ['application/json', '{"note":"a"}\r\n\r\n{"note":"b"}', 'a,b'],
    ['application/x-ndjson', '', ''],
  ])('of %s %j arrives as messages', async (type, body, note) => {
    const { url } = await serverWith([join])
    const response = await fetch(url + CALL, post(body, { 'content-type': type }))
    expect(await response.json()).toEqual(note === '' ? {} : { note })
  })

  it('may be gzip, and longer than a message may be', async () => {
    const { url } = await serverWith([join], { maxBodyBytes: 100 })
    const body = gzipSync('{"note":"a"}\n'.repeat(1000))
    const response = await fetch(url + CALL, post(body, { 'content-encoding': 'gzip' }))
    expect(((await response.json()) as { note: string }).note).toHaveLength(1999)
  })

  it.each([
    ['{"note":"a"}\n{"note":', 400, Code.INVALID_ARGUMENT, /^message 2: the request is not JSON/],
    ['{"note":"a"}\n{"nope":1}', 400, Code.INVALID_ARGUMENT, /^message 2: cannot read shop\.v1\.Order .*nope/],
    [`{"note":"a"}\n\n{"note":"${'b'.repeat(200)}"}`, 413, Code.RESOURCE_EXHAUSTED, /^message 2: .* 100 bytes$/],
    ['b'.repeat(200), 413, Code.RESOURCE_EXHAUSTED, /^message 1: .* 100 bytes$/],
    ['{"note":"a"}\r{"note":"b"}', 400, Code.INVALID_ARGUMENT, /^message 1: the request is not JSON/],
    [Buffer.from([0x22, 0xff, 0x22]), 400, Code.INVALID_ARGUMENT, /^message 1: the request is not UTF-8$/],
  ])('that does not fit is refused, and told which message: row %#', async (body, status, code, message) => {
    const { url } = await serverWith([join], { maxBodyBytes: 100 })
    const response = await fetch(url + CALL, post(body))
    const error = await response.json()
    expect([response.status, error]).toMatchObject([status, { code, message: expect.stringMatching(message) }])
  })

  it.each(['\n', '\r\n'])('has lines that may be as long as is allowed, without their end %j', async (end) => {
    const { url } = await serverWith([join], { maxBodyBytes: 100 })
    const note = 'a'.repeat(89)
    const fits = await fetch(url + CALL, post(`{"note":"${note}"}${end}{"note":"b"}${end}`))
    expect(await fits.json()).toEqual({ note: `${note},b` })
    expect((await fetch(url + CALL, post(`{"note":"${note}a"}${end}`))).status).toBe(413)
  })

  it.each(['gzip', 'deflate', 'br'])('that is not what it says it is packed with, %s, is refused', async (encoding) => {
    const { url } = await serverWith([join])
    const response = await fetch(url + CALL, post('{"note":"a"}', { 'content-encoding': encoding }))
    expect([response.status, await response.json()]).toMatchObject([400, { message: `the body is not ${encoding}` }])
  })

  it('arrives as it is sent', async () => {
    const first = gate<unknown>()
    const { port } = await serverWith([
      binding({ kind: 'client_stream' }, async (requests: AsyncIterable<Order>) => {
        for await (const { note } of requests) first.open(note)
        return { note: 'done' }
      }),
    ])
    const socket = connect(port, '127.0.0.1')
    const head = `POST ${CALL} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n`
    socket.write(`${head}Content-Type: application/x-ndjson\r\n\r\nd\r\n{"note":"a"}\n\r\n`)
    expect(await first.passed).toBe('a')
    socket.write('0\r\n\r\n')
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toContain('{"note":"done"}')
    socket.destroy()
  })

  it('may be answered before it is over', async () => {
    const { port } = await serverWith([
      binding({ kind: 'client_stream' }, async (_, { metadata }: Context) => ({
        note: metadata.has('x-id') ? 'second' : 'early',
      })),
    ])
    const connection = await open(port, 'Content-Length: 20\r\nContent-Type: application/x-ndjson\r\n')
    expect(await connection.until('early')).toContain('HTTP/1.1 200 OK')
    // The rest of it does not stand in the way of the next request.
    connection.send(`${' '.repeat(20)}POST ${CALL} HTTP/1.1\r\nHost: x\r\nX-Id: 2\r\n\r\n`)
    expect((await connection.until('second')).match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2)
  })

  it('that breaks off cancels the call', async () => {
    const failed = gate<unknown>()
    const { port } = await serverWith([
      binding({ kind: 'client_stream' }, async (requests: AsyncIterable<Order>) => {
        try {
          for await (const _ of requests);
        } catch (error) {
          failed.open(error)
        }
        return {}
      }),
    ])
    const socket = connect(port, '127.0.0.1')
    const head = `POST ${CALL} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n`
    socket.write(`${head}Content-Type: application/x-ndjson\r\n\r\nd\r\n{"note":"a"}\n\r\n`, () => socket.destroy())
    expect(await failed.passed).toMatchObject({ code: Code.CANCELLED })
  })

  it('both ways is not for HTTP/1.1', async () => {
    const { url } = await serverWith([binding({ kind: 'bidi_stream' })])
    const response = await fetch(url + CALL, post('{}'))
    expect([response.status, ((await response.json()) as { message: string }).message]).toEqual([
      501,
      '/shop.v1.Orders/Call is called over a WebSocket here, or over gRPC',
    ])
  })
})
