import { closeClient, createClient } from 'tierkit/client'
import { retry } from 'tierkit/middleware'
import { afterEach, expect, it } from 'vitest'
import { Fleet, type FleetServer } from './fleet.js'
import { Load } from './load.js'
import { Probe } from './probe.js'

let fleet: Fleet | undefined
afterEach(() => fleet?.close())

it('a rolling restart of four servers under load fails no call, and every process ends with 0', {
  timeout: 60_000,
}, async () => {
  fleet = await Fleet.open({ propagationDelayMs: 500, drainTimeoutMs: 5000 })
  const servers = await Promise.all([1, 2, 3, 4].map(() => fleet?.start() as Promise<FleetServer>))
  const client = createClient(Probe, { target: fleet.target, middleware: [retry()] })
  const answered = new Set<string>()
  const load = new Load(200, async () => answered.add((await client.unary({})).text))

  const exits: (number | null)[] = []
  for (const server of servers) {
    const successor = fleet.start()
    server.kill('SIGTERM')
    exits.push(await server.exit)
    await successor
  }
  const { calls, errors } = await load.stop()
  await closeClient(client)

  expect(errors.map(String)).toEqual([])
  expect(exits).toEqual([0, 0, 0, 0])
  expect(calls).toBeGreaterThan(200)
  expect(answered.size).toBeGreaterThanOrEqual(5)
})
