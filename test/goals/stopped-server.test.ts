import { peakEwma } from 'tierkit/balancer'
import { closeClient, createClient } from 'tierkit/client'
import type { Middleware } from 'tierkit/endpoint'
import { grpcChannel } from 'tierkit/transport/grpc'
import { afterEach, expect, it, vi } from 'vitest'
import { Fleet, type FleetServer } from './fleet.js'
import { Load } from './load.js'
import { Probe } from './probe.js'
import { full, report, scaled } from './scale.js'

const keepalive = scaled({ timeMs: 1000, timeoutMs: 500 }, { timeMs: 10_000, timeoutMs: 5000 })
const CALL_MS = scaled(2000, 1000)
const PER_SECOND = scaled(100, 500)
const SHIFT_MS = 2000
const CLOSE_MS = 15_000 + 2000

let fleet: Fleet | undefined
let stopped: FleetServer | undefined
afterEach(async () => {
  stopped?.kill('SIGCONT')
  await fleet?.close()
})

it('a server that hangs fails calls until it is left alone, loses its connection, and comes back when it wakes', {
  timeout: 120_000,
}, async () => {
  fleet = await Fleet.open({ engine: 'grpc', propagationDelayMs: 0, drainTimeoutMs: 1000 })
  const servers = await Promise.all([1, 2, 3, 4].map(() => fleet?.start() as Promise<FleetServer>))
  const [victim] = servers as [FleetServer]
  const [url = ''] = victim.endpoints
  const channels = new Map<string, ReturnType<typeof grpcChannel>>()
  const open = (to: string) => {
    const channel = grpcChannel(to, { keepalive, reconnect: { initialMs: 200 } })
    channels.set(to, channel)
    return channel
  }
  const attempts: string[] = []
  const note: Middleware = (next) => (request, context) => {
    attempts.push(context.peer?.address ?? '')
    return next(request, context)
  }
  const client = createClient(Probe, {
    target: fleet.target,
    transports: { grpc: open },
    balancer: peakEwma(),
    middleware: [],
    attemptMiddleware: [note],
    timeoutMs: CALL_MS,
  })
  let stopping = false
  const failures: { begun: number; server: string }[] = []
  const load = new Load(PER_SECOND, async () => {
    const begun = performance.now()
    await client.unary({}).catch((error) => {
      if (!stopping) throw error
      failures.push({ begun, server: String(error) })
    })
  })
  await vi.waitFor(() => expect(new Set(attempts).size).toBe(4), { timeout: 20_000 })
  const answersOf = (address: string): number => attempts.filter((each) => each === address).length

  stopping = true
  const start = performance.now()
  victim.kill('SIGSTOP')
  stopped = victim
  await vi.waitFor(() => expect(channels.get(url)?.state).not.toBe('ready'), { timeout: 30_000 })
  const closedMs = performance.now() - start
  // Calls that begin from now on go elsewhere.
  const closedAt = performance.now()
  const [calls, picked] = [load.calls, answersOf(new URL(url).host)]
  await vi.waitFor(() => expect(load.calls - calls).toBeGreaterThan(2 * PER_SECOND), { timeout: 30_000 })
  expect(failures.filter(({ begun }) => begun > closedAt)).toEqual([])
  expect(answersOf(new URL(url).host)).toBe(picked)

  victim.kill('SIGCONT')
  stopped = undefined
  const woken = performance.now()
  await vi.waitFor(() => expect(answersOf(new URL(url).host)).toBeGreaterThan(picked + 10), { timeout: 60_000 })
  const { errors } = await load.stop()
  await closeClient(client)
  const shifted = failures.filter(({ begun }) => begun - start <= SHIFT_MS).length
  report(15, { closedMs, failures: failures.length, beforeShift: shifted, healedMs: performance.now() - woken })
  expect(errors.map(String)).toEqual([])
  if (!full) return
  // What fails after the shift are the balancer's probes, one a second.
  const late = failures.filter(({ begun }) => begun - start > SHIFT_MS).length
  expect(late).toBeLessThanOrEqual(Math.ceil(closedMs / 1000) + 2)
  expect(closedMs).toBeLessThanOrEqual(CLOSE_MS)
})
