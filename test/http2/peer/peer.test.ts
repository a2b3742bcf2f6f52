import { describe, expect, it } from 'vitest'
import { FrameReader } from './frame-reader.js'
import { continuation, frame, headers, joined, settings } from './frames.js'
import { HpackReader } from './hpack-reader.js'
import { huffman, indexed, indexing, indexingNamed, integer, literal, plain, tableSize } from './hpack-writer.js'
import { staticTable } from './static-table.js'

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))

describe('the judge', () => {
  it('reads the frames that it writes, cut anywhere', () => {
    const bytes = joined([
      settings(1, 0, 4, 70_000),
      headers(1, 'block', { last: false, pad: 3 }),
      continuation(1, 'x'),
    ])
    const whole = new FrameReader().read(bytes)
    const reader = new FrameReader()
    const cut = [...bytes].flatMap((byte) => reader.read(Uint8Array.of(byte)))
    expect(cut).toEqual(whole)
    expect(whole.map(({ type, stream, payload }) => [type, stream, payload.length])).toEqual([
      [4, 0, 12],
      [1, 1, 9],
      [9, 1, 1],
    ])
    expect(frame({ type: 9, stream: 5, reserved: true })[5]).toBe(0x80)
  })

  it('knows the static table', () => {
    expect(staticTable).toHaveLength(61)
    expect([staticTable[7], staticTable[15], staticTable[60]]).toEqual([
      [':status', '200'],
      ['accept-encoding', 'gzip, deflate'],
      ['www-authenticate', ''],
    ])
  })

  it('reads the examples of RFC 7541, C.4 and C.6', () => {
    const requests = new HpackReader()
    requests.read(hex('8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff'))
    expect(requests.read(hex('8286 84be 5886 a8eb 1064 9cbf'))).toContainEqual(['cache-control', 'no-cache'])
    const third = requests.read(hex('8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf'))
    expect(third.slice(-2)).toEqual([
      [':authority', 'www.example.com'],
      ['custom-key', 'custom-value'],
    ])
    const responses = new HpackReader(256)
    const first = hex(
      '3fe101 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3',
    )
    expect(responses.read(first)).toContainEqual(['location', 'https://www.example.com'])
    expect(responses.read(hex('4883 640e ffc1 c0bf'))[0]).toEqual([':status', '307'])
  })

  it('writes the integers of RFC 7541, C.1', () => {
    expect(integer(0, 5, 10)).toEqual([10])
    expect(integer(0, 5, 1337)).toEqual([31, 154, 10])
    expect(integer(0, 8, 42)).toEqual([42])
  })

  it('reads every byte that it writes, plain and in Huffman code', () => {
    const text = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i))
    const coded = [0, ...plain('x'), ...huffman(text)]
    expect(new HpackReader().read(Uint8Array.from([...literal('x', text), ...coded]))).toEqual([
      ['x', text],
      ['x', text],
    ])
  })

  it('keeps what is to be kept, and throws at what is wrong', () => {
    const reader = new HpackReader()
    const read = (...parts: number[][]) => reader.read(Uint8Array.from(parts.flat()))
    expect(read(indexing('a', '1'), indexed(62), indexingNamed(62, '2'), indexed(62))).toHaveLength(4)
    expect(() => read(indexed(64))).toThrow('no entry 64')
    expect(() => read(indexed(0))).toThrow('no entry 0')
    expect(() => read(literal('a', 'b'), tableSize(0))).toThrow('behind a field')
    expect(() => read(tableSize(4097))).toThrow('4097')
    expect(() => read([0, ...plain('x'), 0x81, 0b00011000])).toThrow('padding')
    reader.allow(0)
    expect(() => read(literal('a', 'b'))).toThrow('signalled')
    expect(read(tableSize(0), literal('a', 'b'))).toHaveLength(1)
  })
})
