import { circuitBreaker } from 'tierkit/middleware'
import { expect, it } from 'vitest'
import { snapshotOf } from '../../src/endpoint/middleware.js'
import { createFakeClock } from '../../src/testing/fake-clock.js'
import { callContext, failure } from './fixture.js'

it('a circuit tells its state, since when, and what it counted, through all its changes', async () => {
  const clock = createFakeClock(0)
  const breaker = circuitBreaker({ volumeThreshold: 2, windowMs: 1000, resetTimeoutMs: 500, registry: false })
  const endpoint = breaker(async (ok: boolean) => {
    if (!ok) throw failure()
  })
  const call = (ok: boolean): Promise<void> => endpoint(ok, callContext({ clock })).catch(() => {})
  const circuit = (): unknown => (snapshotOf(breaker).circuits as readonly unknown[])[0]
  const at = (ms: number): string => new Date(ms).toISOString()

  await call(true)
  await clock.advance(100)
  const key = '/test.v1.Things/Call'
  expect(circuit()).toEqual({ key, state: 'closed', since: at(0), calls: 1, failures: 0, refused: 0 })

  await call(false)
  await call(false)
  await call(false)
  const open = { key, state: 'open', since: at(100), openedAt: at(100), retryAt: at(600) }
  expect(circuit()).toEqual({ ...open, calls: 3, failures: 2, refused: 1 })

  await clock.advance(500)
  await call(false)
  expect(circuit()).toEqual({ ...open, since: at(600), retryAt: at(1100), calls: 1, failures: 1, refused: 1 })

  await clock.advance(500)
  await call(true)
  expect(circuit()).toMatchObject({ state: 'closed', since: at(1100), refused: 0, openedAt: undefined })
})

it('a closed circuit forgets calls that have left the window', async () => {
  const clock = createFakeClock(0)
  const breaker = circuitBreaker({ windowMs: 1000, registry: false })
  await breaker(async () => {})(undefined, callContext({ clock }))
  await clock.advance(2000)
  expect(snapshotOf(breaker)).toMatchObject({ closed: 1, circuits: [{ calls: 0 }] })
})
