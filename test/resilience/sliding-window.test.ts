import { describe, expect, it } from 'vitest'
import { SlidingWindow } from '../../src/resilience/sliding-window.js'
import { createFakeClock } from '../../src/testing/fake-clock.js'

describe('SlidingWindow', () => {
  it('sums what was counted within the window, and forgets the rest slice by slice', async () => {
    const clock = createFakeClock()
    const window = new SlidingWindow({ windowMs: 100, slices: 5 }, clock)
    const sums: number[] = []
    for (let n = 1; n <= 8; n += 1) {
      window.add(n)
      sums.push(window.sum)
      await clock.advance(20)
    }
    expect(sums).toEqual([1, 3, 6, 10, 15, 20, 25, 30])
  })

  it('is empty after a long silence', async () => {
    const clock = createFakeClock(1_790_000_000_000)
    const window = new SlidingWindow({}, clock)
    window.add()
    await clock.advance(86_400_000)
    expect(window.sum).toBe(0)
    window.add(2)
    expect(window.sum).toBe(2)
  })

  it('can be cleared', () => {
    const window = new SlidingWindow({}, createFakeClock())
    window.add(3)
    window.clear()
    expect(window.sum).toBe(0)
  })

  it.each([[{ windowMs: 0 }], [{ slices: 1.5 }]])('refuses %o by name', (options) => {
    expect(() => new SlidingWindow(options)).toThrow(Object.keys(options)[0])
  })
})
