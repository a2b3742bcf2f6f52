import { createFakeClock } from 'tierkit/testing'
import { describe, expect, it } from 'vitest'
import { Lifetime } from '../../../../src/transport/grpc/serve/lifetime.js'

function start(options: { maxIdleMs?: number; maxAgeMs?: number; maxAgeGraceMs?: number }, random = () => 0.5) {
  const clock = createFakeClock()
  const seen: string[] = []
  const lifetime = new Lifetime(
    { clock, random, maxIdleMs: undefined, maxAgeMs: undefined, maxAgeGraceMs: undefined, ...options },
    { retire: (reason) => seen.push(reason), cutOff: () => seen.push('cut off') },
  )
  return { clock, seen, lifetime }
}

describe('age', () => {
  it.each([
    [0, 900],
    [0.5, 1000],
    [1, 1100],
  ])('is spread by a tenth: chance %d retires after %d ms of 1,000', async (chance, afterMs) => {
    const { clock, seen } = start({ maxAgeMs: 1000 }, () => chance)
    await clock.advance(afterMs - 1)
    expect(seen).toEqual([])
    await clock.advance(1)
    expect(seen).toEqual(['max_age'])
  })

  it('cuts off what still runs when the grace is over', async () => {
    const { clock, seen } = start({ maxAgeMs: 1000, maxAgeGraceMs: 100 })
    await clock.advance(1099)
    expect(seen).toEqual(['max_age'])
    await clock.advance(1)
    expect(seen).toEqual(['max_age', 'cut off'])
  })
})

describe('idleness', () => {
  it('can be limited when it is known what the connection is for, unless it is', async () => {
    const { clock, seen, lifetime } = start({})
    lifetime.onBusy()
    lifetime.limitIdle(1000)
    lifetime.limitIdle(10)
    lifetime.onIdle()
    await clock.advance(999)
    expect(seen).toEqual([])
    await clock.advance(1)
    expect(seen).toEqual(['max_idle'])
  })

  it('counts from the end of the last call, and not while one runs', async () => {
    const { clock, seen, lifetime } = start({ maxIdleMs: 1000 })
    await clock.advance(900)
    lifetime.onBusy()
    await clock.advance(5000)
    lifetime.onIdle()
    await clock.advance(999)
    expect(seen).toEqual([])
    await clock.advance(1)
    expect(seen).toEqual(['max_idle'])
  })

  it('takes one timer, however many calls come and go', async () => {
    const { clock, seen, lifetime } = start({ maxIdleMs: 1000 })
    for (let n = 0; n < 100; n += 1) {
      lifetime.onBusy()
      lifetime.onIdle()
    }
    expect(clock.pending).toBe(1)
    await clock.advance(1000)
    expect(seen).toEqual(['max_idle'])
  })
})

it('leaves no timer behind', () => {
  const { clock, lifetime } = start({ maxIdleMs: 1000, maxAgeMs: 1000 })
  lifetime.close()
  expect(clock.pending).toBe(0)
})
