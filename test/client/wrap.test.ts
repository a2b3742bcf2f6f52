import { wrap } from 'tierkit/client'
import type { Context, Middleware } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { describe, expect, expectTypeOf, it } from 'vitest'

/** Middleware that shows what passes. */
function witness(seen: unknown[]): Middleware {
  return (next) => async (request, context) => {
    seen.push(context.method.name, context.method.idempotency)
    try {
      return await next(request, context)
    } catch (error) {
      seen.push((error as RpcError).code)
      throw error
    }
  }
}

describe('wrap', () => {
  it('makes a function with the same request and response', async () => {
    const guarded = wrap(async (id: number) => `user ${id}`)
    expectTypeOf(guarded).parameter(0).toEqualTypeOf<number>()
    expectTypeOf(guarded).returns.toEqualTypeOf<Promise<string>>()
    expect(await guarded(7)).toBe('user 7')
    expect(await wrap(async () => 'none')()).toBe('none')
  })

  it('tells middleware the name and whether it may be repeated', async () => {
    const seen: unknown[] = []
    async function loadUser(): Promise<void> {}
    await wrap(loadUser, witness(seen))()
    await wrap(loadUser, { name: 'findUser', idempotency: 'idempotent' }, witness(seen))()
    expect(seen).toEqual(['loadUser', 'unknown', 'findUser', 'idempotent'])
  })

  it('gives the function the context, with metadata and signal', async () => {
    let seen: Context | undefined
    const guarded = wrap(async (_: string, context) => {
      seen = context
    })
    await guarded('x', { metadata: { 'x-tenant': 'blue' } })
    expect(seen?.metadata.get('x-tenant')).toBe('blue')
    const controller = new AbortController()
    const running = wrap(
      (_: undefined, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', reject)),
    )
    const answer = running(undefined, { signal: controller.signal })
    controller.abort()
    await expect(answer).rejects.toMatchObject({ code: Code.CANCELLED })
  })

  it('does not wait for a function that ignores its deadline', async () => {
    const guarded = wrap(() => new Promise(() => {}), { timeoutMs: 5 })
    await expect(guarded()).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED })
  })

  it('throws what the function threw, and shows middleware an RpcError', async () => {
    const seen: unknown[] = []
    const mine = new TypeError('mine')
    const guarded = wrap(async () => Promise.reject(mine), witness(seen))
    await expect(guarded()).rejects.toBe(mine)
    expect(seen.at(-1)).toBe(Code.UNKNOWN)
  })

  it('shows middleware a failed connection as UNAVAILABLE', async () => {
    const seen: unknown[] = []
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    const hidden = new TypeError('fetch failed', { cause: refused })
    await expect(wrap(async () => Promise.reject(hidden), witness(seen))()).rejects.toBe(hidden)
    expect(seen.at(-1)).toBe(Code.UNAVAILABLE)
  })

  it('lets the user say what an error means', async () => {
    const seen: unknown[] = []
    const toError = (thrown: unknown): RpcError => new RpcError(Code.NOT_FOUND, String(thrown))
    await expect(wrap(async () => Promise.reject('odd'), { toError }, witness(seen))()).rejects.toBe('odd')
    expect(seen.at(-1)).toBe(Code.NOT_FOUND)
  })

  it('throws the error of middleware as it is', async () => {
    const closed: Middleware = () => async () => {
      throw new RpcError(Code.UNAVAILABLE, 'the breaker is open')
    }
    await expect(wrap(async () => 1, closed)()).rejects.toMatchObject({ rawMessage: 'the breaker is open' })
  })
})
