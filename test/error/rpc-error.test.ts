import { Code, codeFrom, codeName, RpcError } from 'tierkit/error'
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

describe('codes', () => {
  it('are closed: what is none of them is UNKNOWN', () => {
    expect([17, -1, 1.5, Number.NaN, 'NOPE', 'toString', undefined].map(codeFrom)).toEqual(Array(7).fill(Code.UNKNOWN))
    expect([codeFrom(5), codeFrom('NOT_FOUND')]).toEqual([5, 5])
    expect(codeName(5)).toBe('NOT_FOUND')
  })
})
