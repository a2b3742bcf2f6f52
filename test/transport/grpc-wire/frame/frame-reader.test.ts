import { afterEach, describe, expect, it, vi } from 'vitest'
import { FrameReader, type Message, writeFrame } from '../../../../src/transport/grpc-wire/frame/frame-reader.js'

const MEGABYTE = 1_000_000

afterEach(() => vi.restoreAllMocks())

const reader = () => new FrameReader({ maxBytes: 4 * MEGABYTE, encoding: undefined })

/** Bytes that differ from one place to the next. */
const pattern = (length: number) => Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8)) & 255)

const framed = (bytes: Uint8Array) => writeFrame({ compressed: false, bytes })

/** Reads pieces, each in memory of its own. That of small ones is written over unless a message may be shown in it. */
function readPieces(bytes: Uint8Array, lengthOf: (at: number) => number): Message[] {
  const frames = reader()
  const messages: Message[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(at + lengthOf(at), bytes.length)
    const piece = Uint8Array.from(bytes.subarray(at, end))
    const before = messages.length
    if (frames.read(piece, messages) !== undefined) throw new Error(`a fault at ${at}`)
    if (piece.length < 1024 && messages.length === before) piece.fill(0)
    at = end
  }
  expect(frames.atBoundary).toBe(true)
  return messages
}

/** Watches how much memory is taken for bytes. */
function allocations() {
  const spies = [vi.spyOn(Buffer, 'allocUnsafeSlow'), vi.spyOn(Buffer, 'allocUnsafe'), vi.spyOn(Buffer, 'alloc')]
  return () => spies.flatMap((spy) => spy.mock.calls).reduce((sum, [bytes]) => sum + Number(bytes), 0)
}

describe('a message that comes whole', () => {
  it('is not copied, and neither are others in the same bytes', () => {
    const chunk = Buffer.concat([framed(pattern(10)), framed(pattern(0)), framed(pattern(300))])
    const messages: Message[] = []
    const allocated = allocations()
    expect(reader().read(chunk, messages)).toBeUndefined()
    expect(allocated()).toBe(0)
    expect(messages.map(({ bytes }) => Buffer.from(bytes))).toEqual([10, 0, 300].map((n) => Buffer.from(pattern(n))))
    expect(messages[2]?.bytes.buffer).toBe(chunk.buffer)
  })
})

describe('a message that comes in pieces', () => {
  it.each([
    ['one byte', () => 1],
    ['a few bytes', () => 7],
    ['just under what is shown in place', () => 1023],
    ['large', () => 16_384],
    ['small and large', (at: number) => (at % 3 === 0 ? 1 : 20_000)],
    ['large, then small', (at: number) => (at < 100_000 ? 50_000 : 3)],
  ])('is what was sent: %s', (_, lengthOf) => {
    const sent = [300_000, 5, 0, 1024, 70_000].map(pattern)
    const messages = readPieces(Buffer.concat(sent.map(framed)), lengthOf)
    expect(messages.map(({ bytes }) => bytes.length)).toEqual(sent.map(({ length }) => length))
    for (const [at, { bytes }] of messages.entries()) expect(Buffer.compare(bytes, sent[at]!)).toBe(0)
  })

  it('holds less than twice its bytes before it is whole, if the pieces are small', () => {
    const bytes = framed(pattern(MEGABYTE)).subarray(0, -1)
    const frames = reader()
    const allocated = allocations()
    for (let at = 0; at < bytes.length; at += 100) frames.read(new Uint8Array(bytes.subarray(at, at + 100)), [])
    // All of its bytes were copied, for there is room for them.
    expect(allocated()).toBeGreaterThan(MEGABYTE - 1)
    expect(allocated()).toBeLessThan(MEGABYTE + 128 * 1024)
  })

  it('costs no more than came because its length is large', () => {
    const frames = reader()
    const begin = framed(new Uint8Array(4 * MEGABYTE)).subarray(0, 6)
    const allocated = allocations()
    frames.read(begin, [])
    frames.read(new Uint8Array(1), [])
    expect(allocated()).toBeLessThanOrEqual(1024)
  })

  it('is not copied before it is whole if the pieces are large', () => {
    const bytes = framed(pattern(MEGABYTE)).subarray(0, -1)
    const frames = reader()
    const pieces = Array.from({ length: 61 }, (_, n) => new Uint8Array(bytes.subarray(n * 16_384, (n + 1) * 16_384)))
    const allocated = allocations()
    for (const piece of pieces) frames.read(piece, [])
    expect(allocated()).toBe(0)
  })

  it('does not keep large memory for small parts of it', () => {
    const frames = reader()
    const messages: Message[] = []
    const bytes = framed(pattern(5000))
    frames.read(bytes.subarray(0, 5), messages)
    const socket = new Uint8Array(65_536)
    socket.set(bytes.subarray(5, 4005))
    frames.read(socket.subarray(0, 4000), messages)
    socket.fill(0)
    frames.read(bytes.subarray(4005), messages)
    expect(messages[0]?.bytes).toEqual(Buffer.from(pattern(5000)))
  })
})

describe('messages that are not asked for', () => {
  const sent = Array.from({ length: 1000 }, (_, n) => pattern(n % 5))
  const bytes = Buffer.concat(sent.map(framed))

  it.each([1, 3, 40, 1024, 100_000])('are read ahead to a number; more wait as they came, in pieces of %s', (step) => {
    const frames = new FrameReader({ maxBytes: 10, encoding: undefined }, 8)
    const waiting: Message[] = []
    const allocated = allocations()
    for (let at = 0; at < bytes.length; at += step) {
      const piece = new Uint8Array(bytes.subarray(at, at + step))
      expect(frames.read(piece, waiting)).toBeUndefined()
    }
    expect([waiting.length, frames.hasMore, frames.atBoundary]).toEqual([8, true, false])
    expect(allocated()).toBeLessThan(2 * bytes.length + 1024)
    const taken: Message[] = []
    while (waiting.length > 0) {
      taken.push(...waiting.splice(0))
      expect(frames.readMore(waiting)).toBeUndefined()
      expect(waiting.length).toBeLessThanOrEqual(8)
    }
    expect(taken.map((message) => [...message.bytes])).toEqual(sent.map((each) => [...each]))
    expect([frames.hasMore, frames.atBoundary]).toEqual([false, true])
  })

  it('have their faults found when they are read', () => {
    const frames = new FrameReader({ maxBytes: 10, encoding: undefined }, 1)
    const waiting: Message[] = []
    expect(frames.read(Buffer.concat([framed(pattern(1)), Buffer.of(2)]), waiting)).toBeUndefined()
    expect(frames.readMore(waiting)).toBeUndefined()
    waiting.length = 0
    expect(frames.readMore(waiting)).toBe('flag')
  })
})

it('tells where a stream may end', () => {
  const frames = reader()
  const bytes = framed(pattern(2))
  const boundaries = [frames.atBoundary]
  for (const byte of bytes) {
    frames.read(Uint8Array.of(byte), [])
    boundaries.push(frames.atBoundary)
  }
  expect(boundaries).toEqual([true, false, false, false, false, false, false, true])
})

it('says what is wrong before it takes any of it', () => {
  const fault = (...bytes: number[]) => reader().read(Uint8Array.from(bytes), [])
  expect(fault(2)).toBe('flag')
  expect(fault(1)).toBe('compressed')
  expect(fault(0, 0, 255, 255, 255)).toBe('too large')
})
