import { describe, expect, it } from 'vitest'
import { sleep } from '../../src/resilience/sleep.js'
import { createFakeClock } from '../../src/testing/fake-clock.js'

describe('sleep', () => {
  it('resolves after its time', async () => {
    const clock = createFakeClock()
    const seen: string[] = []
    const done = sleep(10, undefined, clock).then(() => seen.push('awake'))
    await clock.advance(9)
    expect(seen).toEqual([])
    await clock.advance(1)
    await done
    expect(seen).toEqual(['awake'])
  })

  it('rejects with the reason of its signal, and leaves no timer', async () => {
    const clock = createFakeClock()
    const controller = new AbortController()
    const sleeping = sleep(10, controller.signal, clock)
    controller.abort('enough')
    await expect(sleeping).rejects.toBe('enough')
    expect(clock.pending).toBe(0)
  })

  it('does not begin when its signal has aborted before', async () => {
    const clock = createFakeClock()
    await expect(sleep(10, AbortSignal.abort('no'), clock)).rejects.toBe('no')
    expect(clock.pending).toBe(0)
  })
})
