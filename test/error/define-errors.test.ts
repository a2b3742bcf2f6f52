import { Code, defineErrors, RpcError } from 'tierkit/error'
import { describe, expect, expectTypeOf, it } from 'vitest'

const OrderErrors = defineErrors({
  domain: 'orders.example.com',
  reasons: {
    ORDER_NOT_FOUND: { code: Code.NOT_FOUND },
    ORDER_INVALID: { code: Code.INVALID_ARGUMENT, httpStatus: 422, message: 'the order makes no sense' },
  },
})

describe('a defined error', () => {
  it('has code, reason and domain, and a text made of its reason', () => {
    const error = OrderErrors.ORDER_NOT_FOUND()
    expect(error).toBeInstanceOf(RpcError)
    expect(error).toMatchObject({
      code: Code.NOT_FOUND,
      reason: 'ORDER_NOT_FOUND',
      domain: 'orders.example.com',
      rawMessage: 'order not found',
      metadata: {},
    })
    expectTypeOf(error.reason).toEqualTypeOf<'ORDER_NOT_FOUND'>()
  })

  it('carries what its thrower says', () => {
    const cause = new Error('row missing')
    const error = OrderErrors.ORDER_INVALID('no items', { metadata: { orderId: '7' }, cause, internal: 'by rule 3' })
    expect(error).toMatchObject({ rawMessage: 'no items', cause, internal: 'by rule 3' })
    expect(error.metadata).toEqual({ http_status: '422', orderId: '7' })
    expect(OrderErrors.ORDER_INVALID().rawMessage).toBe('the order makes no sense')
  })

  it('is known again by reason and domain, or by reason alone where no domain came with it', () => {
    const { ORDER_NOT_FOUND, ORDER_INVALID } = OrderErrors
    const received = (domain?: string) => new RpcError(Code.NOT_FOUND, 'x', { reason: 'ORDER_NOT_FOUND', domain })
    expect(ORDER_NOT_FOUND.is(ORDER_NOT_FOUND())).toBe(true)
    expect(ORDER_NOT_FOUND.is(received('orders.example.com'))).toBe(true)
    expect(ORDER_NOT_FOUND.is(received())).toBe(true)
    expect(ORDER_NOT_FOUND.is(received('other.example.com'))).toBe(false)
    expect(ORDER_INVALID.is(received())).toBe(false)
    for (const other of [undefined, null, 'ORDER_NOT_FOUND', new Error('ORDER_NOT_FOUND')])
      expect(ORDER_NOT_FOUND.is(other)).toBe(false)
  })
})

describe('a definition', () => {
  it.each(['', 'X', 'orderNotFound', 'ORDER-NOT-FOUND', '_ORDER', 'ORDER_', `A${'B'.repeat(63)}`])(
    'refuses the reason %j',
    (reason) => {
      const define = () => defineErrors({ domain: 'd', reasons: { [reason]: { code: Code.NOT_FOUND } } })
      expect(define).toThrow(`${JSON.stringify(reason)} is not a reason like ORDER_NOT_FOUND`)
    },
  )

  it.each([0, 200, 399, 600, 404.5, Number.NaN])('refuses the HTTP status %d', (httpStatus) => {
    const define = () => defineErrors({ domain: 'd', reasons: { LOST: { code: Code.NOT_FOUND, httpStatus } } })
    expect(define).toThrow('LOST has the HTTP status')
  })
})
