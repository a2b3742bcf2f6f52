import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/http2/error-code.js'
import type { Http2Stream } from '../../../src/http2/http2.js'
import { type Arrived, Pair, responseFields, sendAll } from './pair.js'

const window = 65_535

/** A server that keeps what it gets unconsumed. */
function holding(options: ConstructorParameters<typeof Pair>[0] = {}): Pair {
  const pair = new Pair(options)
  pair.serverSide.serve = (arrived) => {
    arrived.consumes = false
  }
  return pair
}

/** Opens a stream and sends so many bytes on it. */
function sendOn(pair: Pair, bytes: number): Arrived {
  const arrived = pair.ask(false)
  arrived.stream?.sendData(Buffer.alloc(bytes), false)
  return arrived
}

describe('the window of a stream', () => {
  it('holds back what is not consumed, and nothing else', () => {
    const pair = holding({ server: { maxStreamWindowBytes: window } })
    const held = sendOn(pair, 100_000)
    pair.run()
    expect(pair.serverSide.streams[0]?.size).toBe(window)
    expect(held.stream?.queuedBytes).toBe(100_000 - window)
    const other = sendOn(pair, 30_000)
    pair.run()
    expect(pair.serverSide.streams[1]?.size).toBe(30_000)
    expect(other.stream?.queuedBytes).toBe(0)
  })

  it('is given back when half of it was consumed', () => {
    const pair = holding({ server: { maxStreamWindowBytes: window } })
    sendOn(pair, 100_000)
    pair.run()
    const [arrived] = pair.serverSide.streams
    arrived?.stream?.consume(32_767)
    pair.run()
    expect(arrived?.size).toBe(window)
    arrived?.stream?.consume(1)
    pair.run()
    expect(arrived?.size).toBe(window + 32_768)
  })

  it('gives no more back than arrived', () => {
    const pair = holding({ server: { maxStreamWindowBytes: window } })
    sendOn(pair, 200_000)
    pair.run()
    const [arrived] = pair.serverSide.streams
    arrived?.stream?.consume(10_000_000)
    pair.run()
    expect(arrived?.size).toBe(2 * window)
  })

  it('is the one that the options name, before and after the client heard of it', () => {
    const pair = holding({ server: { streamWindowBytes: 1000, maxStreamWindowBytes: 1000 } })
    sendOn(pair, 5000)
    pair.move(pair.client, pair.server)
    // The client could not know.
    expect(pair.serverSide.streams[0]?.size).toBe(5000)
    pair.run()
    sendOn(pair, 5000)
    pair.run()
    expect(pair.serverSide.streams[1]?.size).toBe(1000)
    expect(pair.server.closed).toBe(false)
  })
})

describe('the window of a connection', () => {
  it('is given back although streams hold what they got, up to the limit in all', () => {
    const pair = holding({ server: { maxStreamWindowBytes: window, maxConnectionWindowBytes: 400_000 } })
    for (let index = 0; index < 20; index += 1) sendOn(pair, window)
    pair.run()
    const held = pair.serverSide.streams.reduce((sum, { size }) => sum + size, 0)
    expect(held).toBeLessThanOrEqual(400_000)
    expect(held).toBeGreaterThan(300_000)
    for (const { stream } of pair.serverSide.streams) stream?.consume(window)
    pair.run()
    expect(pair.serverSide.streams.reduce((sum, { size }) => sum + size, 0)).toBeGreaterThan(600_000)
  })

  it('is given back by streams that are over', () => {
    const pair = holding({ server: { maxConnectionWindowBytes: window } })
    const first = sendOn(pair, window)
    pair.run()
    const second = sendOn(pair, 10)
    pair.run()
    expect(pair.serverSide.streams[1]?.size).toBe(0)
    first.stream?.reset(ErrorCode.CANCEL)
    pair.run()
    expect(pair.serverSide.streams[1]?.size).toBe(10)
    expect(second.stream?.queuedBytes).toBe(0)
  })
})

describe('windows that grow', () => {
  /** Sends much, of which so much is on its way at a time; returns the most that arrived in one go. */
  const most = (pair: Pair, bytes: number): number => {
    const arrived = pair.ask(false)
    sendAll(arrived.stream as Http2Stream, arrived, [Buffer.alloc(bytes)])
    let before = 0
    let largest = 0
    while (pair.step() > 0) {
      const size = pair.serverSide.streams[0]?.size ?? 0
      largest = Math.max(largest, size - before)
      before = size
    }
    expect(before).toBe(bytes + 5)
    return largest
  }

  it('double with every round trip that fills them, up to the limits', () => {
    expect(most(new Pair(), 8_000_000)).toBeGreaterThan(200_000)
    const kept = { maxStreamWindowBytes: 200_000, maxConnectionWindowBytes: 200_000 }
    expect(most(new Pair({ server: kept }), 8_000_000)).toBeLessThanOrEqual(200_000)
  })

  it('grow for what a client gets, too', () => {
    const pair = new Pair()
    pair.serverSide.serve = (arrived, stream) => {
      stream.sendHeaders(responseFields, undefined, false)
      sendAll(stream, arrived, [Buffer.alloc(4_000_000)])
    }
    const arrived = pair.ask()
    pair.run()
    expect(arrived.size).toBe(4_000_005)
  })

  it('ask for no round trip while little arrives', () => {
    const pair = new Pair()
    pair.run()
    const arrived = pair.ask(false)
    arrived.stream?.sendData(Buffer.alloc(1000), false)
    pair.move(pair.client, pair.server)
    expect(pair.server.takeOutput()).toEqual([])
  })
})

describe('sending', () => {
  it('gives every stream its turn', () => {
    const pair = new Pair({ server: { maxConnectionWindowBytes: window } })
    pair.run()
    const streams = Array.from({ length: 4 }, () => sendOn(pair, 60_000))
    pair.move(pair.client, pair.server)
    const sizes = pair.serverSide.streams.map(({ size }) => size)
    // The first had the window to itself at first; the rest is shared frame by frame.
    expect(sizes.slice(1).every((size) => size <= 16_384)).toBe(true)
    pair.run()
    expect(pair.serverSide.streams.map(({ size }) => size)).toEqual([60_000, 60_000, 60_000, 60_000])
    expect(streams.map(({ stream }) => stream?.queuedBytes)).toEqual([0, 0, 0, 0])
  })

  it('queues content while the socket takes none, but not headers', () => {
    const pair = new Pair()
    pair.run()
    pair.client.setBlocked(true)
    const arrived = sendOn(pair, 1000)
    expect(arrived.stream?.queuedBytes).toBe(1000)
    pair.run()
    expect(pair.serverSide.streams[0]?.size).toBe(0)
    pair.client.setBlocked(false)
    expect(arrived.stream?.queuedBytes).toBe(0)
    pair.run()
    expect(pair.serverSide.streams[0]?.size).toBe(1000)
  })

  it('is not writable over `queueBytes`, and says when it is again', () => {
    const pair = new Pair({ client: { queueBytes: 100 } })
    pair.run()
    pair.client.setBlocked(true)
    const arrived = sendOn(pair, 100)
    expect(arrived.stream?.writable).toBe(true)
    arrived.stream?.sendData(Buffer.alloc(1), false)
    expect(arrived.stream?.writable).toBe(false)
    pair.client.setBlocked(false)
    expect(arrived.stream?.writable).toBe(true)
    expect(arrived.drains).toBe(1)
  })

  it('keeps the order of content and trailers that wait', () => {
    const pair = holding()
    pair.serverSide.serve = (_, stream) => {
      stream.sendHeaders(responseFields, undefined, false)
      stream.sendData(Buffer.alloc(100_000), false)
      stream.sendPrefixed(0, Buffer.from('last'), false)
      stream.sendHeaders(['x-trailer', 'yes'], undefined, true)
    }
    const arrived = pair.ask()
    pair.run()
    expect(arrived.size).toBe(100_009)
    expect(arrived.text.endsWith('last')).toBe(true)
    expect(arrived.trailers).toEqual(['x-trailer', 'yes'])
  })

  it('goes on with what fits when windows shrink below zero', () => {
    const pair = new Pair({ server: { streamWindowBytes: 1000, maxStreamWindowBytes: 1000 } })
    const arrived = sendOn(pair, 10_000)
    pair.run()
    expect(pair.serverSide.streams[0]?.size).toBe(10_000)
    expect(arrived.stream?.queuedBytes).toBe(0)
    arrived.stream?.sendData(Buffer.alloc(5000), true)
    pair.run()
    expect(pair.serverSide.streams[0]?.complete).toBe(true)
  })

  it('never puts out more at once than a socket should hold', () => {
    const pair = new Pair({ server: { streamWindowBytes: 4_000_000, maxConnectionWindowBytes: 8_000_000 } })
    pair.run()
    const arrived = sendOn(pair, 3_000_000)
    const taken = pair.client.takeOutput().reduce((sum, { length }) => sum + length, 0)
    expect(taken).toBeLessThan(400_000)
    expect(arrived.stream?.queuedBytes).toBeGreaterThan(2_000_000)
  })
})

describe('content that does not move', () => {
  const limits = { stalledStreamMs: 1000 }

  it('costs its stream, where only that has no window', () => {
    const pair = holding({ client: { limits }, server: { maxStreamWindowBytes: window } })
    const stalled = sendOn(pair, 100_000)
    pair.run()
    pair.timers.advance(999)
    expect(stalled.end).toBeUndefined()
    const other = sendOn(pair, 10)
    pair.run()
    pair.timers.advance(1)
    expect(stalled.end).toMatchObject({ code: ErrorCode.ENHANCE_YOUR_CALM, remote: false, connection: false })
    expect(pair.clientSide.said).toContain('breach stalledStreamMs')
    expect(other.end).toBeUndefined()
    expect(pair.client.closed).toBe(false)
  })

  it('costs the connection, where that has no window', () => {
    const pair = holding({ client: { limits }, server: { maxConnectionWindowBytes: window } })
    sendOn(pair, 100_000)
    pair.run()
    pair.timers.advance(1000)
    expect(pair.client.closed).toBe(true)
    expect(pair.clientSide.said).toContain('breach stalledStreamMs')
  })

  it('costs nothing as long as a byte moves now and then', () => {
    const pair = holding({ client: { limits }, server: { maxStreamWindowBytes: window } })
    sendOn(pair, 500_000)
    for (let round = 0; round < 10; round += 1) {
      pair.run()
      pair.timers.advance(900)
      pair.serverSide.streams[0]?.stream?.consume(40_000)
    }
    expect(pair.clientSide.said).not.toContain('breach stalledStreamMs')
  })
})

describe('a reader that does not read', () => {
  it('costs its connection when more content waits than is allowed', () => {
    const pair = new Pair({ client: { limits: { maxQueuedBytes: 1_000_000 } } })
    pair.run()
    pair.client.setBlocked(true)
    sendOn(pair, 1_000_000)
    expect(pair.client.closed).toBe(false)
    sendOn(pair, 1)
    expect(pair.client.closed).toBe(true)
    expect(pair.clientSide.said).toContain('breach maxQueuedBytes')
  })

  it('costs its connection when so much waits in answers without content', () => {
    const pair = new Pair({ server: { limits: { maxQueuedBytes: 10_000 } } })
    pair.serverSide.serve = (_, stream) => {
      stream.sendHeaders(responseFields, ['x-long', `${stream.id}${'y'.repeat(500)}`], true)
    }
    pair.run()
    pair.server.setBlocked(true)
    for (let round = 0; round < 100 && !pair.server.closed; round += 1) {
      pair.ask()
      pair.move(pair.client, pair.server)
    }
    expect(pair.serverSide.said).toContain('breach maxQueuedBytes')
    expect(pair.serverSide.streams.length).toBeLessThan(60)
  })
})
