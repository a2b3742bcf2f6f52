import { describe, expect, it } from 'vitest'
import { TokenBucket } from '../../src/resilience/token-bucket.js'
import { createFakeClock } from '../../src/testing/fake-clock.js'

describe('TokenBucket', () => {
  const drained = (bucket: TokenBucket): number => {
    let taken = 0
    while (bucket.take()) taken += 1
    return taken
  }

  it('starts full', () => {
    expect(drained(new TokenBucket({ perSecond: 100, burst: 7 }, createFakeClock()))).toBe(7)
  })

  it('holds a second of tokens by default, and at least one', () => {
    expect(drained(new TokenBucket({ perSecond: 25 }, createFakeClock()))).toBe(25)
    expect(drained(new TokenBucket({ perSecond: 0.1 }, createFakeClock()))).toBe(1)
  })

  it.each([1, 3, 7, 100, 300, 999])('gives exactly %i tokens a second, taken as they come', (perSecond) => {
    let now = 1_790_000_000_000
    const bucket = new TokenBucket({ perSecond, burst: 2 }, { now: () => now, schedule: () => () => {} })
    expect(drained(bucket)).toBe(2)
    let taken = 0
    for (let step = 0; step < 20_000; step += 1) {
      now += 0.5
      taken += drained(bucket)
    }
    expect(taken).toBe(perSecond * 10)
  })

  it('tells exactly how long the wait for a token is', async () => {
    const clock = createFakeClock()
    const bucket = new TokenBucket({ perSecond: 3, burst: 2 }, clock)
    drained(bucket)
    for (let n = 0; n < 100; n += 1) {
      const wait = bucket.waitMs()
      await clock.advance(wait - 0.001)
      expect(bucket.take()).toBe(false)
      await clock.advance(0.001)
      expect(bucket.take()).toBe(true)
    }
  })

  it('does not save up more than its burst', async () => {
    const clock = createFakeClock()
    const bucket = new TokenBucket({ perSecond: 1000, burst: 5 }, clock)
    await clock.advance(60_000)
    expect(drained(bucket)).toBe(5)
  })

  it.each([[{ perSecond: 0 }], [{ perSecond: Number.POSITIVE_INFINITY }], [{ burst: 0.5, perSecond: 1 }]])(
    'refuses %o by name',
    (options) => {
      expect(() => new TokenBucket(options)).toThrow(Object.keys(options)[0])
    },
  )
})
