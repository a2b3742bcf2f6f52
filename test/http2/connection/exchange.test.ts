import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/http2/error-code.js'
import { Arrived, type Cut, cutUpTo, Pair, responseFields, sendAll } from './pair.js'

const whole: Cut = (bytes) => [bytes]
const cuts: readonly (readonly [string, Cut])[] = [
  ['in one piece', whole],
  ['byte by byte', cutUpTo(1)],
  ['in pieces of up to 20 bytes', cutUpTo(20)],
  ['in pieces of up to 5,000 bytes', cutUpTo(5000)],
]

/** Answers what was asked with the same content, and trailers. */
function echo(pair: Pair): void {
  pair.serverSide.serve = (arrived, stream) => {
    arrived.onComplete = () => {
      stream.sendHeaders(responseFields, undefined, false)
      stream.sendData(Buffer.concat(arrived.bytes), false)
      stream.sendHeaders(['x-trailer', 'yes'], undefined, true)
    }
  }
}

/** So many bytes that are not all alike. */
function content(size: number): Buffer {
  return Buffer.from(Array.from({ length: size }, (_, at) => (at * 7 + (at >> 8)) & 0xff))
}

describe.each(cuts)('an exchange that arrives %s', (_, cut) => {
  it('carries headers, content and trailers', () => {
    const pair = new Pair({ cut })
    echo(pair)
    const arrived = pair.ask(false)
    arrived.stream?.sendData(Buffer.from('hello'), true)
    pair.run()
    expect(arrived.blocks).toEqual([responseFields])
    expect(arrived.text).toBe('hello')
    expect(arrived.trailers).toEqual(['x-trailer', 'yes'])
    expect(arrived.end).toBeUndefined()
    expect(arrived.stream?.closed).toBe(true)
    expect([pair.client.streamCount, pair.server.streamCount]).toEqual([0, 0])
    expect(pair.clientSide.said).toContain('idle')
  })

  it('carries content that is larger than every window, both ways', () => {
    const pair = new Pair({ cut })
    echo(pair)
    const sent = content(300_000)
    const arrived = pair.ask(false)
    arrived.stream?.sendData(sent, true)
    pair.run()
    expect(Buffer.concat(arrived.bytes).equals(sent)).toBe(true)
    expect(arrived.trailers).toEqual(['x-trailer', 'yes'])
  })

  it('carries header blocks that take several frames', () => {
    const limits = { maxHeaderListBytes: 200_000 }
    const pair = new Pair({ cut, server: { limits }, client: { limits } })
    echo(pair)
    const long = Array.from({ length: 40 }, (_, at) => [`x-${at}`, `${at}`.repeat(900)]).flat()
    const fields = [':method', 'POST', ':scheme', 'http', ':path', '/', ...long]
    const arrived = pair.ask(true, fields)
    pair.serverSide.serve = (request, stream) => {
      expect(request.blocks).toEqual([fields])
      stream.sendHeaders([':status', '200', ...long], undefined, true)
    }
    pair.run()
    expect(arrived.blocks).toEqual([[':status', '200', ...long]])
    expect(arrived.complete).toBe(true)
  })

  it('carries many streams at a time, each with its own content', () => {
    const pair = new Pair({ cut })
    echo(pair)
    pair.run()
    const asked = Array.from({ length: 200 }, (_, at) => {
      const arrived = pair.ask(false)
      arrived.stream?.sendData(Buffer.from(`this is ${at} `.repeat(1 + (at % 50))), true)
      return arrived
    })
    pair.run()
    expect(asked.map(({ text }) => text)).toEqual(asked.map((_, at) => `this is ${at} `.repeat(1 + (at % 50))))
    expect(asked.every(({ trailers }) => trailers !== undefined)).toBe(true)
  })
})

describe('content behind a prefix', () => {
  it.each([0, 1, 100, 4095, 4096, 16_379, 16_380, 65_530, 65_531, 200_000])('of %i bytes arrives whole', (size) => {
    const pair = new Pair()
    const sent = content(size)
    const arrived = pair.ask(false)
    arrived.stream?.sendPrefixed(1, sent, true)
    pair.run()
    const got = Buffer.concat(pair.serverSide.streams[0]?.bytes ?? [])
    expect(got[0]).toBe(1)
    expect(got.readUInt32BE(1)).toBe(size)
    expect(got.subarray(5).equals(sent)).toBe(true)
    expect(pair.serverSide.streams[0]?.complete).toBe(true)
  })

  it.each([1, 2, 4, 5, 6])('arrives whole through a window of %i bytes', (streamWindowBytes) => {
    const pair = new Pair({ server: { streamWindowBytes } })
    pair.run()
    const arrived = pair.ask(false)
    arrived.stream?.sendPrefixed(0, Buffer.from('hello'), false)
    arrived.stream?.sendPrefixed(0, Buffer.alloc(0), true)
    pair.run()
    expect(pair.serverSide.streams[0]?.text).toBe('\0\0\0\0\x05hello\0\0\0\0\0')
    expect(pair.serverSide.streams[0]?.complete).toBe(true)
  })

  it('is sent piece by piece as there is room, and never in vain', () => {
    const pair = new Pair()
    const pieces = Array.from({ length: 300 }, (_, at) => content(1000 + at))
    const arrived = pair.ask(false)
    sendAll(arrived.stream!, arrived, pieces)
    expect(arrived.stream?.writable).toBe(false)
    pair.run()
    expect(pair.serverSide.streams[0]?.size).toBe(pieces.reduce((sum, { length }) => sum + length + 5, 0))
    expect(pair.serverSide.streams[0]?.complete).toBe(true)
    expect(arrived.drains).toBeGreaterThan(0)
    expect(arrived.stream?.queuedBytes).toBe(0)
  })
})

describe('output', () => {
  it('that was taken does not change, however much follows', () => {
    const pair = new Pair()
    pair.run()
    const none = pair.client.takeOutput()
    pair.ask()
    const some = pair.client.takeOutput()
    const before = Buffer.concat(some)
    for (let at = 0; at < 90; at += 1) pair.ask(false).stream?.sendData(Buffer.alloc(100, at), false)
    expect(none).toEqual([])
    expect(Buffer.concat(some).equals(before)).toBe(true)
  })
})

describe('the end of a stream', () => {
  it('is heard with its code when the other side resets it', () => {
    const pair = new Pair()
    const arrived = pair.ask()
    pair.serverSide.serve = (_, stream) => stream.reset(ErrorCode.CANCEL)
    pair.run()
    expect(arrived.end).toMatchObject({ code: ErrorCode.CANCEL, remote: true, unprocessed: false, connection: false })
    expect(arrived.stream?.closed).toBe(true)
  })

  it('is unprocessed when the server refuses it', () => {
    const pair = new Pair({ server: { limits: { maxConcurrentStreams: 1 } } })
    const first = pair.ask(false)
    const second = pair.ask(false)
    pair.run()
    expect(first.end).toBeUndefined()
    expect(second.end).toMatchObject({ code: ErrorCode.REFUSED_STREAM, remote: true, unprocessed: true })
  })

  it('is heard at once when this side resets it, and nothing is sent on it any more', () => {
    const pair = new Pair()
    const arrived = pair.ask(false)
    pair.run()
    arrived.stream?.reset(ErrorCode.CANCEL)
    expect(arrived.end).toMatchObject({ code: ErrorCode.CANCEL, remote: false })
    arrived.stream?.sendData(Buffer.from('late'), true)
    arrived.stream?.reset(ErrorCode.NO_ERROR)
    pair.run()
    expect(pair.serverSide.streams[0]?.end).toMatchObject({ code: ErrorCode.CANCEL, remote: true })
    expect(pair.serverSide.streams[0]?.text).toBe('')
  })

  it('comes with NO_ERROR to a client that still sends when the response is complete', () => {
    const pair = new Pair()
    pair.serverSide.serve = (_, stream) => stream.sendHeaders(responseFields, undefined, true)
    const arrived = pair.ask(false)
    pair.run()
    expect(arrived.complete).toBe(true)
    expect(arrived.end).toMatchObject({ code: ErrorCode.NO_ERROR, remote: true })
    expect(pair.server.streamCount).toBe(0)
    arrived.stream?.sendData(Buffer.from('more'), true)
    pair.run()
    expect(pair.server.closed).toBe(false)
  })

  it('is heard by a server that answered before it had the whole request', () => {
    const pair = new Pair()
    const arrived = pair.ask(false)
    pair.run()
    pair.serverSide.streams[0]?.stream?.sendHeaders(responseFields, undefined, true)
    expect(pair.serverSide.streams[0]?.end).toMatchObject({ code: ErrorCode.NO_ERROR, remote: false })
    pair.run()
    expect(arrived.complete).toBe(true)
  })

  it('leaves the windows of the connection as they were', () => {
    const pair = new Pair()
    pair.serverSide.serve = (arrived) => {
      arrived.consumes = false
    }
    for (let round = 0; round < 20; round += 1) {
      const arrived = pair.ask(false)
      arrived.stream?.sendData(Buffer.alloc(60_000), false)
      pair.run()
      arrived.stream?.reset(ErrorCode.CANCEL)
      pair.run()
    }
    const arrived = pair.ask(false)
    arrived.stream?.sendData(Buffer.alloc(60_000), true)
    pair.run()
    expect(pair.serverSide.streams.at(-1)?.size).toBe(60_000)
  })
})

describe('a listener that throws', () => {
  it('costs its connection, whose streams all hear of it', () => {
    const pair = new Pair()
    const others = [pair.ask(false), pair.ask(false)]
    pair.run()
    pair.serverSide.serve = () => {
      throw new TypeError('broken')
    }
    const arrived = pair.ask()
    pair.run()
    pair.client.receiveEnd()
    expect(pair.serverSide.error?.cause).toBeInstanceOf(TypeError)
    expect(pair.server.closed).toBe(true)
    expect([...others, arrived].map(({ end }) => end?.connection)).toEqual([true, true, true])
  })

  it('does not keep the others from hearing the end', () => {
    const pair = new Pair()
    const broken = new Arrived()
    broken.onEnd = () => {
      throw new TypeError('broken')
    }
    pair.client.request(responseFields.slice(), undefined, false, broken)
    const other = pair.ask(false)
    pair.client.abort(ErrorCode.CANCEL, '')
    expect(other.end?.connection).toBe(true)
    expect(pair.clientSide.said.at(-1)).toMatch(/^close/)
  })
})
