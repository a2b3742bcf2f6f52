import { createServer } from 'node:http'
import { retryInfo } from 'tierkit/codec'
import type { Context } from 'tierkit/endpoint'
import { Code, codeName, type ErrorCode, RpcError } from 'tierkit/error'
import { describe, expect, it, onTestFinished } from 'vitest'
import { callThrough, library } from './library.js'

const table: readonly (readonly [ErrorCode, number, Readonly<Record<string, string>>])[] = [
  [Code.CANCELLED, 499, {}],
  [Code.UNKNOWN, 500, {}],
  [Code.INVALID_ARGUMENT, 400, {}],
  [Code.DEADLINE_EXCEEDED, 504, {}],
  [Code.NOT_FOUND, 404, {}],
  [Code.ALREADY_EXISTS, 409, {}],
  [Code.PERMISSION_DENIED, 403, {}],
  [Code.RESOURCE_EXHAUSTED, 429, { 'retry-after': '3' }],
  [Code.FAILED_PRECONDITION, 400, {}],
  [Code.ABORTED, 409, {}],
  [Code.OUT_OF_RANGE, 400, {}],
  [Code.UNIMPLEMENTED, 501, {}],
  [Code.INTERNAL, 500, {}],
  [Code.UNAVAILABLE, 503, { 'retry-after': '3' }],
  [Code.DATA_LOSS, 500, {}],
  [Code.UNAUTHENTICATED, 401, { 'www-authenticate': 'Bearer' }],
]
const rows = table.map(([code, status, hints]) => [codeName(code), code, status, hints] as const)
const RETRY = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2.100s' }

/** A server whose methods fail with a code, its stream after `sent` messages. */
function failing(code: ErrorCode, sent = 0) {
  const fail = (context: Context): never => {
    context.responseHeaders.set('x-head', 'h')
    context.responseTrailers.set('x-tail', 't')
    throw new RpcError(code, 'why', { details: [retryInfo(2100)] })
  }
  return library(
    {},
    {
      create: (_, context) => fail(context),
      async *list(book: unknown, context: Context) {
        for (let n = 0; n < sent; n += 1) yield book
        fail(context)
      },
    },
  )
}

/** The headers that say something of the error. */
function hintsOf(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name === 'retry-after' || name === 'www-authenticate'))
}

describe('the outcome of a unary call', () => {
  it('OK is 200 with the message', async () => {
    const { ask } = await library()
    const { status, headers, text } = await ask('POST /v1/books', { body: '{"title":"t"}' })
    expect([status, text, hintsOf(headers)]).toEqual([200, '{"title":"t"}', {}])
    expect([headers.get('content-type'), headers.get('content-length')]).toEqual(['application/json', '13'])
  })

  it.each(rows)('%s (%d) is %d with a Status, %j', async (name, code, status, hints) => {
    const { ask, url } = await failing(code)
    const reply = await ask('POST /v1/books', { body: '{}' })
    expect([reply.status, hintsOf(reply.headers)]).toEqual([status, hints])
    expect(reply.text).toBe(JSON.stringify({ code, message: 'why', details: [RETRY] }))
    expect(reply.headers.get('content-type')).toBe('application/json')
    expect(reply.headers.get('content-length')).toBe(String(reply.bytes.length))
    expect(reply.headers.get('grpc-metadata-x-head')).toBe('h')
    await expect(callThrough(url, 'create', {}), name).rejects.toMatchObject({ code, rawMessage: 'why' })
  })
})

describe('the outcome of a stream', () => {
  it('OK is 200 with the messages', async () => {
    const { ask } = await library()
    const { status, headers, text } = await ask('GET /v1/list/t')
    expect([status, text, hintsOf(headers)]).toEqual([200, '{"result":{"title":"t"}}\n'.repeat(2), {}])
    expect([headers.get('content-type'), headers.get('cache-control')]).toEqual(['application/json', 'no-store'])
  })

  it.each(rows)('%s (%d) before the first message is %d with a Status, %j', async (name, code, status, hints) => {
    const { ask, url } = await failing(code)
    const reply = await ask('GET /v1/list/t')
    expect([reply.status, hintsOf(reply.headers)]).toEqual([status, hints])
    expect(reply.text).toBe(JSON.stringify({ code, message: 'why', details: [RETRY] }))
    expect(reply.headers.get('content-type')).toBe('application/json')
    await expect(callThrough(url, 'list', { title: 't' }), name).rejects.toMatchObject({ code, rawMessage: 'why' })
  })

  it.each(rows)('%s (%d) after a message is the last line of a 200', async (name, code) => {
    const { ask, url } = await failing(code, 1)
    const reply = await ask('GET /v1/list/t')
    const error = JSON.stringify({ code, message: 'why', details: [RETRY] })
    expect([reply.status, hintsOf(reply.headers)]).toEqual([200, {}])
    expect(reply.text).toBe(`{"result":{"title":"t"}}\n{"error":${error}}\n`)
    await expect(callThrough(url, 'list', { title: 't' }), name).rejects.toMatchObject({ code, rawMessage: 'why' })
  })
})

describe('a response of another server, without a Status', () => {
  it.each([
    [400, 'INTERNAL'],
    [401, 'UNAUTHENTICATED'],
    [403, 'PERMISSION_DENIED'],
    [404, 'UNIMPLEMENTED'],
    [408, 'UNKNOWN'],
    [409, 'UNKNOWN'],
    [413, 'UNKNOWN'],
    [418, 'UNKNOWN'],
    [429, 'UNAVAILABLE'],
    [431, 'INTERNAL'],
    [500, 'UNKNOWN'],
    [502, 'UNAVAILABLE'],
    [503, 'UNAVAILABLE'],
    [504, 'UNAVAILABLE'],
  ])('HTTP %d is %s', async (status, name) => {
    const server = createServer((_, response) =>
      response.writeHead(status, { 'content-type': 'text/html' }).end('<p>no'),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
    for (const method of ['create', 'list']) {
      const error = await callThrough(url, method, {}).catch((thrown: RpcError) => thrown)
      expect([codeName(error.code), error.rawMessage]).toEqual([name, `HTTP ${status}`])
    }
  })
})
