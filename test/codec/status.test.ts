import {
  Duration,
  decodeStatus,
  encodeStatus,
  errorFromStatus,
  errorFromStatusJson,
  type JsonValue,
  statusToJson,
} from 'tierkit/codec'
import { Code, type ErrorDetail, RpcError } from 'tierkit/error'
import { describe, expect, it } from 'vitest'

// RetryInfo { retry_delay: 1.5s }, field 1.
const delay = Duration.encode({ seconds: 1n, nanos: 500_000_000 })
const retryInfo: ErrorDetail = { type: 'google.rpc.RetryInfo', value: new Uint8Array([0x0a, delay.length, ...delay]) }
const foreign: ErrorDetail = { type: 'acme.v1.Hint', value: new Uint8Array([1, 2, 250]) }

const error = new RpcError(Code.NOT_FOUND, 'no such order: ñ', {
  reason: 'ORDER_NOT_FOUND',
  domain: 'orders.example.com',
  metadata: { orderId: '7', __proto__x: '' },
  details: [retryInfo, foreign],
  cause: new Error('secret'),
  neverSent: true,
})

function expectSame(read: RpcError | undefined): void {
  expect(read).toBeInstanceOf(RpcError)
  expect(read).toMatchObject({ code: error.code, rawMessage: error.rawMessage, reason: error.reason })
  expect(read).toMatchObject({ domain: error.domain, neverSent: false })
  expect(read?.cause).toBeUndefined()
  expect({ ...read?.metadata }).toEqual(error.metadata)
  expect(read?.details).toEqual(error.details)
}

function through(error: RpcError): RpcError {
  const status = decodeStatus(encodeStatus(error))
  if (!status) throw new Error('not a status')
  return errorFromStatus(status)
}

describe('an error as google.rpc.Status', () => {
  it('keeps code, message, reason, domain, metadata and details, and nothing else', () => {
    expectSame(through(error))
  })

  it('has no ErrorInfo unless there is something in it', () => {
    const read = decodeStatus(encodeStatus(new RpcError(Code.ABORTED, 'x')))
    expect(read).toEqual({
      code: Code.ABORTED,
      message: 'x',
      reason: undefined,
      domain: undefined,
      metadata: {},
      details: [],
    })
    expect(through(new RpcError(Code.ABORTED, 'x', { metadata: { a: '1' } })).metadata).toEqual({ a: '1' })
  })

  it('keeps its code when text has half of a surrogate pair', () => {
    const read = through(new RpcError(Code.ABORTED, 'a\ud800', { reason: 'R', metadata: { '\udc00': '\ud800' } }))
    expect(read).toMatchObject({ code: Code.ABORTED, rawMessage: 'a\ufffd', reason: 'R' })
    expect(read.metadata).toEqual({ '\ufffd': '\ufffd' })
  })

  it('is undefined for bytes that are none', () => {
    expect(decodeStatus(new Uint8Array([0xff, 0xff]))).toBeUndefined()
  })

  it('with a broken ErrorInfo keeps it as a detail', () => {
    const broken = { type: 'google.rpc.ErrorInfo', value: new Uint8Array([0xff]) }
    expect(through(new RpcError(Code.ABORTED, 'x', { details: [broken] })).details).toEqual([broken])
  })

  it('of a code that is none, or OK, makes an error with UNKNOWN', () => {
    const status = decodeStatus(new Uint8Array([0x08, 0x63]))
    expect(status?.code).toBe(Code.UNKNOWN)
    const ok = decodeStatus(new Uint8Array())
    expect(ok && errorFromStatus(ok).code).toBe(Code.UNKNOWN)
  })
})

describe('an error as google.rpc.Status in JSON', () => {
  it('writes out the details whose types are known, and the others as base64', () => {
    expect(statusToJson(error)).toEqual({
      code: 5,
      message: 'no such order: ñ',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'ORDER_NOT_FOUND',
          domain: 'orders.example.com',
          metadata: { orderId: '7', __proto__x: '' },
        },
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.500s' },
        { '@type': 'type.googleapis.com/acme.v1.Hint', value: 'AQL6' },
      ],
    })
  })

  it('is read back whole', () => {
    expectSame(errorFromStatusJson(JSON.parse(JSON.stringify(statusToJson(error)))))
  })

  it('is read with a code by name, and with members that this program does not know', () => {
    const details = [{ '@type': 'x/google.rpc.ErrorInfo', reason: 'R', newer: [1] }]
    const read = errorFromStatusJson({ code: 'ABORTED', message: 'm', details, more: true })
    expect(read).toMatchObject({ code: Code.ABORTED, rawMessage: 'm', reason: 'R' })
  })

  it('keeps the code when the rest is wrong', () => {
    const details: JsonValue = [1, null, 'x', {}, { '@type': 5 }, { '@type': 'a/b.C', field: 1 }, { '@type': 'a/b.C' }]
    expect(errorFromStatusJson({ code: 14, message: 5, details })).toMatchObject({
      code: Code.UNAVAILABLE,
      rawMessage: '',
      details: [],
    })
    expect(errorFromStatusJson({ code: 14, details: 'x' })?.code).toBe(Code.UNAVAILABLE)
  })

  it.each([[null], ['x'], [5], [[]], [{}], [{ code: null }], [{ error: 'x' }]])('is undefined for %o', (json) => {
    expect(errorFromStatusJson(json as JsonValue)).toBeUndefined()
  })
})
