import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { TargetProcess } from '../process/target-process.js'
import { full, report, scaled } from '../scale.js'
import { Attacker } from './attacker.js'
import { attacks } from './attacks.js'
import { callTimes, Victim } from './victim.js'

// In full: five seconds to be cut, and 64 MiB.
const CUT_MS = 5000
const GROWTH_MB = scaled(192, 64)

let target: TargetProcess
beforeAll(async () => {
  target = await TargetProcess.start()
  // What a server holds when it has worked for a while is not the attack's.
  await callTimes(target.url, scaled(1000, 20_000))
})
afterAll(() => target?.[Symbol.asyncDispose]())

/** Runs something next to a client of good faith, which must not notice. */
async function besideVictim(name: string, run: () => Promise<Record<string, unknown>>): Promise<void> {
  const before = await target.reset()
  const victim = new Victim(target.url)
  const figures = await run()
  await vi.waitFor(() => expect(victim.calls).toBeGreaterThan(scaled(20, 1000)), { timeout: 30_000 })
  const { calls, errors } = await victim.stop()
  const after = await target.vitals()
  const grownMb = after.peakRssMb - before.rssMb
  report(42, { name, ...figures, calls, errors: errors.length, grownMb, heldMb: after.rssMb - before.rssMb })
  // One in a thousand may fail; below that many calls, none.
  expect(errors.slice(Math.floor(calls / 1000)).map(String)).toEqual([])
  expect(grownMb).toBeLessThanOrEqual(GROWTH_MB)
}

describe('an attack', () => {
  it.each(Object.entries(attacks))('%s is cut off, and others do not notice', async (name, { run, codes, debug }) => {
    await besideVictim(name, async () => {
      const attacker = await Attacker.connect(target.url)
      await run(attacker)
      const farewell = await attacker.gone
      expect(codes).toContain(farewell.code)
      if (debug) expect(farewell.debug).toMatch(debug)
      if (full) expect(farewell.afterMs).toBeLessThanOrEqual(CUT_MS)
      return { cutMs: Math.round(farewell.afterMs), resets: attacker.resets, debug: farewell.debug }
    })
  })
})
