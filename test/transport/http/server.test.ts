import { once } from 'node:events'
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { gzipSync } from 'node:zlib'
import { serve } from 'tierkit/app'
import type { Context } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { createFakeClock } from 'tierkit/testing'
import { httpServer } from 'tierkit/transport/http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { binding, echo, gate, raw, serverWith, waiting } from './fixture.js'

const CALL = '/shop.v1.Orders/Call'

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: { readonly code?: number; readonly message?: string; readonly [key: string]: unknown }
}

async function ask(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init)
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: text === '' ? {} : JSON.parse(text) }
}

function post(body: RequestInit['body'] | undefined, headers: Record<string, string> = {}): RequestInit {
  return { method: 'POST', body: body ?? null, headers: { 'content-type': 'application/json', ...headers } }
}

describe('a unary call', () => {
  it('is a POST of JSON to its path', async () => {
    const { url } = await serverWith([binding()])
    const { status, headers, text } = await ask(url + CALL, post('{"order_id":"1","total":5}'))
    expect([status, text]).toEqual([200, '{"orderId":"1","total":"5"}'])
    expect(headers.get('content-type')).toBe('application/json')
    expect(headers.get('content-length')).toBe(String(text.length))
  })

  it('may have an empty request, without any type', async () => {
    const { url } = await serverWith([binding()])
    expect(await ask(url + CALL, { method: 'POST' })).toMatchObject({ status: 200, text: '{}' })
  })

  it('is also at the routes of its rules', async () => {
    const http = [
      { method: 'GET', path: '/v1/orders/{order_id}' },
      { method: 'PUT', path: '/v1/orders/{order_id}', body: 'item', responseBody: 'item' },
      { method: 'PURGE', path: '/v1/orders/{order_id}:gone' },
    ]
    const { url, port } = await serverWith([binding({ http })])
    expect(await ask(`${url}/v1/orders/a%2Fb?tags=x`)).toMatchObject({ text: '{"orderId":"a/b","tags":["x"]}' })
    const put = { ...post('{"sku":"s"}'), method: 'PUT' }
    expect(await ask(`${url}/v1/orders/1?note=n`, put)).toMatchObject({ status: 200, text: '{"sku":"s"}' })
    const purged = await raw(port, 'PURGE /v1/orders/7:gone HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    expect(purged).toContain('{"orderId":"7"}')
  })

  it('gets metadata, peer and deadline, and gives metadata back', async () => {
    const seen = gate<Context>()
    const { url } = await serverWith([
      binding({}, async (_, context: Context) => {
        context.responseHeaders.append('x-head', 'a').append('x-head', 'b')
        context.responseTrailers.set('x-trail', 't')
        seen.open(context)
        return {}
      }),
    ])
    const headers = { 'grpc-metadata-tenant': 'blue', 'x-id': '7', 'grpc-timeout': '1H' }
    const answer = await ask(url + CALL, post('{}', headers))
    const context = await seen.passed
    expect(context.metadata.get('tenant')).toBe('blue')
    expect(context.metadata.get('x-id')).toBe('7')
    expect(context.deadline! - context.clock.now()).toBeGreaterThan(3_000_000)
    expect(context.peer?.address).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(answer.headers.get('grpc-metadata-x-head')).toBe('a, b')
    expect(answer.text).toBe('{}')
  })

  it('brings trailers to a client that says that it reads them', async () => {
    const { port } = await serverWith([
      binding({}, async (_, context: Context) => {
        context.responseTrailers.set('x-trail', 't')
        return { note: 'n' }
      }),
    ])
    const request = `POST ${CALL} HTTP/1.1\r\nHost: x\r\nTE: trailers\r\nConnection: close, TE\r\n\r\n`
    expect(await raw(port, request)).toMatch(/\{"note":"n"\}\r\n0\r\ngrpc-trailer-x-trail: t\r\n\r\n$/)
  })

  it('that fails is a google.rpc.Status with the HTTP status of its code', async () => {
    const { url } = await serverWith([
      binding({}, () => Promise.reject(new RpcError(Code.NOT_FOUND, 'no such order', { reason: 'NO_ORDER' }))),
    ])
    const { status, json } = await ask(url + CALL, post('{}'))
    expect(status).toBe(404)
    expect(json).toEqual({
      code: 5,
      message: 'no such order',
      details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'NO_ORDER' }],
    })
  })

  it('that fails with something foreign shows nothing of it', async () => {
    const { url } = await serverWith([binding({}, () => Promise.reject(new Error('secret')))])
    expect(await ask(url + CALL, post('{}'))).toMatchObject({
      status: 500,
      text: '{"code":2,"message":"unknown error","details":[]}',
    })
  })

  it('ends at its deadline', async () => {
    const clock = createFakeClock()
    const { entered, endpoint } = waiting()
    const { url } = await serverWith([binding({}, endpoint)], { clock })
    const asked = ask(url + CALL, post('{}', { 'grpc-timeout': '1S' }))
    const context = await entered
    await clock.advance(1000)
    const { status, json } = await asked
    expect([status, json.code]).toEqual([504, Code.DEADLINE_EXCEEDED])
    expect(context.signal.aborted).toBe(true)
  })

  it('is cancelled when the client goes away', async () => {
    const { entered, endpoint } = waiting()
    const { url } = await serverWith([binding({}, endpoint)])
    const controller = new AbortController()
    const failing = fetch(url + CALL, { ...post('{}'), signal: controller.signal }).catch((error) => error.name)
    const context = await entered
    const cancelled = gate<RpcError>()
    context.onCancel(cancelled.open)
    controller.abort()
    expect(await failing).toBe('AbortError')
    expect(await cancelled.passed).toMatchObject({ code: Code.CANCELLED })
  })

  it('does not call the handler when the deadline passed while the request came in', async () => {
    let called = false
    const { port } = await serverWith([
      binding({}, async () => {
        called = true
        return {}
      }),
    ])
    const head = `POST ${CALL} HTTP/1.1\r\nHost: x\r\nGrpc-Timeout: 20m\r\nContent-Type: application/json\r\n`
    const answer = await raw(port, `${head}Connection: close\r\nContent-Length: 10\r\n\r\n{`)
    expect(answer).toContain('HTTP/1.1 504 ')
    expect(called).toBe(false)
  })

  it('answers a HEAD without a body', async () => {
    const { port } = await serverWith([binding({ http: [{ method: 'GET', path: '/v1/{order_id}' }] })])
    const answer = await raw(port, 'HEAD /v1/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*Content-Length: 15\r\n[\s\S]*\r\n\r\n$/)
  })
})

describe('a wrong request', () => {
  const http = [{ method: 'GET', path: '/v1/{order_id}' }]
  it.each([
    ['POST', '/nothing', {}, '{}', 404, Code.NOT_FOUND],
    ['GET', CALL, {}, undefined, 405, Code.UNIMPLEMENTED],
    ['DELETE', '/v1/1', {}, undefined, 405, Code.UNIMPLEMENTED],
    ['POST', CALL, { 'content-type': 'text/plain' }, '{}', 415, Code.INVALID_ARGUMENT],
    ['POST', CALL, { 'content-type': 'application/x-www-form-urlencoded' }, 'a=b', 415, Code.INVALID_ARGUMENT],
    ['POST', CALL, { 'content-type': 'application/json; charset=latin1' }, '{}', 415, Code.INVALID_ARGUMENT],
    ['POST', CALL, { 'content-type': 'application/json-patch+json' }, '{}', 415, Code.INVALID_ARGUMENT],
    ['POST', CALL, { 'content-encoding': 'zstd' }, '{}', 415, Code.INVALID_ARGUMENT],
    ['POST', CALL, { 'content-encoding': 'gzip' }, '{}', 400, Code.INVALID_ARGUMENT],
    ['POST', CALL, {}, '{', 400, Code.INVALID_ARGUMENT],
    ['POST', CALL, {}, '\ufeff{}', 400, Code.INVALID_ARGUMENT],
    ['POST', CALL, {}, '{"nope":1}', 400, Code.INVALID_ARGUMENT],
    ['POST', CALL, {}, '{"total":1.5}', 400, Code.INVALID_ARGUMENT],
    ['POST', `${CALL}?a=1`, {}, '{}', 400, Code.INVALID_ARGUMENT],
    ['POST', CALL, { 'grpc-timeout': '1s' }, '{}', 400, Code.INVALID_ARGUMENT],
    ['GET', '/v1/1?nope=1', {}, undefined, 400, Code.INVALID_ARGUMENT],
    ['GET', '/v1/%zz', {}, undefined, 400, Code.INVALID_ARGUMENT],
    ['GET', `/v1/${'a'.repeat(9000)}`, {}, undefined, 414, Code.RESOURCE_EXHAUSTED],
    ['GET', `/v1/1?${'tags=1&'.repeat(101)}`, {}, undefined, 400, Code.INVALID_ARGUMENT],
    ['POST', CALL, {}, `"${'a'.repeat(2000)}"`, 413, Code.RESOURCE_EXHAUSTED],
  ] as const)('%s is refused: row %#', async (method, path, headers, body, status, code) => {
    const { url } = await serverWith([binding({ http })], { maxBodyBytes: 1000 })
    const init = { ...post(body, headers), method }
    if (body === undefined) Reflect.deleteProperty(init, 'body')
    const answer = await ask(url + path, init)
    expect([answer.status, answer.json.code]).toEqual([status, code])
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(await ask(url + CALL, post('{}')), 'the server goes on').toMatchObject({ status: 200 })
  })

  it.each([
    ['POST', CALL, '{"item":{"count":"x"}}', 'item.count', /number|int/],
    ['POST', CALL, '{"items":[{},{"price":{"units":1.5}}]}', 'items[1].price.units', /./],
    ['POST', CALL, '{"nope":1}', 'nope', /./],
    ['POST', CALL, '[]', undefined, /./],
    ['POST', '/v1/7/items', '{"sku":7}', 'item.sku', /./],
    ['POST', '/v1/7/items', '[]', 'item', /./],
    ['GET', '/v1/1?nope=1', undefined, 'nope', /^shop\.v1\.Order has no such field$/],
    ['GET', '/v1/1?item.count=x', undefined, 'item.count', /./],
    ['GET', '/v1/1?express=yes', undefined, 'express', /^expected true or false$/],
    ['GET', '/v1/1?note=1&note=2', undefined, 'note', /twice/],
    ['GET', '/v1/%zz', undefined, 'order_id', /percent escape/],
    ['GET', '/v1/sizes/x', undefined, 'item.count', /./],
  ] as const)('%s %s %s names the field in a google.rpc.BadRequest', async (method, path, body, field, description) => {
    const rules = [
      ...http,
      { method: 'GET', path: '/v1/sizes/{item.count}' },
      { method: 'POST', path: '/v1/{order_id}/items', body: 'item' },
    ]
    const { url } = await serverWith([binding({ http: rules })])
    const init = body === undefined ? { method } : { ...post(body), method }
    const { status, json } = await ask(url + path, init)
    expect(status).toBe(400)
    expect(json.details).toEqual([
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [{ ...(field && { field }), description: expect.stringMatching(description) }],
      },
    ])
    expect(json.message).toMatch(new RegExp(description.source.replace(/[$^]/g, '')))
  })

  it('in a stream of requests names its field too', async () => {
    const { url } = await serverWith([
      binding({ kind: 'client_stream' }, async (requests: AsyncIterable<unknown>) => {
        for await (const _ of requests);
        return {}
      }),
    ])
    const { status, json } = await ask(url + CALL, post('{"note":"a"}\n{"total":true}\n'))
    expect(status).toBe(400)
    const violation = { field: 'total', description: expect.anything() }
    expect(json.details).toEqual([expect.objectContaining({ fieldViolations: [violation] })])
  })

  it('learns which HTTP methods there are', async () => {
    const { url } = await serverWith([binding({ http })])
    expect((await ask(url + CALL)).headers.get('allow')).toBe('POST, OPTIONS')
    const options = await ask(`${url}/v1/1`, { method: 'OPTIONS' })
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS'])
    expect(await ask(`${url}/nothing`, { method: 'OPTIONS' })).toMatchObject({ status: 404 })
  })

  it('with a body where none belongs is refused', async () => {
    const { port } = await serverWith([binding({ http })])
    const head = 'GET /v1/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n'
    expect(await raw(port, `${head}Content-Length: 2\r\n\r\n{}`)).toContain('takes no body')
  })

  it.each([
    ['not HTTP at all', 'hello\r\n\r\n', 400],
    ['a header without a name', 'GET / HTTP/1.1\r\nHost: x\r\n: x\r\n\r\n', 400],
    ['a line break in a header', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: b\rX-C: d\r\n\r\n', 400],
    ['two lengths', `POST ${CALL} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}`, 400],
    [
      'length and chunks at once',
      `POST ${CALL} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ])('as %s is answered, and the connection closed', async (_, text, status) => {
    const { port, url } = await serverWith([binding()])
    const answer = await raw(port, text)
    expect(answer).toContain(`HTTP/1.1 ${status} `)
    expect(await ask(url + CALL, post('{}')), 'the server goes on').toMatchObject({ status: 200 })
  })

  it('that does not arrive is given up', async () => {
    const { port } = await serverWith([binding()], { headersTimeoutMs: 50, requestTimeoutMs: 100 })
    const slowHead = await raw(port, 'POST / HTTP/1.1\r\nHost: x\r\nX-')
    expect(slowHead).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":4,/)
    const head = `POST ${CALL} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n`
    expect(await raw(port, `${head}{`)).toContain('HTTP/1.1 408 ')
  })

  it('does not bring its own headers into the response', async () => {
    const { port } = await serverWith([binding()])
    const answer = await raw(
      port,
      `POST ${CALL} HTTP/1.1\r\nHost: x\r\nX-Evil: 1\r\nGrpc-Metadata-Set-Cookie: a\r\nConnection: close\r\n\r\n`,
    )
    expect(answer).not.toMatch(/evil|cookie/i)
  })

  it('of a metadata value with a line break cannot be made', async () => {
    const { url } = await serverWith([
      binding({}, async (_, context: Context) => {
        context.responseHeaders.set('x-a', 'b\r\nSet-Cookie: c')
        return {}
      }),
    ])
    const { status, headers } = await ask(url + CALL, post('{}'))
    expect([status, headers.get('set-cookie')]).toEqual([500, null])
  })
})

describe('a body', () => {
  it('may be gzip without any limit', async () => {
    const { url } = await serverWith([binding()], { maxBodyBytes: Number.POSITIVE_INFINITY })
    const body = gzipSync('{"note":"packed"}')
    const answer = await ask(url + CALL, {
      ...post(body),
      headers: { ...post('').headers, 'content-encoding': 'gzip' },
    })
    expect(answer).toMatchObject({ status: 200, text: '{"note":"packed"}' })
  })

  it('may be gzip', async () => {
    const { url } = await serverWith([binding()])
    const body = gzipSync('{"note":"packed"}')
    expect(await ask(url + CALL, post(body, { 'content-encoding': 'gzip' }))).toMatchObject({
      text: '{"note":"packed"}',
    })
  })

  it('counts unpacked', async () => {
    const { url } = await serverWith([binding()], { maxBodyBytes: 10_000 })
    const bomb = gzipSync(`"${'a'.repeat(5_000_000)}"`)
    expect(bomb.length).toBeLessThan(10_000)
    expect(await ask(url + CALL, post(bomb, { 'content-encoding': 'gzip' }))).toMatchObject({ status: 413 })
  })

  it('without a length counts as it comes', async () => {
    const { port } = await serverWith([binding()], { maxBodyBytes: 10 })
    const head = `POST ${CALL} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n`
    const answer = await raw(port, `${head}Connection: close\r\n\r\nb\r\n{"note":"ab\r\n0\r\n\r\n`)
    expect(answer).toContain('HTTP/1.1 413 ')
  })

  it('is not even asked for when the head is wrong', async () => {
    const { port } = await serverWith([binding()], { maxBodyBytes: 10 })
    const head = `POST ${CALL} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n`
    const refused = await raw(port, `${head}Content-Type: text/plain\r\nContent-Length: 5\r\n\r\n`)
    expect(refused).toMatch(/^HTTP\/1\.1 415 /)
    expect(refused).toContain('Connection: close')
    const wanted = await raw(
      port,
      `${head}Connection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
    )
    expect(wanted).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/)
  })
})

describe('a server', () => {
  it('gives what no method does to the fallback', async () => {
    const { url } = await serverWith([binding()], {
      fallback: (request, response) => {
        if (request.url === '/broken') throw new Error('secret')
        response.end(`own ${request.url}`)
      },
    })
    expect(await (await fetch(`${url}/page?x=1`)).text()).toBe('own /page?x=1')
    expect(await ask(`${url}/broken`)).toMatchObject({ status: 500, json: { code: Code.UNKNOWN } })
    expect(await ask(url + CALL, post('{}'))).toMatchObject({ status: 200 })
    expect(await ask(url + CALL)).toMatchObject({ status: 405 })
  })

  it('copies further headers to the metadata if it is told to', async () => {
    const { url } = await serverWith(
      [binding({}, async (_, { metadata }: Context) => ({ note: metadata.get('accept-language') }))],
      { metadataHeaders: ['Accept-Language'] },
    )
    expect(await ask(url + CALL, post('{}', { 'accept-language': 'de' }))).toMatchObject({ text: '{"note":"de"}' })
  })

  it('says how it cannot start', async () => {
    const { port } = await serverWith([])
    await expect(httpServer({ host: '127.0.0.1', port }).listen([])).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      rawMessage: expect.stringMatching(`cannot listen on http://127.0.0.1:${port}: .*EADDRINUSE`),
    })
  })

  it('names both methods that want the same route', async () => {
    const http = [{ method: 'GET', path: '/v1/{order_id}' }]
    const other = [{ method: 'GET', path: '/v1/{note}' }]
    const failing = httpServer().listen([binding({ name: 'One', http }), binding({ name: 'Two', http: other })])
    await expect(failing).rejects.toMatchObject({
      code: Code.FAILED_PRECONDITION,
      rawMessage:
        'HTTP route GET /v1/{note} of /shop.v1.Orders/Two: /shop.v1.Orders/One has the same route, GET /v1/{order_id}',
    })
  })

  it.each([
    [
      { http: [{ method: 'GET', path: '/v1/{nope}' }] },
      /GET \/v1\/\{nope\} of \/shop.v1.Orders\/Call: .*no such field/,
    ],
    [{ http: [{ method: 'GET', path: 'v1' }] }, /path template "v1"/],
    [{ http: [{ method: 'GET', path: '/a', responseBody: 'nope' }] }, /response_body nope/],
    [{ kind: 'client_stream', http: [{ method: 'POST', path: '/a' }] }, /stream of requests needs body/],
  ] as const)('does not start with %j', async (init, message) => {
    await expect(httpServer().listen([binding(init)])).rejects.toMatchObject({
      code: Code.FAILED_PRECONDITION,
      rawMessage: expect.stringMatching(message),
    })
  })

  it('lets a rule for its own path replace what a method has by default', async () => {
    const http = [{ method: 'POST', path: CALL, body: 'item' }]
    const { url } = await serverWith([binding({ http })])
    expect(await ask(url + CALL, post('{"sku":"s"}'))).toMatchObject({ text: '{"item":{"sku":"s"}}' })
  })

  it('refuses connections beyond their number', async () => {
    const { entered, endpoint } = waiting()
    const { url, port } = await serverWith([binding({}, endpoint)], { maxConnections: 1 })
    const controller = new AbortController()
    const running = fetch(url + CALL, { ...post('{}'), signal: controller.signal }).catch(() => {})
    await entered
    expect(await raw(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n').catch(() => '')).toBe('')
    controller.abort()
    await running
  })

  it('closes a connection after its number of requests', async () => {
    const { port } = await serverWith([binding({}, async (_, { peer }: Context) => ({ note: peer?.address }))], {
      maxRequestsPerSocket: 2,
    })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => agent.destroy())
    const peers: string[] = []
    for (let n = 0; n < 3; n += 1) {
      const request = httpRequest({ agent, host: '127.0.0.1', port, method: 'POST', path: CALL }).end()
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      peers.push((await response.toArray()).join(''))
    }
    expect(peers[1]).toBe(peers[0])
    expect(peers[2]).not.toBe(peers[0])
  })

  it.each([
    [{ maxBodyBytes: -1 }, 'maxBodyBytes'],
    [{ requestTimeoutMs: Number.NaN }, 'requestTimeoutMs'],
    [{ heartbeatMs: -1 }, 'heartbeatMs'],
    [{ maxParts: null as never }, 'maxParts'],
    [{ maxParts: '5' as never }, 'maxParts'],
  ])('refuses %j', async (options, name) => {
    expect(() => httpServer(options)).toThrow(`httpServer: ${name} must be`)
    await expect(serve({ http: options }).listen([])).rejects.toThrow(`httpServer: ${name} must be`)
  })

  it.each([
    [{ unknownParameters: 'Ignore' as never }, 'unknownParameters is reject or ignore, not Ignore'],
    [{ notAcceptable: 'strict' as never }, 'notAcceptable is json or reject, not strict'],
    [{ formats: ['json', 'xml'] as never[] }, 'formats is json or protobuf, not xml'],
  ])('refuses %j by name', (options, problem) => {
    expect(() => httpServer(options)).toThrow(`httpServer: ${problem}`)
  })

  it('listens with any times', async () => {
    await serverWith([], { requestTimeoutMs: 5000 })
    await serverWith([], { requestTimeoutMs: 0, headersTimeoutMs: 0, idleTimeoutMs: 0, writeTimeoutMs: 0 })
  })

  it('that never listened drains and closes at once', async () => {
    const server = httpServer()
    await server.drain(60_000)
    await server.close()
  })

  it('serves several calls on one connection in their order', async () => {
    const { port } = await serverWith([binding({}, echo)])
    const one = (n: number, more = '') =>
      `POST ${CALL} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 14\r\n${more}\r\n{"total":"${n}"} `
    const answers = await raw(port, one(1) + one(2) + one(3, 'Connection: close\r\n'))
    expect(answers.match(/"total":"\d"/g)).toEqual(['"total":"1"', '"total":"2"', '"total":"3"'])
  })
})
