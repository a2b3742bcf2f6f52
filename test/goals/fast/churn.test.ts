import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { Load } from '../load.js'
import { Churn } from '../process/churn.js'
import { TargetProcess } from '../process/target-process.js'
import { full, report, scaled } from '../scale.js'

const PER_SECOND = scaled(400, 1000)
const WARM_UP = scaled(400, 60 * 1000)
const MINUTES = Number(process.env.GOALS_MINUTES ?? 10)
const CALLS = scaled(1600, 60 * MINUTES * 1000)
const HOURS_MS = 3_600_000

let target: TargetProcess
let churn: Churn
beforeAll(async () => {
  target = await TargetProcess.start()
  churn = new Churn(target.url)
})
afterAll(() => target?.[Symbol.asyncDispose]())

/** What this process, the clients', keeps itself busy with. */
const own = (): Record<string, number> => {
  const names = process.getActiveResourcesInfo().filter((name) => /Timeout|TCPSocketWrap/.test(name))
  return Object.fromEntries([...new Set(names)].map((name) => [name, names.filter((each) => each === name).length]))
}

async function run(calls: number): Promise<number> {
  const load = new Load(PER_SECOND, () => churn.next())
  await vi.waitFor(() => expect(load.calls).toBeGreaterThanOrEqual(calls), { timeout: HOURS_MS, interval: 100 })
  const { errors } = await load.stop()
  expect(errors.map(String)).toEqual([])
  return errors.length
}

it('a mixed load with channels that come and go leaves nothing behind, on either side', {
  timeout: HOURS_MS,
}, async () => {
  await run(WARM_UP)
  const [before, ownBefore] = [await target.reset(), own()]
  await run(CALLS)
  const fds = async () => (await target.vitals()).fds
  await vi.waitFor(async () => expect(await fds()).toBeLessThanOrEqual(before.fds), { timeout: 20_000 })
  await vi.waitFor(() => expect(own()).toEqual(ownBefore), { timeout: 20_000 })
  const after = await target.vitals()
  report(31, { CALLS, before, after })
  expect(after.sockets).toBeLessThanOrEqual(before.sockets)
  expect(after.timers).toBeLessThanOrEqual(before.timers)
  // What a leak of a few hundred bytes a call would make, and more than a heap breathes.
  expect(after.heapMb - before.heapMb).toBeLessThanOrEqual(8)
  await churn.close()
  await vi.waitFor(async () => expect((await target.vitals()).sockets).toBe(before.sockets - 1), { timeout: 20_000 })
  if (full) expect([after.rssMb <= before.rssMb * 1.05, after.delayP99Ms <= 20]).toEqual([true, true])
})
