import { Code, RpcError } from 'tierkit/error'
import { recover } from 'tierkit/middleware'
import { describe, expect, it, vi } from 'vitest'
import { callContext, collect, failure, methodOf, rejection, streamOf } from './fixture.js'

const serving = (kind: Parameters<typeof methodOf>[0] = 'unary') =>
  callContext({ side: 'server', method: methodOf(kind) })

describe('recover', () => {
  it.each([
    ['an error', new Error('secret')],
    ['a string', 'secret'],
    ['undefined', undefined],
    ['an object without a prototype', Object.create(null)],
    ['text that is no text', '\ud800'],
  ])('answers %s with INTERNAL and a fixed text, and keeps it as cause', async (_, thrown) => {
    const error = await rejection(recover()(() => Promise.reject(thrown))({}, serving()))
    expect(error).toMatchObject({ code: Code.INTERNAL, rawMessage: 'internal error' })
    expect(error.cause).toBe(thrown)
    expect(error.message).not.toContain('secret')
  })

  it('catches what is thrown at once', async () => {
    const endpoint = recover()(() => {
      throw new TypeError('oops')
    })
    expect(await rejection(endpoint({}, serving()))).toMatchObject({ code: Code.INTERNAL })
  })

  it.each(['server_stream', 'bidi_stream'] as const)('catches what a %s throws after messages', async (kind) => {
    const fault = new Error('broken')
    const stream = await recover()(async () => streamOf([1, 2], fault))({}, serving(kind))
    const { values, error } = await collect(stream)
    expect(values).toEqual([1, 2])
    expect(error).toMatchObject({ code: Code.INTERNAL, cause: fault })
  })

  it('answers a handler of a stream that returns none', async () => {
    const stream = await recover()(async () => undefined as never as AsyncIterable<number>)(
      {},
      serving('server_stream'),
    )
    expect((await collect(stream)).error).toMatchObject({ code: Code.INTERNAL })
  })

  it('lets an RpcError pass as it is', async () => {
    const answer = failure(Code.NOT_FOUND)
    const onError = vi.fn()
    const guarded = recover({ onError })
    expect(await rejection(guarded(() => Promise.reject(answer))({}, serving()))).toBe(answer)
    const stream = await guarded(async () => streamOf([], answer))({}, serving('server_stream'))
    expect((await collect(stream)).error).toBe(answer)
    expect(onError).not.toHaveBeenCalled()
  })

  it('reports each fault once, as it was thrown, with its context', async () => {
    const onError = vi.fn()
    const context = serving()
    await rejection(recover({ onError })(() => Promise.reject('boom'))({}, context))
    expect(onError.mock.calls).toEqual([['boom', context]])
  })

  it('answers even if the report fails', async () => {
    const onError = () => {
      throw new Error('tracker is down')
    }
    const error = await rejection(recover({ onError })(() => Promise.reject('boom'))({}, serving()))
    expect(error).toMatchObject({ code: Code.INTERNAL, cause: 'boom' })
  })

  it('takes what is thrown because the call was cancelled for the cancellation', async () => {
    const onError = vi.fn()
    const context = serving()
    const reason = new RpcError(Code.DEADLINE_EXCEEDED, 'the deadline passed')
    const endpoint = recover({ onError })(async () => {
      context.cancel(reason)
      throw new DOMException('aborted', 'AbortError')
    })
    expect(await rejection(endpoint({}, context))).toBe(reason)
    expect(onError).not.toHaveBeenCalled()
  })

  it('takes an abort that the caller did not ask for as a fault', async () => {
    const endpoint = recover()(() => Promise.reject(new DOMException('aborted', 'AbortError')))
    expect(await rejection(endpoint({}, serving()))).toMatchObject({ code: Code.INTERNAL })
  })
})
