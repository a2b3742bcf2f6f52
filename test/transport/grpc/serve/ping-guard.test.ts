import { createFakeClock } from 'tierkit/testing'
import { expect, it } from 'vitest'
import { PingGuard } from '../../../../src/transport/grpc/serve/ping-guard.js'

const MINUTE_MS = 60_000

it('lets a client with calls ping every five minutes', async () => {
  const clock = createFakeClock()
  const guard = new PingGuard(clock)
  for (let n = 0; n < 20; n += 1) {
    expect(guard.permits(1, 0)).toBe(true)
    await clock.advance(5 * MINUTE_MS)
  }
})

it('lets a client without calls ping every two hours, and forgives two that come earlier', async () => {
  const clock = createFakeClock()
  const guard = new PingGuard(clock)
  const answers: boolean[] = []
  for (let n = 0; n < 4; n += 1) {
    answers.push(guard.permits(0, 0))
    await clock.advance(119 * MINUTE_MS)
  }
  expect(answers).toEqual([true, true, true, false])
})

it('forgets what came too early once headers or content go out', () => {
  const guard = new PingGuard(createFakeClock())
  for (let n = 0; n < 20; n += 1) {
    expect(guard.permits(1, 0)).toBe(true)
    expect(guard.permits(1, 0)).toBe(true)
    guard.onSend()
  }
  for (let n = 1; n < 20; n += 1) expect(guard.permits(1, n * 16_384)).toBe(true)
})

it('permits pings while content may still be on its way, and not for long after', async () => {
  const clock = createFakeClock()
  const guard = new PingGuard(clock)
  guard.onSend()
  const answers: boolean[] = []
  for (let second = 0; second < 14; second += 1) {
    answers.push(guard.permits(1, 0))
    await clock.advance(1000)
  }
  expect(answers.lastIndexOf(true)).toBe(12)
  expect(answers.indexOf(false)).toBe(13)
})
