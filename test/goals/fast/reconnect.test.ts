import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { createFakeClock, type FakeClock } from 'tierkit/testing'
import { grpcChannel, grpcServer } from 'tierkit/transport/grpc'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { full } from '../scale.js'

const SPAN_MS = 540_000
const STEP_MS = 100
const CONNECT_MS = 20_000

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A connection that was begun, and when. */
interface Attempt {
  readonly at: number
  readonly closed: Promise<unknown>
}

/** Notes each connection that this process begins to make. */
function attemptsOn(clock: FakeClock): Attempt[] {
  const attempts: Attempt[] = []
  const note = (message: unknown): void => {
    const { socket } = message as { socket: Socket }
    attempts.push({ at: clock.now(), closed: once(socket, 'close').catch(() => {}) })
  }
  subscribe('net.client.socket', note)
  closing.push(() => unsubscribe('net.client.socket', note))
  return attempts
}

async function listen(accept: (socket: Socket) => void): Promise<{ port: number; stop(): Promise<void> }> {
  const server = createServer(accept)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () => new Promise<void>((resolve) => void server.close(() => resolve()))
  return { port: (server.address() as { port: number }).port, stop }
}

async function closedPort(): Promise<number> {
  const { port, stop } = await listen(() => {})
  await stop()
  return port
}

/** Lets time pass until the next attempt, or until a time. A refusal is the kernel's, and comes in real time. */
async function nextAttempt(clock: FakeClock, attempts: readonly Attempt[], untilMs: number): Promise<boolean> {
  const before = attempts.length
  await attempts.at(-1)?.closed
  while (attempts.length === before && clock.now() < untilMs) await clock.advance(STEP_MS)
  return attempts.length > before
}

describe('a channel', () => {
  it('tries a closed port about thirteen times in nine minutes, later each time, but every two minutes', async () => {
    const clock = createFakeClock()
    const attempts = attemptsOn(clock)
    const channel = grpcChannel(`grpc://127.0.0.1:${await closedPort()}`, { clock })
    closing.push(() => channel.close())
    channel.connect()
    while (await nextAttempt(clock, attempts, SPAN_MS));
    expect(attempts.length).toBeGreaterThanOrEqual(12)
    expect(attempts.length).toBeLessThanOrEqual(14)
    for (const [at, { at: time }] of attempts.slice(1).entries()) {
      const gap = time - (attempts[at]?.at ?? 0)
      const wanted = Math.min(1000 * 1.6 ** at, 120_000)
      expect(gap).toBeGreaterThanOrEqual(wanted * 0.8)
      expect(gap).toBeLessThanOrEqual(wanted * 1.2)
    }
  })

  it('gives a server that says nothing twenty seconds, and then tries again', async () => {
    const sockets: Socket[] = []
    const { port, stop } = await listen((socket) => void sockets.push(socket.on('error', () => {})))
    const clock = createFakeClock()
    const attempts = attemptsOn(clock)
    const channel = grpcChannel(`grpc://127.0.0.1:${port}`, { clock })
    closing.push(
      stop,
      () => sockets.map((socket) => socket.destroy()),
      () => channel.close(),
    )
    channel.connect()
    await vi.waitFor(() => expect(sockets).toHaveLength(1))
    await clock.advance(CONNECT_MS - 1)
    expect([channel.state, attempts.length]).toEqual(['connecting', 1])
    await clock.advance(1)
    await vi.waitFor(() => expect(attempts).toHaveLength(2))
    expect(channel.state).toBe('transient_failure')
    // The time that the attempt took counts as waiting.
    expect(attempts.map(({ at }) => at)).toEqual([0, CONNECT_MS])
  })

  it.runIf(full)('gives it those twenty seconds in real time', { timeout: 60_000 }, async () => {
    const closed: Promise<unknown>[] = []
    const { port, stop } = await listen((socket) => void closed.push(once(socket.resume(), 'close')))
    const channel = grpcChannel(`grpc://127.0.0.1:${port}`)
    closing.push(stop, () => channel.close())
    channel.connect()
    await vi.waitFor(() => expect(closed).toHaveLength(1))
    const start = performance.now()
    await closed[0]
    expect(performance.now() - start).toBeGreaterThan(CONNECT_MS - 500)
  })

  it('starts anew with short delays once a server has answered', async () => {
    const port = await closedPort()
    const clock = createFakeClock()
    const attempts = attemptsOn(clock)
    const channel = grpcChannel(`grpc://127.0.0.1:${port}`, { clock })
    closing.push(() => channel.close())
    channel.connect()
    for (let count = 0; count < 6; count += 1) await nextAttempt(clock, attempts, SPAN_MS)
    await attempts.at(-1)?.closed
    const server = grpcServer({ host: '127.0.0.1', port })
    await server.listen([])
    await nextAttempt(clock, attempts, SPAN_MS)
    await vi.waitFor(() => expect(channel.state).toBe('ready'))
    await server.close()
    await vi.waitFor(() => expect(channel.state).toBe('idle'))

    const start = clock.now()
    channel.connect()
    await nextAttempt(clock, attempts, SPAN_MS)
    expect((attempts.at(-1)?.at ?? 0) - start).toBeLessThanOrEqual(1200)
  })
})
