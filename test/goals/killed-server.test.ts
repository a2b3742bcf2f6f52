import { closeClient, createClient } from 'tierkit/client'
import type { Middleware } from 'tierkit/endpoint'
import { retry } from 'tierkit/middleware'
import { afterEach, expect, it, vi } from 'vitest'
import { Fleet, type FleetServer } from './fleet.js'
import { Load } from './load.js'
import { Probe } from './probe.js'

let fleet: Fleet | undefined
afterEach(() => fleet?.close())

it('kill -9 of one of four servers under load fails no call, and none goes there any more', {
  timeout: 60_000,
}, async () => {
  fleet = await Fleet.open({ propagationDelayMs: 0, drainTimeoutMs: 1000 })
  const servers = await Promise.all([1, 2, 3, 4].map(() => fleet?.start() as Promise<FleetServer>))
  const attempts = new Map<string, number>()
  const count: Middleware = (next) => (request, context) => {
    const address = context.peer?.address ?? ''
    attempts.set(address, (attempts.get(address) ?? 0) + 1)
    return next(request, context)
  }
  const client = createClient(Probe, {
    target: fleet.target,
    middleware: [retry()],
    attemptMiddleware: [count],
  })
  const load = new Load(200, () => client.unary({}))
  await vi.waitFor(() => expect(attempts.size).toBe(4), { timeout: 20_000 })

  const [victim] = servers as [FleetServer]
  const address = new URL(victim.endpoints[0] ?? '').host
  victim.kill('SIGKILL')
  expect(await victim.exit).toBeNull()
  // A second's worth of calls to notice; after that, another three without one.
  await vi.waitFor(callsSince(load, 200), { timeout: 20_000 })
  const before = attempts.get(address)
  await vi.waitFor(callsSince(load, 600), { timeout: 20_000 })
  const { errors } = await load.stop()
  await closeClient(client)

  expect(errors.map(String)).toEqual([])
  expect(attempts.get(address)).toBe(before)
})

function callsSince(load: Load, count: number): () => void {
  const start = load.calls
  return () => expect(load.calls - start).toBeGreaterThan(count)
}
