import { createFakeClock } from 'tierkit/testing'
import { describe, expect, it } from 'vitest'
import { Arrivals } from '../../../../src/transport/http/serve/arrivals.js'

/** A request that arrives as a test says. */
function arriving(messages?: { isAwaited: boolean }) {
  const request = { complete: false, moved: 0, socket: { destroyed: false } as never }
  const seen = { late: 0 }
  const late = (): void => {
    seen.late += 1
  }
  const arrival = { request, messages: () => messages, late }
  return { request, seen, arrival }
}

function watching(timeoutMs = 1000) {
  const clock = createFakeClock()
  return { clock, arrivals: new Arrivals({ clock, timeoutMs }) }
}

describe('a request that arrives', () => {
  it('is late when it is not whole in time, though it moves, and again after another such time', async () => {
    const { clock, arrivals } = watching()
    const { request, seen, arrival } = arriving()
    arrivals.watch(arrival)
    for (let n = 0; n < 9; n += 1) {
      request.moved += 1
      await clock.advance(100)
    }
    expect(seen.late).toBe(0)
    await clock.advance(100)
    expect(seen.late).toBe(1)
    await clock.advance(1000)
    expect(seen.late).toBe(2)
  })

  it('is not late once it is whole, and leaves no timer', async () => {
    const { clock, arrivals } = watching()
    const { request, seen, arrival } = arriving()
    arrivals.watch(arrival)
    request.complete = true
    await clock.advance(1000)
    expect([seen.late, clock.pending]).toEqual([0, 0])
  })

  it('may be let go, and the last one stops the timer', () => {
    const { clock, arrivals } = watching()
    const places = [arrivals.watch(arriving().arrival), arrivals.watch(arriving().arrival)]
    expect(clock.pending).toBe(1)
    for (const place of places) if (place) arrivals.leave(place)
    expect(clock.pending).toBe(0)
  })

  it.each([0, Number.POSITIVE_INFINITY])('has all the time in the world at %d', (timeoutMs) => {
    const { clock, arrivals } = watching(timeoutMs)
    expect(arrivals.watch(arriving().arrival)).toBe(undefined)
    expect(clock.pending).toBe(0)
  })
})

describe('a stream of requests that arrives', () => {
  it('goes on for as long as something moves', async () => {
    const { clock, arrivals } = watching()
    const { request, seen, arrival } = arriving({ isAwaited: true })
    arrivals.watch(arrival)
    for (let n = 0; n < 10; n += 1) {
      request.moved += 1
      await clock.advance(900)
    }
    expect(seen.late).toBe(0)
    await clock.advance(1000)
    expect(seen.late).toBe(1)
  })

  it('is not late while nobody waits for its next message', async () => {
    const { clock, arrivals } = watching()
    const messages = { isAwaited: false }
    const { seen, arrival } = arriving(messages)
    arrivals.watch(arrival)
    await clock.advance(10_000)
    expect(seen.late).toBe(0)
    messages.isAwaited = true
    await clock.advance(1250)
    expect(seen.late).toBe(1)
  })
})
