import { closeClient, createClient } from 'tierkit/client'
import { Code, codeName } from 'tierkit/error'
import { grpcChannel } from 'tierkit/transport/grpc'
import { afterEach, expect, it, vi } from 'vitest'
import { Load } from '../load.js'
import { TargetProcess } from '../process/target-process.js'
import { Traffic } from '../process/traffic.js'
import { full, report } from '../scale.js'

// A call takes half a millisecond of the processor, and so many may be under way: a turn of the event loop then is short.
const CALL = { text: 'spend 0.5' }
const CONCURRENT = 16
const SECONDS = 60

let target: TargetProcess | undefined
afterEach(() => target?.[Symbol.asyncDispose]())

it.runIf(full)(
  'a server with three times the load that it can carry goes on answering, refuses the rest, and grows no memory',
  {
    timeout: 200_000,
  },
  async () => {
    target = await TargetProcess.start({ concurrent: CONCURRENT })
    const channel = grpcChannel(target.url)
    const client = createClient(Traffic, { channel, middleware: [], timeoutMs: 10_000 })

    // How much it can carry: as many callers as there are places, each with one call after the other.
    const measureMs = 5000
    const end = performance.now() + measureMs
    let answered = 0
    const caller = async (): Promise<void> => {
      for (; performance.now() < end; answered += 1) await client.one(CALL)
    }
    await Promise.all(Array.from({ length: CONCURRENT }, caller))
    const perSecond = (answered * 1000) / measureMs

    const before = await target.reset()
    const ends = new Map<string, number>()
    const count = (what: string): void => void ends.set(what, (ends.get(what) ?? 0) + 1)
    const load = new Load(3 * perSecond, () =>
      client.one(CALL).then(
        () => count('OK'),
        ({ code }) => count(codeName(code)),
      ),
    )
    await vi.waitFor(() => expect(load.calls).toBeGreaterThan(3 * perSecond * SECONDS), { timeout: 180_000 })
    const { calls } = await load.stop()
    const { delayP99Ms, rssMb, peakRssMb } = await target.vitals()
    report(23, { perSecond, calls, ...Object.fromEntries(ends), delayP99Ms, before: before.rssMb, rssMb, peakRssMb })

    expect([...ends.keys()].filter((name) => !['OK', codeName(Code.RESOURCE_EXHAUSTED)].includes(name))).toEqual([])
    expect(ends.get('OK')).toBeGreaterThan(0)
    expect(await client.one(CALL)).toEqual(CALL)
    expect(peakRssMb - before.rssMb).toBeLessThanOrEqual(32)
    expect(delayP99Ms).toBeLessThanOrEqual(20)
    await closeClient(client)
    await channel.close()
  },
)
