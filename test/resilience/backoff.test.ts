import { describe, expect, it } from 'vitest'
import { Backoff } from '../../src/resilience/backoff.js'

/** A repeatable source of chance (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

describe('Backoff', () => {
  it('keeps every one of 10,000 draws within 20 % of min(initial * multiplier^(n-1), max)', () => {
    const backoff = new Backoff({ initialMs: 100, maxMs: 1000, multiplier: 2 }, seeded(1))
    const middles = [100, 200, 400, 800, 1000, 1000]
    const ratios: number[] = []
    for (let run = 0; run < 10_000; run += 1) {
      middles.forEach((middle, index) => {
        ratios.push(backoff.delayMs(index + 1) / middle)
      })
    }
    expect(ratios.filter((ratio) => ratio < 0.8 || ratio > 1.2)).toEqual([])
    expect(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length).toBeCloseTo(1, 2)
  })

  it('is exact without jitter', () => {
    const backoff = new Backoff({ initialMs: 10, maxMs: 60, multiplier: 3, jitter: 0 })
    expect([1, 2, 3, 4].map((retry) => backoff.delayMs(retry))).toEqual([10, 30, 60, 60])
  })

  it('stays at the longest delay however often it is asked', () => {
    expect(new Backoff({ maxMs: 500, jitter: 0 }).delayMs(5000)).toBe(500)
  })

  it.each([
    [{ initialMs: 0 }, /initialMs/],
    [{ maxMs: -1 }, /maxMs/],
    [{ multiplier: Number.NaN }, /multiplier/],
    [{ jitter: 2 }, /jitter/],
  ])('refuses %o by name', (options, message) => {
    expect(() => new Backoff(options)).toThrow(message)
  })
})
