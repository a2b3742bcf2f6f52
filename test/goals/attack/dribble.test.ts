import { afterEach, expect, it, vi } from 'vitest'
import { content, headers, joined } from '../../http2/peer/frames.js'
import { TargetProcess } from '../process/target-process.js'
import { report, scaled } from '../scale.js'
import { Attacker } from './attacker.js'
import { callOf } from './attacks.js'
import { Victim } from './victim.js'

const MESSAGE_BYTES = scaled(1_000_000, 4_000_000)
const GROWTH_MB = 64
const BATCH = 10_000

let target: TargetProcess | undefined
afterEach(() => target?.[Symbol.asyncDispose]())

it('a message that comes a byte at a time costs little more than its bytes, and others do not notice', {
  timeout: 120_000,
}, async () => {
  target = await TargetProcess.start()
  const victim = new Victim(target.url)
  await vi.waitFor(() => expect(victim.calls).toBeGreaterThan(50), { timeout: 30_000 })
  const before = await target.reset()
  const attacker = await Attacker.connect(target.url)
  const prefix = Buffer.from([0, 0, 0, 0, 0])
  prefix.writeUInt32BE(MESSAGE_BYTES, 1)
  await attacker.send(headers(1, callOf()), content(1, prefix))
  const bytes = joined(Array.from({ length: BATCH }, () => content(1, 'x')))
  // All but the last: the message is held.
  await attacker.flood(MESSAGE_BYTES / BATCH - 1, () => bytes)
  const { heapMb, externalMb, peakRssMb } = await target.vitals()
  const { errors } = await victim.stop()
  const figures = {
    name: 'DATA of 1 byte',
    heapMb: heapMb - before.heapMb,
    externalMb: externalMb - before.externalMb,
    peakMb: peakRssMb - before.rssMb,
  }
  report(42, figures)
  attacker.leave()
  expect(errors.map(String)).toEqual([])
  expect(figures.peakMb).toBeLessThanOrEqual(GROWTH_MB)
})
