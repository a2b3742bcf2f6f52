import { AsyncLocalStorage } from 'node:async_hooks'
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
    // Node counts whole milliseconds.
    vi.advanceTimersByTime(2)
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

  it.each([1999, 2000, 2001, 30_000, 119_999, 120_000, 3_600_000.5])('fires after %d ms, not before', (delayMs) => {
    const fire = vi.fn()
    vi.advanceTimersByTime(123.4)
    systemClock.schedule(delayMs, fire)
    vi.advanceTimersByTime(delayMs - 1)
    expect(fire).not.toHaveBeenCalled()
    vi.advanceTimersByTime(2)
    expect(fire).toHaveBeenCalledOnce()
  })

  it('cancels a timer among others that are due at the same time, early or late', () => {
    const fired: number[] = []
    const timers = [0, 1, 2, 3].map((index) => systemClock.schedule(30_000, () => fired.push(index)))
    timers[1]?.()
    vi.advanceTimersByTime(29_999)
    timers[2]?.()
    vi.advanceTimersByTime(2)
    timers[3]?.()
    expect(fired).toEqual([0, 3])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('fires a long timer outside of the call that set it', () => {
    const storage = new AsyncLocalStorage<string>()
    const seen: (string | undefined)[] = []
    storage.run('one', () => systemClock.schedule(30_000, () => seen.push(storage.getStore())))
    storage.run('two', () => systemClock.schedule(30_000, () => seen.push(storage.getStore())))
    vi.advanceTimersByTime(31_000)
    expect(seen).toEqual([undefined, undefined])
  })

  it('fires at once what is due', () => {
    const fire = vi.fn()
    systemClock.schedule(-5, fire)
    vi.advanceTimersByTime(1)
    expect(fire).toHaveBeenCalledOnce()
  })
})
