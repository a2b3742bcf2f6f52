import { Code } from 'tierkit/error'
import { rateLimit } from 'tierkit/middleware'
import { describe, expect, it } from 'vitest'
import { retryDelayMs } from '../../src/codec/detail/retry-info.js'
import { createFakeClock } from '../../src/testing/fake-clock.js'
import { callContext, rejection } from './fixture.js'

const answer = async () => 'ok'

describe('rateLimit', () => {
  it('lets 1,000 calls a second through, within 2 % over any 10 s, however many come', async () => {
    const clock = createFakeClock(1_790_000_000_000)
    const endpoint = rateLimit({ perSecond: 1000, burst: 20 })(answer)
    const passed: number[] = []
    for (let window = 0; window < 3; window += 1) {
      let count = 0
      for (let ms = 0; ms < 10_000; ms += 5) {
        for (let n = 0; n < 7; n += 1) {
          await endpoint({}, callContext({ clock })).then(
            () => (count += 1),
            () => {},
          )
        }
        await clock.advance(5)
      }
      passed.push(count)
    }
    for (const count of passed) expect(Math.abs(count - 10_000)).toBeLessThanOrEqual(200)
  })

  it('refuses with RESOURCE_EXHAUSTED and says when to come again, which is then true', async () => {
    const clock = createFakeClock()
    const endpoint = rateLimit({ perSecond: 3, burst: 1 })(answer)
    for (let n = 0; n < 50; n += 1) {
      await endpoint({}, callContext({ clock, side: 'server' }))
      const context = callContext({ clock, side: 'server' })
      const error = await rejection(endpoint({}, context))
      expect(error).toMatchObject({ code: Code.RESOURCE_EXHAUSTED, reason: 'RATE_LIMITED' })
      const delay = retryDelayMs(error)
      expect(context.responseTrailers.get('grpc-retry-pushback-ms')).toBe(String(delay))
      expect(delay).toBe(334)
      await clock.advance(delay ?? 0)
    }
  })

  it('marks what it refuses on a client as never sent, and sends nothing back', async () => {
    const endpoint = rateLimit({ perSecond: 1 })(answer)
    const clock = createFakeClock()
    await endpoint({}, callContext({ clock }))
    const context = callContext({ clock })
    expect(await rejection(endpoint({}, context))).toMatchObject({ neverSent: true })
    expect(context.hasResponseTrailers).toBe(false)
  })

  it('counts each key for itself, and nothing for calls without one', async () => {
    const endpoint = rateLimit({ perSecond: 1, key: ({ metadata }) => metadata.get('x-tenant') })(answer)
    const call = (tenant?: string) => {
      const context = callContext({ clock })
      if (tenant !== undefined) context.metadata.set('x-tenant', tenant)
      return endpoint({}, context).then(
        () => true,
        () => false,
      )
    }
    const clock = createFakeClock()
    expect([await call('a'), await call('a'), await call('b'), await call(), await call()]).toEqual([
      true,
      false,
      true,
      true,
      true,
    ])
  })

  it('remembers no more keys than it is told to', async () => {
    const clock = createFakeClock()
    let tenant = ''
    const endpoint = rateLimit({ perSecond: 1, maxKeys: 2, key: () => tenant })(answer)
    const passed: boolean[] = []
    for (tenant of ['a', 'b', 'a', 'c', 'a', 'b']) {
      passed.push(await endpoint({}, callContext({ clock })).then(Boolean, () => false))
    }
    // 'b' was forgotten for 'c'; 'a' was not.
    expect(passed).toEqual([true, true, false, true, false, true])
  })

  it.each([[{ perSecond: 0 }], [{ perSecond: 1, burst: 0 }], [{ perSecond: 1, maxKeys: 0 }]])(
    'refuses %o by name',
    (options) => {
      expect(() => rateLimit(options)).toThrow(/perSecond|burst|maxKeys/)
    },
  )
})
