import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/http2/error-code.js'
import type { Http2Stream } from '../../../src/http2/http2.js'
import { headers, rstStream, Setting, settings, Type, windowUpdate } from '../peer/frames.js'
import { requestTo } from '../peer/hpack-writer.js'
import { Peer, type Role } from '../peer/peer.js'
import { randomFrom } from '../peer/random.js'
import type { Behaviour } from '../peer/recorder.js'

const { CANCEL } = ErrorCode
const hold = requestTo('/hold')
const LARGEST = 2 ** 31 - 1
const silent: Behaviour = {}

/** A peer with so many streams on which the machine sends, and these streams. */
function sending(role: Role, count: number, ...values: number[]): { peer: Peer; streams: Http2Stream[] } {
  const peer = new Peer({ role, behaviour: silent }).greet(...values)
  const streams = Array.from({ length: count }, (_, at) => {
    if (role === 'client') return peer.ask()
    peer.send(headers(2 * at + 1, hold, { end: true }))
    const stream = peer.app.streams.get(2 * at + 1)
    if (stream === undefined) throw new Error('no stream')
    stream.sendHeaders([':status', '200'], undefined, false)
    return stream
  })
  peer.take()
  return { peer, streams }
}

/** Content that says where in a stream it belongs. */
function text(id: number, length: number): Buffer {
  const line = `${id} says `
  return Buffer.from(line.repeat(Math.ceil(length / line.length)).slice(0, length), 'latin1')
}

describe.each(['server', 'client'] as const)('a %s that sends', (role) => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'keeps to every window, whatever becomes of them (seed %i)',
    (seed) => {
      const random = randomFrom(seed)
      const { peer, streams } = sending(role, 1 + random(6), Setting.INITIAL_WINDOW_SIZE, random(3000))
      const said = new Map(streams.map((stream) => [stream, Buffer.alloc(0)]))
      const acts: (() => void)[] = [
        () => peer.send(windowUpdate(0, 1 + random(5000))),
        () => peer.send(windowUpdate(2 * random(streams.length) + 1, 1 + random(5000))),
        () => peer.send(settings(Setting.INITIAL_WINDOW_SIZE, random(6000))),
        () => peer.send(settings(Setting.MAX_FRAME_SIZE, 16_384 + random(20_000))),
        () => {
          const stream = streams[random(streams.length)]
          if (stream === undefined) return
          const bytes = text(stream.id, random(random(10) === 0 ? 60_000 : 4000))
          const prefixed = random(2) === 0
          if (prefixed) stream.sendPrefixed(7, bytes, false)
          else stream.sendData(bytes, false)
          const prefix = Buffer.from([7, 0, 0, bytes.length >> 8, bytes.length & 255])
          said.set(stream, Buffer.concat([said.get(stream) ?? bytes, prefixed ? prefix : Buffer.alloc(0), bytes]))
        },
        () => peer.take(),
      ]
      for (let i = 0; i < 150; i += 1) acts[random(acts.length)]?.()
      for (const stream of streams) stream.sendData(new Uint8Array(0), true)
      peer.take().send(settings(Setting.INITIAL_WINDOW_SIZE, 20_000_000), windowUpdate(0, 100_000_000))
      for (const stream of streams) {
        expect(peer.judge.said(stream.id).body === said.get(stream)?.toString('latin1')).toBe(true)
        expect(peer.judge.said(stream.id).ended).toBe(true)
        expect(stream.queuedBytes).toBe(0)
      }
      expect(peer.violations).toEqual([])
    },
  )

  it('sends not a byte over the window of a stream, and the rest when it opens', () => {
    const {
      peer,
      streams: [stream],
    } = sending(role, 1, Setting.INITIAL_WINDOW_SIZE, 10)
    stream?.sendData(text(1, 15), true)
    expect(peer.take().judge.said(1).body).toHaveLength(10)
    expect(stream?.queuedBytes).toBe(5)
    peer.send(windowUpdate(1, 1))
    expect(peer.judge.said(1)).toMatchObject({ ended: false, body: text(1, 11).toString() })
    peer.send(windowUpdate(1, 4))
    expect(peer.judge.said(1)).toMatchObject({ ended: true, body: text(1, 15).toString() })
    expect(peer.violations).toEqual([])
  })

  it('sends an end without content through a closed window', () => {
    const {
      peer,
      streams: [stream],
    } = sending(role, 1, Setting.INITIAL_WINDOW_SIZE, 0)
    stream?.sendData(new Uint8Array(0), true)
    expect(peer.take().judge.said(1).ended).toBe(true)
  })

  it('waits out a window that shrank below zero', () => {
    const {
      peer,
      streams: [stream],
    } = sending(role, 1, Setting.INITIAL_WINDOW_SIZE, 10)
    stream?.sendData(text(1, 20), true)
    peer.take().send(settings(Setting.INITIAL_WINDOW_SIZE, 4))
    peer.send(windowUpdate(1, 6))
    expect(peer.judge.said(1).body).toHaveLength(10)
    peer.send(windowUpdate(1, 1))
    expect(peer.judge.said(1).body).toHaveLength(11)
    peer.send(settings(Setting.INITIAL_WINDOW_SIZE, 100))
    expect(peer.judge.said(1)).toMatchObject({ ended: true, body: text(1, 20).toString() })
    expect(peer.violations).toEqual([])
  })

  it('cuts a prefix where the window ends', () => {
    const {
      peer,
      streams: [stream],
    } = sending(role, 1, Setting.INITIAL_WINDOW_SIZE, 0)
    stream?.sendPrefixed(1, Buffer.from('abc'), true)
    for (let i = 0; i < 8; i += 1) peer.take().send(windowUpdate(1, 1))
    expect(peer.judge.said(1)).toMatchObject({ ended: true, body: '\x01\0\0\0\x03abc' })
    expect(peer.violations).toEqual([])
  })

  it('sends frames as large as the other side takes, and no larger', () => {
    const {
      peer,
      streams: [stream],
    } = sending(role, 1, Setting.INITIAL_WINDOW_SIZE, LARGEST, Setting.MAX_FRAME_SIZE, 30_000)
    stream?.sendData(new Uint8Array(60_000), true)
    const sizes = peer
      .take()
      .judge.frames.filter(({ type }) => type === Type.DATA)
      .map(({ payload }) => payload.length)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(30_000)
    expect(sizes.reduce((a, b) => a + b)).toBe(60_000)
    expect(peer.violations).toEqual([])
  })

  it('goes on with other streams while the window of one is closed', () => {
    const { peer, streams } = sending(role, 3, Setting.INITIAL_WINDOW_SIZE, 0)
    for (const stream of streams) stream.sendData(text(stream.id, 1000), true)
    peer.take().send(windowUpdate(5, 1000))
    expect(peer.judge.said(5).ended).toBe(true)
    peer.send(windowUpdate(3, 1000))
    expect(peer.judge.said(3).ended).toBe(true)
    expect(peer.judge.said(1).body).toBe('')
  })

  it('lets no stream get more than a frame ahead of another', () => {
    const { peer, streams } = sending(role, 5, Setting.INITIAL_WINDOW_SIZE, 1_000_000)
    // The window of the connection is used up, so that all streams queue before any may go on.
    streams[0]?.sendData(new Uint8Array(65_535), false)
    peer.take()
    for (const stream of streams) stream.sendData(new Uint8Array(100_000), true)
    const from = peer.take().judge.frames.length
    peer.send(windowUpdate(0, 1_000_000))
    const turns = peer.judge.frames.slice(from).filter(({ type }) => type === Type.DATA)
    const sent = new Map(streams.map(({ id }) => [id, 0]))
    for (const { stream, payload } of turns) {
      sent.set(stream, (sent.get(stream) ?? 0) + payload.length)
      const waiting = [...sent.values()].filter((bytes) => bytes < 100_000)
      if (waiting.length > 1) expect(Math.max(...waiting) - Math.min(...waiting)).toBeLessThanOrEqual(16_384)
    }
    expect([...sent.values()]).toEqual([100_000, 100_000, 100_000, 100_000, 100_000])
    expect(peer.violations).toEqual([])
  })

  it('keeps small windows of the connection fair', () => {
    const { peer, streams } = sending(role, 4, Setting.INITIAL_WINDOW_SIZE, 1_000_000)
    streams[0]?.sendData(new Uint8Array(65_535), false)
    peer.take()
    for (const stream of streams) stream.sendData(new Uint8Array(2000), true)
    const before = streams.map(({ id }) => peer.judge.said(id).body.length)
    for (let i = 0; i < 40; i += 1) peer.take().send(windowUpdate(0, 100))
    const sent = streams.map(({ id }, at) => peer.judge.said(id).body.length - (before[at] ?? 0))
    expect(sent.reduce((a, b) => a + b)).toBe(4000)
    expect(Math.max(...sent) - Math.min(...sent)).toBeLessThanOrEqual(100)
  })

  it('says when to wait and when to go on', () => {
    const drained: number[] = []
    const peer = new Peer({ role, behaviour: { onDrain: ({ id }) => drained.push(id) }, options: { queueBytes: 100 } })
    peer.greet(Setting.INITIAL_WINDOW_SIZE, 0)
    if (role === 'server') peer.send(headers(1, hold))
    const stream = role === 'server' ? peer.app.streams.get(1) : peer.ask()
    if (role === 'server') stream?.sendHeaders([':status', '200'], undefined, false)
    expect(stream?.writable).toBe(true)
    stream?.sendData(new Uint8Array(101), false)
    expect([stream?.writable, stream?.queuedBytes, drained]).toEqual([false, 101, []])
    peer.take().send(windowUpdate(1, 101))
    expect([stream?.writable, stream?.queuedBytes, drained]).toEqual([true, 0, [1]])
    // Who was never told to wait is not told to go on.
    stream?.sendData(new Uint8Array(100), false)
    expect([stream?.writable, stream?.queuedBytes]).toEqual([true, 100])
    peer.take().send(windowUpdate(1, 100))
    expect([stream?.queuedBytes, drained]).toEqual([0, [1]])
  })

  it('keeps content while the socket is blocked, and answers PING all the same', () => {
    const {
      peer,
      streams: [stream],
    } = sending(role, 1)
    peer.machine.setBlocked(true)
    stream?.sendData(text(1, 100), true)
    expect(peer.take().judge.said(1).body).toBe('')
    expect(stream?.queuedBytes).toBe(100)
    peer.machine.setBlocked(false)
    expect(peer.app.output).toBe(true)
    expect(peer.take().judge.said(1)).toMatchObject({ ended: true, body: text(1, 100).toString() })
  })

  it('forgets what waits on a stream that was reset', () => {
    const {
      peer,
      streams: [stream, other],
    } = sending(role, 2, Setting.INITIAL_WINDOW_SIZE, 0)
    stream?.sendData(text(1, 100), true)
    peer.take().send(rstStream(1, CANCEL), windowUpdate(1, 100))
    other?.sendData(text(3, 10), true)
    peer.take().send(windowUpdate(3, 10))
    expect(peer.judge.said(1).body).toBe('')
    expect(peer.judge.said(3).ended).toBe(true)
    expect(stream?.closed).toBe(true)
    stream?.sendData(text(1, 100), true)
    stream?.sendHeaders([], ['a', 'b'], true)
    stream?.consume(1)
    stream?.reset(CANCEL)
    expect(peer.take().violations).toEqual([])
    expect(peer.judge.said(1)).toMatchObject({ body: '', reset: undefined })
  })
})
