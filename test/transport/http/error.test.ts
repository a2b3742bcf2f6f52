import { Code, codeName, type ErrorCode, RpcError } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { errorOfResponse, errorReply } from '../../../src/transport/http/error.js'

describe('an error', () => {
  it.each([
    ['CANCELLED', 499],
    ['UNKNOWN', 500],
    ['INVALID_ARGUMENT', 400],
    ['DEADLINE_EXCEEDED', 504],
    ['NOT_FOUND', 404],
    ['ALREADY_EXISTS', 409],
    ['PERMISSION_DENIED', 403],
    ['RESOURCE_EXHAUSTED', 429],
    ['FAILED_PRECONDITION', 400],
    ['ABORTED', 409],
    ['OUT_OF_RANGE', 400],
    ['UNIMPLEMENTED', 501],
    ['INTERNAL', 500],
    ['UNAVAILABLE', 503],
    ['DATA_LOSS', 500],
    ['UNAUTHENTICATED', 401],
  ] as const)('%s is HTTP %d, and comes back from its body', (name, status) => {
    const error = new RpcError(Code[name], 'text', { reason: 'WHY', domain: 'd', metadata: { a: 'b' } })
    const reply = errorReply(error)
    expect(reply.status).toBe(status)
    expect(JSON.parse(reply.body)).toMatchObject({ code: Code[name], message: 'text' })
    const { code, rawMessage, reason, metadata } = errorOfResponse(418, reply.body)
    expect({ code, rawMessage, reason, metadata }).toEqual({
      code: Code[name],
      rawMessage: 'text',
      reason: 'WHY',
      metadata: { a: 'b' },
    })
  })

  it('that is foreign does not show its text', () => {
    expect(errorReply(new Error('secret'))).toMatchObject({
      status: 500,
      body: '{"code":2,"message":"unknown error","details":[]}',
    })
  })

  it('asks for credentials with 401', () => {
    expect(errorReply(new RpcError(Code.UNAUTHENTICATED, 'who?')).headers).toEqual([['WWW-Authenticate', 'Bearer']])
  })

  it.each([
    [Code.RESOURCE_EXHAUSTED, [10, 4, 8, 1, 16, 1], [['Retry-After', '2']]],
    [Code.UNAVAILABLE, [10, 2, 8, 5], [['Retry-After', '5']]],
    [Code.NOT_FOUND, [10, 2, 8, 5], []],
  ])('%d says when to come again, if it knows', (code, value, headers) => {
    const details = [{ type: 'google.rpc.RetryInfo', value: new Uint8Array(value) }]
    expect(errorReply(new RpcError(code as ErrorCode, 'later', { details })).headers).toEqual(headers)
  })

  it.each([
    [400, 'INTERNAL'],
    [401, 'UNAUTHENTICATED'],
    [403, 'PERMISSION_DENIED'],
    [404, 'UNIMPLEMENTED'],
    [409, 'UNKNOWN'],
    [429, 'UNAVAILABLE'],
    [431, 'INTERNAL'],
    [500, 'UNKNOWN'],
    [502, 'UNAVAILABLE'],
    [503, 'UNAVAILABLE'],
    [504, 'UNAVAILABLE'],
    [302, 'UNKNOWN'],
  ])('HTTP %d without a status in its body is %s', (status, name) => {
    for (const body of ['', '<html>', '{}', '[]', 'null', '{"code":{}}']) {
      expect(codeName(errorOfResponse(status, body).code)).toBe(name)
    }
  })
})
