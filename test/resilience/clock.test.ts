import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../src/resilience/clock.js'

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
