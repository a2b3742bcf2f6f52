import { afterEach, expect, it, vi } from 'vitest'
import { TargetProcess } from '../process/target-process.js'
import { report, scaled } from '../scale.js'
import { Attacker } from './attacker.js'
import { Victim } from './victim.js'

const CONNECTIONS = scaled(500, 5000)
const GROWTH_MB = 64

let target: TargetProcess | undefined
afterEach(() => target?.[Symbol.asyncDispose]())

async function connectAll(url: string, greets: boolean): Promise<Attacker[]> {
  const attackers: Attacker[] = []
  while (attackers.length < CONNECTIONS) {
    attackers.push(...(await Promise.all(Array.from({ length: 100 }, () => Attacker.connect(url, greets)))))
  }
  return attackers
}

it.each([
  ['that said hello', true],
  ['that say nothing', false],
])('thousands of connections %s are held at little cost, and are let go', { timeout: 120_000 }, async (_, greets) => {
  target = await TargetProcess.start()
  const victim = new Victim(target.url)
  await vi.waitFor(() => expect(victim.calls).toBeGreaterThan(scaled(50, 1000)), { timeout: 30_000 })
  const before = await target.reset()
  const attackers = await connectAll(target.url, greets)
  const calls = victim.calls
  await vi.waitFor(() => expect(victim.calls - calls).toBeGreaterThan(scaled(20, 1000)), { timeout: 30_000 })
  const held = await target.vitals()
  for (const attacker of attackers) attacker.leave()
  await vi.waitFor(async () => expect((await target?.vitals())?.fds).toBe(before.fds), { timeout: 20_000 })
  const { errors } = await victim.stop()
  report(42, { name: `idle connections ${_}`, CONNECTIONS, before, held, errors: errors.length })
  expect(errors.map(String)).toEqual([])
  expect(held.peakRssMb - before.rssMb).toBeLessThanOrEqual(GROWTH_MB)
})
