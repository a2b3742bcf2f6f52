import { Code, type RpcError } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { bundledCodec } from '../../src/codec/protobuf/bundled/bundled-root.js'
import { validate } from '../../src/middleware/validate.js'
import { callOnce, collect, serveOnce, streamOf } from '../observability/fixture.js'

const order = z.object({
  customer: z.string().min(1, 'must be given'),
  items: z.array(z.object({ quantity: z.number().int().positive('must be above 0') })),
})
const good = { customer: 'ada', items: [{ quantity: 1 }] }
const badRequest = bundledCodec<{ fieldViolations: { field: string; description: string }[] }>('google.rpc.BadRequest')
const violations = (error: unknown) => {
  const { details } = error as RpcError
  expect(details.map(({ type }) => type)).toEqual(['google.rpc.BadRequest'])
  return badRequest
    .decode(details[0]?.value as Uint8Array)
    .fieldViolations.map(({ field, description }) => ({ field, description }))
}

describe('validate', () => {
  it('lets good requests through as they are, whatever the schema would make of them', async () => {
    const request = { ...good, note: 'not in the schema' }
    const { response } = await serveOnce(validate({ PlaceOrder: order }), async (seen) => seen, { request })
    expect(response).toBe(request)
  })

  it('refuses others with INVALID_ARGUMENT, and names each field', async () => {
    let handled = false
    const { error } = await serveOnce(
      validate({ PlaceOrder: order }),
      async () => {
        handled = true
      },
      { request: { customer: '', items: [{ quantity: 1 }, { quantity: -1 }] } },
    )
    expect(error).toMatchObject({
      code: Code.INVALID_ARGUMENT,
      rawMessage: 'invalid request: customer: must be given (and 1 more)',
      reason: 'INVALID_REQUEST',
      neverSent: false,
    })
    expect(violations(error)).toEqual([
      { field: 'customer', description: 'must be given' },
      { field: 'items[1].quantity', description: 'must be above 0' },
    ])
    expect(handled).toBe(false)
  })

  it.each([
    ['its name', { PlaceOrder: order, CancelOrder: z.never() }],
    ['its full name', { 'shop.v1.Orders/PlaceOrder': order }],
    ['its full name rather than its name', { 'shop.v1.Orders/PlaceOrder': order, PlaceOrder: z.never() }],
  ])('finds the rule of a method by %s', async (_, rules) => {
    expect((await serveOnce(validate(rules), async () => 1, { request: good })).error).toBeUndefined()
    expect((await serveOnce(validate(rules), async () => 1, { request: {} })).error).toBeDefined()
  })

  it('lets methods without a rule through, those named like parts of every object too', async () => {
    expect((await serveOnce(validate({ CancelOrder: z.never() }), async () => 1)).error).toBeUndefined()
    expect((await serveOnce(validate({}), async () => 1)).error).toBeUndefined()
    expect((await serveOnce(validate(), async () => 1)).error).toBeUndefined()
  })

  it('applies a lone validator to every method that it is used on', async () => {
    expect((await serveOnce(validate(order), async () => 1, { request: {} })).error).toBeDefined()
  })

  it('takes functions that return violations, at once or later', async () => {
    const check = (message: { from: number; to: number }) =>
      message.from > message.to ? [{ field: '', description: 'from is after to' }] : undefined
    const { error } = await serveOnce(validate(check), async () => 1, { request: { from: 2, to: 1 } })
    expect((error as RpcError).rawMessage).toBe('invalid request: from is after to')
    expect((await serveOnce(validate(check), async () => 1, { request: { from: 1, to: 2 } })).error).toBeUndefined()
    const later = await serveOnce(
      validate(async () => []),
      async () => 1,
    )
    expect(later.error).toBeUndefined()
  })

  it('waits for schemas that need to', async () => {
    const known = z.string().refine(async (id) => id === '7', 'no such customer')
    const { error } = await serveOnce(validate(z.object({ customer: known })), async () => 1, {
      request: { customer: '8' },
    })
    expect(violations(error)).toEqual([{ field: 'customer', description: 'no such customer' }])
  })

  it('checks each message of a stream, when it is read', async () => {
    const seen: unknown[] = []
    const handler = async (requests: unknown) => {
      for await (const message of requests as AsyncIterable<unknown>) seen.push(message)
    }
    const { error } = await serveOnce(validate({ PlaceOrder: z.number().positive() }), handler, {
      kind: 'client_stream',
      request: streamOf(1, 2, -3, 4),
    })
    expect(error).toMatchObject({ code: Code.INVALID_ARGUMENT })
    expect(seen).toEqual([1, 2])
  })

  it('closes the stream of requests when its reader leaves', async () => {
    let closed = false
    const requests = (async function* () {
      try {
        yield 1
        yield 2
      } finally {
        closed = true
      }
    })()
    const handler = async (stream: unknown) => {
      for await (const _ of stream as AsyncIterable<unknown>) break
    }
    await serveOnce(validate(z.number()), handler, { kind: 'client_stream', request: requests })
    expect(closed).toBe(true)
  })

  it('closes it even while a message is awaited', async () => {
    let closed = false
    const requests = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => {}),
        return: async () => {
          closed = true
          return { done: true as const, value: undefined }
        },
      }),
    }
    const handler = async (stream: unknown) => {
      const reader = (stream as AsyncIterable<unknown>)[Symbol.asyncIterator]()
      void reader.next()
      void reader.return?.()
    }
    await serveOnce(validate(z.number()), handler, { kind: 'client_stream', request: requests })
    expect(closed).toBe(true)
  })

  it('leaves responses alone', async () => {
    const { response } = await serveOnce(validate(z.number().positive()), async () => streamOf(-1), {
      kind: 'server_stream',
      request: 1,
    })
    expect(await collect(response)).toEqual([-1])
  })

  it('keeps a client from sending what is wrong', async () => {
    let sent = false
    const { error } = await callOnce(validate({ PlaceOrder: order }), async () => {
      sent = true
    })
    expect(error).toMatchObject({ code: Code.INVALID_ARGUMENT, neverSent: true })
    expect(sent).toBe(false)
  })

  it.each([
    ['a later message', streamOf(1, -2)],
    // The handler runs as soon as the head of the call is there.
    ['the first message', streamOf(-1)],
  ])('does not say of a stream that it was never sent, for %s', async (_, request) => {
    const handler = async (requests: unknown) => {
      for await (const _message of requests as AsyncIterable<unknown>);
    }
    const { error } = await callOnce(validate(z.number().positive()), handler, { kind: 'client_stream', request })
    expect(error).toMatchObject({ code: Code.INVALID_ARGUMENT, neverSent: false })
  })

  it('says no more than fits into trailers', async () => {
    const many = Array.from({ length: 1000 }, (_, i) => ({ field: `f${i}`, description: 'x\ud83d\ude00'.repeat(500) }))
    const { error } = await serveOnce(
      validate(() => many),
      async () => 1,
    )
    expect(violations(error)).toHaveLength(16)
    expect((error as RpcError).details[0]?.value.length).toBeLessThan(8192 * 0.75)
    expect((error as RpcError).rawMessage).toMatch(/\(and 999 more\)$/)
  })

  it('refuses a rule that can check nothing, when it is made', () => {
    expect(() => validate({ PlaceOrder: { type: 'object' } as never })).toThrow('the rule for PlaceOrder is neither')
    expect(() => validate({ PlaceOrder: undefined as never })).toThrow(TypeError)
  })
})
