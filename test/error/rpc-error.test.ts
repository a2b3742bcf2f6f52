import { Code, codeFrom, codeName, type ErrorCode, RpcError, type RpcErrorOptions } from 'tierkit/error'
import { describe, expect, it } from 'vitest'

describe('RpcError', () => {
  it('keeps its message apart from the code in front of it', () => {
    const error = new RpcError(Code.NOT_FOUND, 'no order 7', { reason: 'ORDER_NOT_FOUND', metadata: { order: '7' } })
    expect(error.message).toBe('[NOT_FOUND] no order 7')
    expect(error).toMatchObject({ rawMessage: 'no order 7', reason: 'ORDER_NOT_FOUND', metadata: { order: '7' } })
  })

  it('is recognised across copies of the package, but not as a subclass', () => {
    class Special extends RpcError {}
    const foreign = { [Symbol.for('tierkit.RpcError')]: true }
    expect(foreign instanceof RpcError).toBe(true)
    expect(foreign instanceof Special).toBe(false)
    expect(new Special(Code.ABORTED, '') instanceof RpcError).toBe(true)
    expect(new Error('other') instanceof RpcError).toBe(false)
  })

  it.each([
    [new Error('secret'), Code.UNKNOWN],
    ['text', Code.UNKNOWN],
    [undefined, Code.UNKNOWN],
    [null, Code.UNKNOWN],
    [new DOMException('stop', 'AbortError'), Code.CANCELLED],
    [new DOMException('late', 'TimeoutError'), Code.DEADLINE_EXCEEDED],
  ])('makes %s an error without its text, keeping it as the cause', (thrown, code) => {
    const error = RpcError.from(thrown)
    expect(error.code).toBe(code)
    expect(error.message).not.toContain('secret')
    expect(error.cause).toBe(thrown)
  })
})

describe('RpcError, made by code without types,', () => {
  const make = (code: unknown, message: unknown, options?: unknown) =>
    new RpcError(code as ErrorCode, message as string, options as RpcErrorOptions)

  it.each([
    [0, Code.UNKNOWN],
    [17, Code.UNKNOWN],
    [undefined, Code.UNKNOWN],
    ['NOT_FOUND', Code.NOT_FOUND],
  ])('has a code of the closed set that is not OK, for %s', (given, code) => {
    expect(make(given, 'text').code).toBe(code)
  })

  it('has text where text belongs, and only details that are some', () => {
    const detail = { type: 'a.B', value: new Uint8Array(1) }
    const error = make(Code.ABORTED, 7, {
      reason: 1,
      domain: { toString: null },
      metadata: { order: 7, none: null },
      details: [detail, null, { type: 1, value: 'x' }],
    })
    expect(error).toMatchObject({ rawMessage: '7', reason: '1', domain: '', metadata: { order: '7', none: '' } })
    expect(error.details).toEqual([detail])
    expect(make(Code.ABORTED, undefined, { metadata: null, details: {} })).toMatchObject({ metadata: {}, details: [] })
  })

  it('is made of whatever is thrown, were it a proxy that throws itself', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const trap = {
      get name() {
        throw new Error('secret')
      },
    }
    for (const thrown of [proxy, trap]) expect(RpcError.from(thrown)).toMatchObject({ code: Code.UNKNOWN })
  })
})

describe('codes', () => {
  it('are closed: what is none of them is UNKNOWN', () => {
    expect([17, -1, 1.5, Number.NaN, 'NOPE', 'toString', undefined].map(codeFrom)).toEqual(Array(7).fill(Code.UNKNOWN))
    expect([codeFrom(5), codeFrom('NOT_FOUND')]).toEqual([5, 5])
    expect(codeName(5)).toBe('NOT_FOUND')
  })
})
