import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Code } from 'tierkit/error'
import { createFakeClock } from 'tierkit/testing'
import { grpcChannel } from 'tierkit/transport/grpc'
import { describe, expect, it } from 'vitest'
import { content, goaway, headers, ping, Setting, settings, Type } from '../../http2/peer/frames.js'
import { fast } from '../grpc-suite/engines.js'
import { afterwards, bind, call, fixtureOf, gate } from '../grpc-suite/fixture.js'
import { frame } from '../grpc-suite/raw-client.js'
import { begun, rawServer, requested, trailers } from './raw/raw-server.js'

const { connect } = fixtureOf(fast)

/** A server that does with every connection what a test likes, and counts them. */
async function sockets(take: (socket: Socket) => void) {
  const taken: Socket[] = []
  const server = createServer((socket) => {
    taken.push(socket)
    socket.on('error', () => {})
    take(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterwards(async () => {
    for (const socket of taken) socket.destroy()
    server.close()
  })
  return { url: `grpc://127.0.0.1:${(server.address() as AddressInfo).port}`, taken }
}

function open(url: string, options = {}) {
  const channel = grpcChannel(url, options)
  afterwards(() => channel.close())
  return channel
}

/** Lets real sockets do what they have to do. */
async function settled(done: () => boolean): Promise<void> {
  while (!done()) await new Promise(setImmediate)
}

describe('a channel that cannot connect', () => {
  it('tries again after 1 s, then 1.6 times as long each time up to 120 s, give or take a fifth', async () => {
    const clock = createFakeClock()
    const { url, taken } = await sockets((socket) => socket.destroy())
    const channel = open(url, { clock })
    channel.connect()
    const delays: number[] = []
    for (let attempt = 1; attempt <= 14; attempt += 1) {
      await settled(() => taken.length === attempt && clock.pending === 1 && channel.state === 'transient_failure')
      const before = clock.now()
      while (taken.length === attempt) {
        await clock.advance(50)
        await new Promise(setImmediate)
        // The attempt under way has a timer of its own.
        if (channel.state === 'transient_failure' && clock.pending !== 1) break
      }
      delays.push(clock.now() - before)
      await settled(() => taken.length > attempt)
    }
    delays.forEach((delay, n) => {
      const middle = Math.min(1000 * 1.6 ** n, 120_000)
      expect(delay).toBeGreaterThanOrEqual(middle * 0.8 - 50)
      expect(delay).toBeLessThanOrEqual(middle * 1.2 + 100)
    })
  })

  it('gives an attempt 20 s', async () => {
    const clock = createFakeClock()
    const { url, taken } = await sockets(() => {})
    const channel = open(url, { clock })
    const { response } = call(channel, 'unary', 'x')
    await settled(() => taken.length === 1)
    await clock.advance(19_999)
    expect(channel.state).toBe('connecting')
    await clock.advance(1)
    await expect(response).rejects.toMatchObject({ code: Code.UNAVAILABLE, neverSent: true })
    expect(channel.state).toBe('transient_failure')
  })

  it('gives a server that has greeted 20 s to acknowledge what it was told', async () => {
    const clock = createFakeClock()
    const { url, taken } = await sockets((socket) => socket.write(Buffer.from(settings())))
    const channel = open(url, { clock })
    channel.connect()
    await settled(() => channel.state === 'ready')
    const [socket] = taken
    const closed = once(socket!.resume(), 'close')
    await clock.advance(19_999)
    expect(channel.state).toBe('ready')
    await clock.advance(1)
    expect(channel.state).toBe('idle')
    socket!.end()
    await closed
  })

  it('fails calls at once in the meantime, and keeps those that wait', async () => {
    const { url } = await sockets((socket) => socket.destroy())
    const channel = open(url, { clock: createFakeClock() })
    const waiting = call(channel, 'unary', 'x', { waitForReady: true, timeoutMs: 60_000 })
    await expect(call(channel, 'unary', 'x').response).rejects.toMatchObject({ code: Code.UNAVAILABLE })
    expect(channel.state).toBe('transient_failure')
    await expect(call(channel, 'unary', 'x').response).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      neverSent: true,
    })
    waiting.context.cancel()
    await expect(waiting.response).rejects.toMatchObject({ code: Code.CANCELLED })
  })
})

describe('a channel to a server that limits the calls on a connection', () => {
  const counting = () => {
    const release = gate()
    let running = 0
    let most = 0
    const binding = bind('unary', async (request: string) => {
      running += 1
      most = Math.max(most, running)
      await release.reached
      running -= 1
      return request
    })
    return { binding, release, most: () => most, running: () => running }
  }

  it.each([
    [1, 2],
    [3, 6],
    [undefined, 8],
  ])('opens up to %s connections, and queues beyond', async (maxConnections, together) => {
    const { binding, release, most, running } = counting()
    const { channel } = await connect([binding], {
      server: { maxConcurrentStreams: 2 },
      channel: maxConnections === undefined ? {} : { maxConnections },
    })
    const calls = Array.from({ length: 20 }, () => call(channel, 'unary', 'x').response)
    await settled(() => running() === together)
    release.open()
    expect(await Promise.all(calls)).toEqual(Array(20).fill('x'))
    expect(most()).toBe(together)
  })

  it('ends calls in the queue with their deadline', async () => {
    const { binding, release } = counting()
    const { channel } = await connect([binding], {
      server: { maxConcurrentStreams: 1 },
      channel: { maxConnections: 1 },
    })
    const first = call(channel, 'unary', 'x').response
    const { response } = call(channel, 'unary', 'x', { timeoutMs: 50 })
    await expect(response).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED })
    release.open()
    expect(await first).toBe('x')
  })
})

describe('a server that asks to leave', () => {
  it('ends the calls that it has, and new ones go elsewhere', async () => {
    const { url, connections } = await rawServer(async (connection, count) => {
      await requested(connection, 1)
      if (count === 1) connection.send(goaway(1, 0))
      if (count === 2) connections[0]?.send(headers(1, begun), content(1, frame('old')), trailers(1))
      connection.send(headers(1, begun), content(1, frame('new')), trailers(1))
    })
    const channel = open(url)
    const changes: string[] = []
    channel.onStateChange((state) => changes.push(state))
    expect(await call(channel, 'unary', 'x').response).toBe('new')
    await settled(() => channel.state === 'idle')
    expect(await call(channel, 'unary', 'x').response).toBe('new')
    expect(connections).toHaveLength(2)
    expect(changes).toEqual(['connecting', 'ready', 'idle', 'connecting', 'ready'])
  })

  it('is pinged half as often if it says that there were too many pings', async () => {
    const clock = createFakeClock()
    const { url, connections } = await rawServer(async (connection, count) => {
      await requested(connection, 1)
      if (count === 1) connection.send(goaway(0, 11, 'too_many_pings'))
    })
    const channel = open(url, { clock, keepalive: { timeMs: 1000 } })
    await expect(call(channel, 'unary', 'x').response).rejects.toMatchObject({ code: Code.UNAVAILABLE })
    await settled(() => channel.state === 'idle')
    call(channel, 'unary', 'x')
    const pings = () => connections[1]?.frames.filter(({ type }) => type === Type.PING).length ?? 0
    await settled(() => (connections[1]?.frames ?? []).some(({ type }) => type === Type.DATA))
    await clock.advance(1500)
    await connections[1]?.send(ping('roundtrp')).until(() => (pings() > 0 ? true : undefined))
    // That was the answer.
    expect(pings()).toBe(1)
    await clock.advance(2000)
    await settled(() => pings() === 2)
  })
})

it('request metadata that a server does not take fails the call that it belongs to, and no other', async () => {
  const { channel } = await connect([bind('unary', async (request: string) => request)], {
    server: { maxHeaderBytes: 2000 },
  })
  const long = (bytes: number) => ({ metadata: { 'x-long': 'x'.repeat(bytes) } })
  expect(await call(channel, 'unary', 'x', long(1000)).response).toBe('x')
  await expect(call(channel, 'unary', 'x', long(2000)).response).rejects.toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
    rawMessage: 'the request metadata is over the limit of 2000 bytes',
  })
  expect(await call(channel, 'unary', 'x', long(1000)).response).toBe('x')
  expect(channel.state).toBe('ready')
})

it('a connection without calls does not keep the process going', async () => {
  const entered = gate()
  const release = gate()
  const { channel } = await connect([
    bind('unary', async (request: string) => {
      entered.open()
      await release.reached
      return request
    }),
  ])
  const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
  const { response } = call(channel, 'unary', 'x')
  await entered.reached
  const busy = sockets()
  release.open()
  await response
  // Only the client's end lets go: a server is there to wait.
  await settled(() => sockets() === busy - 1)
})

it('a channel that is closed closes its connections', async () => {
  const { url, taken } = await sockets((socket) => socket.write(Buffer.from(settings(Setting.ENABLE_PUSH, 0))))
  const channel = open(url)
  channel.connect()
  await settled(() => taken.length === 1)
  const [socket] = taken
  const closed = once(socket!.resume(), 'close')
  await channel.close()
  socket!.end()
  await closed
  expect(channel.state).toBe('shutdown')
})
