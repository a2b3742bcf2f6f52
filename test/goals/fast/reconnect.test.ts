import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createServer, type Socket } from 'node:net'
import { createFakeClock, type FakeClock } from 'tierkit/testing'
import { grpcChannel } from 'tierkit/transport/grpc'
import { afterEach, describe, expect, it, vi } from 'vitest'

const SPAN_MS = 540_000

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Notes the time of each connection that this process begins to make. */
function attemptsOn(clock: FakeClock): number[] {
  const times: number[] = []
  const note = (): void => void times.push(clock.now())
  subscribe('net.client.socket', note)
  closing.push(() => unsubscribe('net.client.socket', note))
  return times
}

const gaps = (times: readonly number[]): number[] => times.slice(1).map((time, at) => time - (times[at] ?? 0))

async function listen(accept: (socket: Socket) => void): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer(accept)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () => new Promise<void>((resolve) => void server.close(() => resolve()))
  const { port } = server.address() as { port: number }
  return { url: `grpc://127.0.0.1:${port}`, stop }
}

describe('a channel to a port that is closed', () => {
  it('tries about thirteen times in nine minutes, each time later, and never less than every two minutes', async () => {
    const { url, stop } = await listen(() => {})
    await stop()
    const clock = createFakeClock()
    const attempts = attemptsOn(clock)
    const channel = grpcChannel(url, { clock })
    closing.push(() => channel.close())
    channel.connect()
    // A refusal is the kernel's, and comes in real time; the next attempt is a timer.
    for (;;) {
      await vi.waitFor(() => expect(channel.state).toBe('transient_failure'))
      const before = attempts.length
      while (attempts.length === before && clock.now() < SPAN_MS) await clock.advance(10)
      if (clock.now() >= SPAN_MS) break
      await failed(clock)
    }
    expect(attempts.length).toBeGreaterThanOrEqual(12)
    expect(attempts.length).toBeLessThanOrEqual(14)
    for (const [at, gap] of gaps(attempts).entries()) {
      const wanted = Math.min(1000 * 1.6 ** at, 120_000)
      expect(gap).toBeGreaterThanOrEqual(wanted * 0.8)
      // The clock was moved on in steps.
      expect(gap).toBeLessThanOrEqual(wanted * 1.2 + 20)
    }
  })
})
