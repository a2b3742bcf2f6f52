import { bindings } from 'tierkit'
import { closeClient, createClient } from 'tierkit/client'
import { currentContext } from 'tierkit/endpoint'
import { Code } from 'tierkit/error'
import { implement } from 'tierkit/service'
import { grpcChannel, grpcServer } from 'tierkit/transport/grpc'
import { expect, it } from 'vitest'
import { Probe } from '../probe.js'

// What the header means to the server, for 60 values and for those that are none, is in test/transport/grpc-suite/protocol-suite.ts.

const unitMs = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 }
const amounts = [1, 9, 42, 999, 1000, 25_000, 2_592_000, 9_999_999, 10_000_000, 99_999_999]
const timeouts = Object.values(unitMs).flatMap((factor) => amounts.map((amount) => amount * factor))
// A test does not wait for those beyond, and a busy machine may be late by as much for those below.
const LONG_MS = 9000

it('calls that may take from a nanosecond to eleven thousand years end in time, but none before its time', async () => {
  let held = 0
  let release = (): void => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const long = timeouts.filter((ms) => ms >= LONG_MS).length
  const service = implement(Probe, {
    unary: async ({ text }, context) => {
      if (Number(text) >= LONG_MS) {
        held += 1
        if (held === long) release()
        await released
        return { text: String(context.remainingMs()) }
      }
      return new Promise((_, reject) => context.onCancel(reject))
    },
    async *stream() {},
  })
  const server = grpcServer({ host: '127.0.0.1' })
  const { url } = await server.listen(bindings([service]))
  const channel = grpcChannel(url)
  const client = createClient(Probe, { channel, middleware: [] })
  expect(timeouts).toHaveLength(60)
  await client.unary({ text: `${LONG_MS - 1}` }, { timeoutMs: 1 }).catch(() => {})

  const calls = timeouts.map(async (timeoutMs) => {
    const start = performance.now()
    const end = await client.unary({ text: String(timeoutMs) }, { timeoutMs }).catch(({ code }) => code as Code)
    if (timeoutMs >= LONG_MS) {
      expect([timeoutMs, end]).toEqual([timeoutMs, { text: expect.any(String) }])
      const remainingMs = Number((end as { text: string }).text)
      expect(remainingMs).toBeGreaterThan(timeoutMs - LONG_MS)
      expect(remainingMs).toBeLessThanOrEqual(timeoutMs * 1.001)
    } else {
      expect(end).toBe(Code.DEADLINE_EXCEEDED)
      expect(performance.now() - start).toBeGreaterThanOrEqual(timeoutMs)
    }
  })
  await Promise.all(calls)
  expect(currentContext()).toBeUndefined()
  await closeClient(client)
  await channel.close()
  await server.close()
})
