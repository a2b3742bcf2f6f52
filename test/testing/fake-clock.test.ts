import { describe, expect, it } from 'vitest'
import { sleep } from '../../src/resilience/sleep.js'
import { createFakeClock } from '../../src/testing/fake-clock.js'

describe('createFakeClock', () => {
  it('stands still until it is moved', async () => {
    const clock = createFakeClock(100)
    expect(clock.now()).toBe(100)
    await clock.advance(50)
    expect(clock.now()).toBe(150)
  })

  it('fires timers in order of their time, each at its own time', async () => {
    const clock = createFakeClock()
    const seen: string[] = []
    for (const delay of [30, 10, 20, 40]) clock.schedule(delay, () => seen.push(`${delay} at ${clock.now()}`))
    await clock.advance(30)
    expect(seen).toEqual(['10 at 10', '20 at 20', '30 at 30'])
    expect(clock.pending).toBe(1)
  })

  it('fires timers of one time in the order they were set', async () => {
    const clock = createFakeClock()
    const seen: number[] = []
    for (const n of [1, 2, 3]) clock.schedule(5, () => seen.push(n))
    await clock.advance(5)
    expect(seen).toEqual([1, 2, 3])
  })

  it('lets promises run between timers, and fires what they set', async () => {
    const clock = createFakeClock()
    const naps = (async () => {
      for (let n = 0; n < 5; n += 1) await sleep(10, undefined, clock)
      return clock.now()
    })()
    await clock.advance(50)
    expect(await naps).toBe(50)
    expect(clock.pending).toBe(0)
  })

  it('does not fire a cancelled timer', async () => {
    const clock = createFakeClock()
    let fired = false
    const cancel = clock.schedule(10, () => {
      fired = true
    })
    cancel()
    await clock.advance(20)
    expect(fired).toBe(false)
    expect(clock.pending).toBe(0)
  })
})
