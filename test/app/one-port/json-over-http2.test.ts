import { once } from 'node:events'
import { constants } from 'node:http2'
import { gzipSync } from 'node:zlib'
import type { Context } from 'tierkit/endpoint'
import { Code, type RpcError } from 'tierkit/error'
import { createFakeClock } from 'tierkit/testing'
import { describe, expect, it } from 'vitest'
import { ca, clientCert, clientKey, serverCert, serverKey } from '../../fixtures/certificates.js'
import { binding, gate, type Order, waiting } from '../../transport/http/fixture.js'
import { ask, CALL, post, serving, session } from './fixture.js'

const http = [{ method: 'GET', path: '/v1/{order_id}' }]
const join = binding({ kind: 'client_stream' }, async (requests: AsyncIterable<Order>) => {
  const seen: unknown[] = []
  for await (const { note } of requests) seen.push(note)
  return { note: seen.join() }
})
const count = binding({ kind: 'server_stream' }, async () =>
  (async function* () {
    yield { note: 'a' }
    yield { note: 'b' }
  })(),
)

describe('a JSON call over HTTP/2', () => {
  it('is answered as over HTTP/1.1', async () => {
    const { httpUrl } = await serving([binding({ http })])
    const client = session(httpUrl)
    const { status, headers, text } = await post(client, '{"order_id":"1","total":5}')
    expect([status, text]).toEqual([200, '{"orderId":"1","total":"5"}'])
    expect(headers['content-type']).toBe('application/json')
    expect(headers['content-length']).toBe(String(text.length))
    expect(headers.date).toMatch(/ GMT$/)
    expect(await ask(client, { ':path': '/v1/a%2Fb?tags=x&note=n' })).toMatchObject({
      text: '{"orderId":"a/b","note":"n","tags":["x"]}',
    })
  })

  it.each([undefined, ''])('may have an empty request, without any type: %j', async (body) => {
    const { httpUrl } = await serving([binding()])
    const head = { ':method': 'POST', ':path': CALL, 'content-type': undefined }
    expect(await ask(session(httpUrl), head, body)).toMatchObject({ status: 200, text: '{}' })
  })

  it('leaves a connection that is closed when it was idle for as long as HTTP says', async () => {
    const clock = createFakeClock()
    const { httpUrl } = await serving([binding()], { clock, http: { idleTimeoutMs: 5000 } })
    const client = session(httpUrl)
    expect(await post(client, '{}')).toMatchObject({ status: 200 })
    const left = once(client, 'goaway')
    await clock.advance(5000)
    expect((await left)[0]).toBe(constants.NGHTTP2_NO_ERROR)
    await once(client, 'close')
  })

  it('gets metadata, peer and deadline, and gives metadata back', async () => {
    const seen = gate<Context>()
    const { httpUrl } = await serving([
      binding({}, async (_, context: Context) => {
        context.responseHeaders.append('x-head', 'a').append('x-head', 'b')
        context.responseTrailers.set('x-trail', 't')
        seen.open(context)
        return { note: 'n' }
      }),
    ])
    const sent = { 'grpc-metadata-tenant': 'blue', 'x-id': '7', 'grpc-timeout': '1H', te: 'trailers' }
    const { headers, trailers, text } = await post(session(httpUrl), '{}', sent)
    const { metadata, deadline, clock, peer } = await seen.passed
    expect([metadata.get('tenant'), metadata.get('x-id')]).toEqual(['blue', '7'])
    expect(deadline! - clock.now()).toBeGreaterThan(3_000_000)
    expect(peer?.address).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(headers['grpc-metadata-x-head']).toBe('a, b')
    expect([text, trailers['grpc-trailer-x-trail']]).toEqual(['{"note":"n"}', 't'])
  })

  it('brings trailers only to a client that says that it reads them', async () => {
    const { httpUrl } = await serving([
      binding({}, async (_, context: Context) => {
        context.responseTrailers.set('x-trail', 't')
        return {}
      }),
    ])
    expect((await post(session(httpUrl), '{}')).trailers).toEqual({})
  })

  it('knows its client by the certificate', async () => {
    const who = binding({}, async (_, { peer }: Context) => ({ note: peer?.certificate?.commonName }))
    const tls = { key: serverKey, cert: serverCert, clientCa: ca }
    const { httpUrl } = await serving([who], { tls })
    const client = session(httpUrl, { ca, key: clientKey, cert: clientCert })
    expect(await post(client, '{}')).toMatchObject({ text: '{"note":"client"}' })
  })

  it('answers a HEAD without a body', async () => {
    const { httpUrl } = await serving([binding({ http })])
    const answer = await ask(session(httpUrl), { ':method': 'HEAD', ':path': '/v1/1' })
    expect(answer).toMatchObject({ status: 200, text: '', headers: { 'content-length': '15' } })
  })

  it('goes on with its body when it asks whether it should', async () => {
    const { httpUrl } = await serving([binding()])
    const head = { ':method': 'POST', ':path': CALL, 'content-type': 'application/json', expect: '100-continue' }
    const request = session(httpUrl).request(head)
    await once(request, 'continue')
    request.end('{"note":"n"}')
    const [headers] = await once(request, 'response')
    request.resume()
    expect(headers[':status']).toBe(200)
  })

  it('ends at its deadline', async () => {
    const clock = createFakeClock()
    const { entered, endpoint } = waiting()
    const { httpUrl } = await serving([binding({}, endpoint)], { clock })
    const asked = post(session(httpUrl), '{}', { 'grpc-timeout': '1S' })
    const context = await entered
    await clock.advance(1000)
    expect(await asked).toMatchObject({ status: 504 })
    expect(context.signal.aborted).toBe(true)
  })

  it('is cancelled when the client resets it, and only that one', async () => {
    const { entered, endpoint } = waiting()
    const { httpUrl } = await serving([binding({ name: 'Wait' }, endpoint), binding()])
    const client = session(httpUrl)
    const request = client.request({ ':method': 'POST', ':path': '/shop.v1.Orders/Wait' }).on('error', () => {})
    request.end()
    const cancelled = gate<RpcError>()
    const context = await entered
    context.onCancel(cancelled.open)
    request.close(constants.NGHTTP2_CANCEL)
    expect(await cancelled.passed).toMatchObject({ code: Code.CANCELLED })
    expect(await post(client, '{}')).toMatchObject({ status: 200 })
  })

  it('is cancelled when the connection breaks', async () => {
    const { entered, endpoint } = waiting()
    const { httpUrl } = await serving([binding({}, endpoint)])
    const client = session(httpUrl)
    post(client, '{}').catch(() => {})
    const cancelled = gate<RpcError>()
    const context = await entered
    context.onCancel(cancelled.open)
    client.destroy()
    expect(await cancelled.passed).toMatchObject({ code: Code.CANCELLED })
  })

  it('may be one of very many on a connection', async () => {
    const { httpUrl } = await serving([binding()])
    const client = session(httpUrl)
    const notes = Array.from({ length: 500 }, (_, n) => `note ${n}`)
    const answers = await Promise.all(notes.map((note) => post(client, JSON.stringify({ note }))))
    expect(answers.map(({ text }) => JSON.parse(text).note)).toEqual(notes)
  })

  it('lets its client ping in between', async () => {
    const { httpUrl } = await serving([binding()])
    const client = session(httpUrl)
    const ping = (): Promise<unknown> => new Promise((resolve) => client.ping(resolve))
    for (let n = 0; n < 6; n += 1) {
      expect(await post(client, '{}')).toMatchObject({ status: 200 })
      expect(await ping()).toBe(null)
    }
    expect(await post(client, '{}')).toMatchObject({ status: 200 })
  })

  it('is the last of its connection after so many', async () => {
    const { httpUrl } = await serving([binding()], { http: { maxRequestsPerSocket: 2 } })
    const client = session(httpUrl)
    const asked = once(client, 'goaway')
    const gone = once(client, 'close')
    await post(client, '{}')
    expect(await post(client, '{"note":"last"}')).toMatchObject({ status: 200, text: '{"note":"last"}' })
    expect((await asked)[0]).toBe(constants.NGHTTP2_NO_ERROR)
    await gone
  })

  it('may be large in both directions', async () => {
    const { httpUrl } = await serving([binding()])
    const body = JSON.stringify({ note: 'n'.repeat(3_000_000) })
    const { text } = await post(session(httpUrl), body)
    expect(text === body).toBe(true)
  })
})

describe('a wrong JSON request over HTTP/2', () => {
  it.each([
    ['POST', '/nothing', {}, '{}', 404, Code.NOT_FOUND],
    ['GET', CALL, {}, undefined, 405, Code.UNIMPLEMENTED],
    ['POST', CALL, { 'content-type': 'text/plain' }, '{}', 415, Code.INVALID_ARGUMENT],
    ['POST', CALL, { 'content-type': undefined }, '{}', 415, Code.INVALID_ARGUMENT],
    ['POST', CALL, { 'content-encoding': 'zstd' }, '{}', 415, Code.INVALID_ARGUMENT],
    ['POST', CALL, {}, '{', 400, Code.INVALID_ARGUMENT],
    ['POST', CALL, {}, '{"nope":1}', 400, Code.INVALID_ARGUMENT],
    ['POST', CALL, { 'grpc-timeout': '1s' }, '{}', 400, Code.INVALID_ARGUMENT],
    ['POST', CALL, { expect: 'the-unexpected' }, '{}', 417, Code.INVALID_ARGUMENT],
    ['GET', `/v1/${'a'.repeat(3000)}`, {}, undefined, 414, Code.RESOURCE_EXHAUSTED],
    ['GET', '/v1/1', { 'x-long': 'a'.repeat(4000) }, undefined, 431, Code.RESOURCE_EXHAUSTED],
    ['POST', CALL, {}, `"${'a'.repeat(2000)}"`, 413, Code.RESOURCE_EXHAUSTED],
    ['POST', CALL, { 'content-encoding': 'gzip' }, gzipSync(`"${'a'.repeat(9000)}"`), 413, Code.RESOURCE_EXHAUSTED],
  ] as const)('%s is refused: row %#', async (method, path, headers, body, status, code) => {
    const limits = { maxBodyBytes: 1000, maxUrlBytes: 2000, maxHeaderBytes: 4000 }
    const { httpUrl } = await serving([binding({ http })], { http: limits })
    const client = session(httpUrl)
    const answer = await ask(client, { ':method': method, ':path': path, ...headers }, body)
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([status, code])
    expect(answer.headers['content-type']).toBe('application/json')
    expect(await post(client, '{}'), 'the connection goes on').toMatchObject({ status: 200 })
  })

  it('learns that its body is too long while it still sends', async () => {
    const { httpUrl } = await serving([binding()], { http: { maxBodyBytes: 100_000 } })
    const client = session(httpUrl)
    const head = { ':method': 'POST', ':path': CALL, 'content-type': 'application/json' }
    const request = client.request(head)
    const closed = once(request, 'close')
    request.write(' '.repeat(200_000))
    const [headers] = await once(request, 'response')
    request.resume()
    expect(headers[':status']).toBe(413)
    await closed
    expect([request.rstCode, request.writableFinished]).toEqual([constants.NGHTTP2_NO_ERROR, false])
    expect(await post(client, '{}'), 'the connection goes on').toMatchObject({ status: 200 })
  })

  it('that does not arrive is given up', async () => {
    const clock = createFakeClock()
    const { httpUrl } = await serving([binding()], { clock, http: { requestTimeoutMs: 1000, idleTimeoutMs: 0 } })
    const head = { ':method': 'POST', ':path': CALL, 'content-type': 'application/json' }
    const request = session(httpUrl).request(head)
    request.write('{')
    await expect.poll(() => clock.pending).toBe(1)
    await clock.advance(1000)
    const [headers] = await once(request, 'response')
    request.resume()
    expect(headers[':status']).toBe(408)
    expect(clock.pending).toBe(0)
  })

  it('learns of gRPC and of JSON by its content type', async () => {
    const { httpUrl } = await serving([binding()])
    const answer = await post(session(httpUrl), '', { 'content-type': 'application/grpc', te: 'trailers' })
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/grpc+proto' } })
  })

  it('that only a handler of Node answers is to come again over HTTP/1.1', async () => {
    const { httpUrl } = await serving([], { http: { fallback: (_, response) => void response.end('here') } })
    const request = session(httpUrl).request({ ':path': '/other' })
    const [error] = await once(request, 'error')
    expect([error.message, request.rstCode]).toEqual([expect.any(String), constants.NGHTTP2_HTTP_1_1_REQUIRED])
    expect(await (await fetch(`${httpUrl}/other`)).text()).toBe('here')
  })
})

describe('CORS over HTTP/2', () => {
  it('answers preflights and names the origin', async () => {
    const origin = 'https://shop.example.com'
    const { httpUrl } = await serving([binding()], { http: { cors: { origins: [origin] } } })
    const client = session(httpUrl)
    const preflight = { ':method': 'OPTIONS', ':path': CALL, origin, 'access-control-request-method': 'POST' }
    const { status, headers } = await ask(client, preflight)
    expect([status, headers['access-control-allow-methods']]).toEqual([204, 'POST'])
    const answer = await post(client, '{}', { origin })
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': origin, vary: 'Origin' })
  })
})

describe('a stream of responses over HTTP/2', () => {
  it.each([
    ['application/x-ndjson', '{"result":{"note":"a"}}\n{"result":{"note":"b"}}\n'],
    [
      'text/event-stream',
      'event: message\nid: 1\ndata: {"note":"a"}\n\nevent: message\nid: 2\ndata: {"note":"b"}\n\nevent: end\nid: end\ndata: {}\n\n',
    ],
  ])('leaves as %s', async (accept, text) => {
    const { httpUrl } = await serving([count])
    const answer = await post(session(httpUrl), '{}', { accept })
    expect(answer).toMatchObject({ status: 200, text, headers: { 'content-type': accept } })
  })

  it('has no HEAD', async () => {
    const { httpUrl } = await serving([binding({ kind: 'server_stream', http }, async () => (async function* () {})())])
    expect(await ask(session(httpUrl), { ':method': 'HEAD', ':path': '/v1/1' })).toMatchObject({ status: 405 })
  })

  it('shows that it lives while it has nothing to say', async () => {
    const clock = createFakeClock()
    const { entered, endpoint } = waiting()
    const silent = binding({ kind: 'server_stream' }, async (request, context) =>
      (async function* () {
        yield await endpoint(request, context)
      })(),
    )
    const { httpUrl } = await serving([silent], { clock, http: { heartbeatMs: 1000 } })
    const request = session(httpUrl).request({ ':method': 'POST', ':path': CALL, accept: 'text/event-stream' })
    request.end()
    await entered
    await clock.advance(1000)
    const [beat] = await once(request, 'data')
    expect(String(beat)).toBe(':\n\n')
  })

  it('waits for a client that does not read, and ends with it', async () => {
    let made = 0
    const closed = gate()
    const endless = binding({ kind: 'server_stream' }, async () =>
      (async function* () {
        try {
          for (const note = 'a'.repeat(100_000); ; made += 1) yield { note }
        } finally {
          closed.open()
        }
      })(),
    )
    const { httpUrl } = await serving([endless, binding({ name: 'Other' })])
    const client = session(httpUrl)
    const request = client.request({ ':method': 'POST', ':path': CALL }).on('error', () => {})
    request.end()
    await once(request, 'response')
    let before = -1
    // Each round trip gives the stream time to go on, if it did.
    for (let quiet = 0; quiet < 20; quiet += 1) {
      if (made !== before) quiet = 0
      before = made
      await ask(client, { ':method': 'POST', ':path': '/shop.v1.Orders/Other' }, '{}')
    }
    expect(made).toBeLessThan(1000)
    request.resume()
    await expect.poll(() => made).toBeGreaterThan(before + 10)
    request.close(constants.NGHTTP2_CANCEL)
    await closed.passed
  })

  it('is given up when the client reads no more', async () => {
    const clock = createFakeClock()
    const cancelled = gate<RpcError>()
    const endless = binding({ kind: 'server_stream' }, async (_, context: Context) => {
      context.onCancel(cancelled.open)
      return (async function* () {
        for (const note = 'a'.repeat(100_000); ; ) yield { note }
      })()
    })
    const { httpUrl } = await serving([endless], { clock, http: { writeTimeoutMs: 1000, heartbeatMs: 0 } })
    const request = session(httpUrl)
      .request({ ':method': 'POST', ':path': CALL })
      .on('error', () => {})
    request.end()
    await once(request, 'response')
    let error: RpcError | undefined
    void cancelled.passed.then((reason) => {
      error = reason
    })
    while (!error) await clock.advance(1000)
    expect(error.code).toBe(Code.CANCELLED)
  })
})

describe('a stream of requests over HTTP/2', () => {
  it.each([
    ['{"note":"a"}\n{"note":"b"}\n', 200, { note: 'a,b' }],
    ['', 200, {}],
    ['{"note":"a"}\n{"nope":1}', 400, { code: Code.INVALID_ARGUMENT }],
    [`{"note":"${'b'.repeat(2000)}"}`, 413, { code: Code.RESOURCE_EXHAUSTED }],
  ])('of lines is answered once it was read: row %#', async (body, status, json) => {
    const { httpUrl } = await serving([join], { http: { maxBodyBytes: 1000 } })
    const answer = await post(session(httpUrl), body, { 'content-type': 'application/x-ndjson' })
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.text)).toMatchObject(json)
  })

  it('may be gzip', async () => {
    const { httpUrl } = await serving([join])
    const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' }
    const answer = await post(session(httpUrl), gzipSync('{"note":"a"}\n{"note":"b"}\n'), headers)
    expect(answer.text).toBe('{"note":"a,b"}')
  })

  it('arrives as it is sent', async () => {
    const first = gate<unknown>()
    const { httpUrl } = await serving([
      binding({ kind: 'client_stream' }, async (requests: AsyncIterable<Order>) => {
        for await (const { note } of requests) first.open(note)
        return { note: 'done' }
      }),
    ])
    const head = { ':method': 'POST', ':path': CALL, 'content-type': 'application/x-ndjson' }
    const request = session(httpUrl).request(head)
    request.write('{"note":"a"}\n')
    expect(await first.passed).toBe('a')
    request.end()
    const [answer] = await once(request, 'data')
    expect(String(answer)).toBe('{"note":"done"}')
  })

  it('does not run ahead of a handler that does not read', async () => {
    const go = gate()
    let seen = 0
    const { httpUrl } = await serving([
      binding({ kind: 'client_stream' }, async (requests: AsyncIterable<Order>) => {
        await go.passed
        for await (const _ of requests) seen += 1
        return {}
      }),
      binding({ name: 'Other' }),
    ])
    const client = session(httpUrl)
    const head = { ':method': 'POST', ':path': CALL, 'content-type': 'application/x-ndjson' }
    const request = client.request(head)
    const line = `{"note":"${'a'.repeat(9_990)}"}\n`
    request.end(line.repeat(1000))
    for (let n = 0; n < 20; n += 1) {
      await ask(client, { ':method': 'POST', ':path': '/shop.v1.Orders/Other' }, '{}')
    }
    expect(request.writableLength).toBeGreaterThan(0)
    go.open()
    const [headers] = await once(request, 'response')
    request.resume()
    expect([headers[':status'], seen]).toEqual([200, 1000])
  })

  it('may be answered before it is over', async () => {
    const { httpUrl } = await serving([binding({ kind: 'client_stream' }, async () => ({ note: 'early' }))])
    const head = { ':method': 'POST', ':path': CALL, 'content-type': 'application/x-ndjson' }
    const request = session(httpUrl).request(head)
    const closed = once(request, 'close')
    request.write('{"note":"a"}\n')
    const [answer] = await once(request, 'data')
    expect(String(answer)).toBe('{"note":"early"}')
    await closed
    expect(request.rstCode).toBe(constants.NGHTTP2_NO_ERROR)
  })

  it('that breaks off cancels the call', async () => {
    const failed = gate<unknown>()
    const { httpUrl } = await serving([
      binding({ kind: 'client_stream' }, async (requests: AsyncIterable<Order>) => {
        try {
          for await (const _ of requests) client.destroy()
        } catch (error) {
          failed.open(error)
        }
        return {}
      }),
    ])
    const client = session(httpUrl)
    const head = { ':method': 'POST', ':path': CALL, 'content-type': 'application/x-ndjson' }
    client
      .request(head)
      .on('error', () => {})
      .write('{"note":"a"}\n')
    expect(await failed.passed).toMatchObject({ code: Code.CANCELLED })
  })

  it('both ways is not for JSON', async () => {
    const { httpUrl } = await serving([binding({ kind: 'bidi_stream' })])
    expect(await post(session(httpUrl), '{}')).toMatchObject({ status: 501 })
  })
})
