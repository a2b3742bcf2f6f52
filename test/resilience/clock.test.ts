import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../src/resilience/clock.js'

it('systemClock never fires early', async () => {
  const waits = Array.from({ length: 500 }, async (_, index) => {
    await new Promise((resolve) => setTimeout(resolve, index % 50))
    const due = systemClock.now() + (index % 20) + 0.7
    await new Promise<void>((resolve) => void systemClock.schedule((index % 20) + 0.7, resolve, true))
    return systemClock.now() - due
  })
  // Numbers of this size have steps of a quarter of a microsecond.
  expect((await Promise.all(waits)).filter((late) => late < -0.001)).toEqual([])
})

describe('systemClock', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('never runs backwards', () => {
    const seen = Array.from({ length: 1000 }, () => systemClock.now())
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  })

  it('holds delays that are longer than a timer of Node can be', () => {
    const fire = vi.fn()
    const month = 30 * 86_400_000
    systemClock.schedule(month, fire)
    vi.advanceTimersByTime(month - 1)
    expect(fire).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(fire).toHaveBeenCalledOnce()
  })

  it('cancels a timer at any time, also twice', () => {
    const fire = vi.fn()
    const cancel = systemClock.schedule(30 * 86_400_000, fire)
    vi.advanceTimersByTime(26 * 86_400_000)
    cancel()
    cancel()
    vi.advanceTimersByTime(30 * 86_400_000)
    expect(fire).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('fires at once what is due', () => {
    const fire = vi.fn()
    systemClock.schedule(-5, fire)
    vi.advanceTimersByTime(1)
    expect(fire).toHaveBeenCalledOnce()
  })
})
