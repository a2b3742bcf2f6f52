import { retryInfo } from 'tierkit/codec'
import { Code, codeName, type ErrorCode, RpcError } from 'tierkit/error'
import type { ErrorShape, HttpServerOptions } from 'tierkit/transport/http'
import { describe, expect, it } from 'vitest'
import { errorOfResponse } from '../../../../src/transport/http/error.js'
import { ErrorStyle } from '../../../../src/transport/http/error-body/error-body.js'
import { STATUS_OF_CODE } from '../../../../src/transport/http/error-body/http-status.js'
import { raw } from '../fixture.js'
import { callThrough, library } from './library.js'

const INFO = {
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason: 'NO_BOOK',
  domain: 'lib.example.com',
  metadata: { id: '7' },
}
const RETRY = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2s' }

function noBook(): RpcError {
  const facts = { reason: 'NO_BOOK', domain: 'lib.example.com', metadata: { id: '7' }, details: [retryInfo(2000)] }
  return new RpcError(Code.NOT_FOUND, 'no such book', facts)
}

/** A server whose method `Create` fails. */
function failing(thrown: unknown, options: HttpServerOptions = {}) {
  const create = () => {
    throw thrown
  }
  return library(options, { create })
}

describe('the body of an error', () => {
  it.each([
    ['status', 'application/json', { code: 5, message: 'no such book', details: [INFO, RETRY] }],
    [
      'aip193',
      'application/json',
      { error: { code: 404, message: 'no such book', status: 'NOT_FOUND', details: [INFO, RETRY] } },
    ],
    [
      'rfc9457',
      'application/problem+json',
      {
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        detail: 'no such book',
        code: 'NOT_FOUND',
        reason: 'NO_BOOK',
        domain: 'lib.example.com',
        metadata: { id: '7' },
        details: [RETRY],
      },
    ],
    ['kratos', 'application/json', { code: 404, reason: 'NO_BOOK', message: 'no such book', metadata: { id: '7' } }],
  ] as const)('is %s', async (errorBody, type, expected) => {
    const { ask } = await failing(noBook(), { errorBody })
    const { status, headers, json } = await ask('POST /v1/books', { body: '{}' })
    expect([status, headers.get('content-type'), json]).toEqual([404, type, expected])
  })

  it.each([
    ['aip193', { error: { code: 500, message: 'unknown error', status: 'UNKNOWN', details: [] } }],
    [
      'rfc9457',
      { type: 'about:blank', title: 'Internal Server Error', status: 500, detail: 'unknown error', code: 'UNKNOWN' },
    ],
    ['kratos', { code: 500, reason: '', message: 'unknown error', metadata: {} }],
  ] as const)('shows nothing of a foreign error: %s', async (errorBody, expected) => {
    const { ask } = await failing(new Error('secret'), { errorBody })
    expect((await ask('POST /v1/books', { body: '{}' })).json).toEqual(expected)
  })

  it('is what a function makes of it', async () => {
    const errorBody = (error: RpcError, status: number) => ({
      json: { oops: error.reason ?? '', status },
      contentType: 'application/vnd.oops+json',
    })
    const { ask } = await failing(noBook(), { errorBody })
    const { headers, text } = await ask('POST /v1/books', { body: '{}' })
    expect([headers.get('content-type'), text]).toEqual([
      'application/vnd.oops+json',
      '{"oops":"NO_BOOK","status":404}',
    ])
  })

  it('is a google.rpc.Status where the function fails', async () => {
    const errorBody = () => {
      throw new Error('a mistake')
    }
    const { ask } = await failing(noBook(), { errorBody })
    expect((await ask('POST /v1/books', { body: '{}' })).json).toEqual({
      code: 5,
      message: 'no such book',
      details: [],
    })
  })

  it('has the shape wherever the error is from', async () => {
    const { ask, port } = await library({ errorBody: 'aip193' })
    expect((await ask('GET /nothing')).json.error).toMatchObject({ code: 404, status: 'NOT_FOUND' })
    expect((await ask('GET /v1/books')).json.error).toMatchObject({ code: 405 })
    expect((await ask('POST /v1/books', { body: '{' })).json.error).toMatchObject({
      code: 400,
      status: 'INVALID_ARGUMENT',
    })
    expect(await raw(port, 'nonsense\r\n\r\n')).toContain('{"error":{"code":400,')
  })

  it('of a shape that is not known fails the start', async () => {
    await expect(library({ errorBody: 'toString' as never })).rejects.toThrow(
      "errorBody: 'toString' is unknown; known are status, aip193, rfc9457, kratos",
    )
  })
})

describe('an HTTP status that no code has', () => {
  it.each([
    ['422', 422],
    ['418', 418],
    ['599', 599],
    ['400', 400],
    ['399', 404],
    ['600', 404],
    ['200', 404],
    ['42', 404],
    ['4220', 404],
    ['422 ', 404],
    ['-422', 404],
    ['', 404],
    ['__proto__', 404],
  ])('is said by http_status: %j is %d', async (http_status, status) => {
    const { ask } = await failing(new RpcError(Code.NOT_FOUND, 'no', { metadata: { http_status } }))
    expect((await ask('POST /v1/books', { body: '{}' })).status).toBe(status)
  })

  it.each(['status', 'aip193', 'rfc9457', 'kratos'] as const)('comes back to the client in %s', async (errorBody) => {
    const thrown = new RpcError(Code.INVALID_ARGUMENT, 'unfit', { reason: 'UNFIT', metadata: { http_status: '422' } })
    const { url } = await failing(thrown, { errorBody })
    await expect(callThrough(url, 'create', {})).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
      rawMessage: 'unfit',
      reason: 'UNFIT',
      metadata: { http_status: '422' },
    })
  })
})

const codes = Object.values(Code).filter((code) => code !== Code.OK) as ErrorCode[]
/** Of the codes that share an HTTP status, the one that is read. */
const KRATOS: Readonly<Record<number, ErrorCode>> = {
  [Code.ALREADY_EXISTS]: Code.ABORTED,
  [Code.OUT_OF_RANGE]: Code.INVALID_ARGUMENT,
  [Code.FAILED_PRECONDITION]: Code.INVALID_ARGUMENT,
  [Code.UNKNOWN]: Code.INTERNAL,
  [Code.DATA_LOSS]: Code.INTERNAL,
}

describe('an error that is read back', () => {
  const shapes: readonly ErrorShape[] = ['status', 'aip193', 'rfc9457', 'kratos']
  it.each(shapes.flatMap((shape) => codes.map((code) => [shape, codeName(code), code] as const)))(
    'from %s is %s as it was',
    (shape, _, code) => {
      const error = new RpcError(code, 'text', {
        reason: 'WHY',
        domain: 'd',
        metadata: { a: 'b' },
        details: [retryInfo(5)],
      })
      const { text } = new ErrorStyle(shape).text(error, STATUS_OF_CODE[code])
      const read = errorOfResponse(STATUS_OF_CODE[code], text)
      const isKratos = shape === 'kratos'
      expect(codeName(read.code)).toBe(codeName(isKratos ? (KRATOS[code] ?? code) : code))
      expect([read.rawMessage, read.reason, read.metadata]).toEqual(['text', 'WHY', { a: 'b' }])
      expect([read.domain, read.details.length]).toEqual(isKratos ? [undefined, 0] : ['d', 1])
    },
  )

  it.each([
    ['{"status":404,"title":"Not Found"}', 'NOT_FOUND', 'Not Found', {}],
    ['{"type":"https://x/y","status":422,"detail":"unfit"}', 'INVALID_ARGUMENT', 'unfit', { http_status: '422' }],
    ['{"status":503,"error":"Unavailable","path":"/x"}', 'UNAVAILABLE', '', {}],
    ['{"error":{"code":409,"message":"twice"}}', 'ABORTED', 'twice', {}],
    ['{"error":{"code":404,"message":"x","status":"NOT_FOUND","details":"none"}}', 'NOT_FOUND', 'x', {}],
    ['{"error":{"code":5,"message":"x"}}', 'NOT_FOUND', 'x', {}],
    ['{"error":{}}', 'UNKNOWN', 'HTTP 418', {}],
    ['{"error":"text"}', 'UNKNOWN', 'HTTP 418', {}],
    [
      '{"code":429,"reason":"SLOW","message":"slow","metadata":{"a":1,"b":"c"}}',
      'RESOURCE_EXHAUSTED',
      'slow',
      { b: 'c' },
    ],
    ['{"code":410,"message":"gone"}', 'NOT_FOUND', 'gone', { http_status: '410' }],
    ['{"code":512}', 'INTERNAL', '', { http_status: '512' }],
    ['{"code":1000}', 'UNKNOWN', '', {}],
    ['{"status":200}', 'UNKNOWN', '', {}],
    ['{"status":"404"}', 'UNKNOWN', 'HTTP 418', {}],
    ['[1]', 'UNKNOWN', 'HTTP 418', {}],
    ['"x"', 'UNKNOWN', 'HTTP 418', {}],
  ])('from another program says what it can: %s', (body, name, message, metadata) => {
    const read = errorOfResponse(418, body)
    expect([codeName(read.code), read.rawMessage, read.metadata]).toEqual([name, message, metadata])
  })
})

describe('an envelope', () => {
  const envelope = {
    success: (data: unknown) => ({ ok: true, data }) as never,
    error: (error: unknown, { reason }: RpcError) => ({ ok: false, reason: reason ?? '', error }) as never,
  }
  it('is around responses and errors in JSON, and nothing else', async () => {
    const { ask } = await failing(noBook(), { envelope, errorBody: 'aip193' })
    expect((await ask('GET /v1/titles/t')).json).toEqual({ ok: true, data: { title: 't' } })
    expect((await ask('POST /v1/books', { body: '{}' })).json).toMatchObject({
      ok: false,
      reason: 'NO_BOOK',
      error: { error: { code: 404 } },
    })
    expect((await ask('POST /v1/print', { body: 'x', type: 'text/plain' })).text).toBe('x')
    expect((await ask('GET /v1/list/t')).text).toBe('{"result":{"title":"t"}}\n'.repeat(2))
  })

  it('is taken off by the typed client', async () => {
    const { url } = await failing(noBook(), { envelope })
    const opened = {
      success: (json: never) => (json as { data: never }).data,
      error: (json: never) => (json as { error: never }).error,
    }
    expect(await callThrough(url, 'tags', { tags: ['a'] }, { envelope: opened })).toMatchObject({ tags: ['a'] })
    await expect(callThrough(url, 'create', {}, { envelope: opened })).rejects.toMatchObject({
      code: Code.NOT_FOUND,
      reason: 'NO_BOOK',
    })
  })
})
