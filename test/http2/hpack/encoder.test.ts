import { describe, expect, it } from 'vitest'
import { HpackEncoder } from '../../../src/http2/hpack/encoder.js'
import { decoderOf, encode, hex } from './blocks.js'

const request = [':method', 'POST', ':path', '/shop.Catalog/Get', 'content-type', 'application/grpc', 'te', 'trailers']

/** Lengths of blocks that carry these fields beside constant ones, one after the other; each is decoded again. */
function lengths(encoder: HpackEncoder, blocks: readonly (readonly string[])[]): number[] {
  const decoder = decoderOf()
  return blocks.map((varying) => {
    const wire = encode(encoder, request, varying)
    expect(decoder.decode(wire).fields).toEqual([...request, ...varying])
    expect(decoder.tableSize).toBe(encoder.tableSize)
    return wire.length
  })
}

describe('constant fields', () => {
  it('are one byte each from the second time on', () => {
    const encoder = new HpackEncoder()
    encode(encoder, request)
    expect(encode(encoder, request).length).toBe(4)
    expect(encode(encoder, request)).toEqual(encode(encoder, request))
  })

  it('stay right while others move them in the table', () => {
    const encoder = new HpackEncoder()
    const decoder = decoderOf()
    for (let time = 0; time < 50; time++) {
      const other = ['x-number', String(time)]
      expect(decoder.decode(encode(encoder, request)).fields).toEqual(request)
      expect(decoder.decode(encode(encoder, other)).fields).toEqual(other)
    }
  })

  it('leave the table alone when it is full, until they proved to be used', () => {
    const encoder = new HpackEncoder()
    const decoder = decoderOf()
    for (let index = 0; index < 200; index++) decoder.decode(encode(encoder, ['x-filler', `value ${index}`]))
    const late = [':path', '/shop.Catalog/List']
    const wires = Array.from({ length: 200 }, () => encode(encoder, late))
    for (const wire of wires) expect(decoder.decode(wire).fields).toEqual(late)
    expect(wires.filter((wire) => wire[0] === 0x44).length).toBe(1)
    expect(wires.at(-1)!.length).toBe(1)
  })

  it('do not drive each other out when there are more than fit', () => {
    const encoder = new HpackEncoder()
    const decoder = decoderOf()
    const methods = Array.from({ length: 200 }, (_, index) => [':path', `/shop.Catalog/Method${index}`])
    let inserted = 0
    for (let round = 0; round < 50; round++) {
      for (const method of methods) {
        const wire = encode(encoder, method)
        if ((wire[0]! & 0xc0) === 0x40) inserted++
        expect(decoder.decode(wire).fields).toEqual(method)
      }
    }
    expect(inserted).toBeLessThan(100)
  })

  it('that are larger than the table are sent as literals', () => {
    const encoder = new HpackEncoder()
    const decoder = decoderOf()
    const large = ['x-large', '.'.repeat(4000)]
    for (let time = 0; time < 200; time++) expect(decoder.decode(encode(encoder, large)).fields).toEqual(large)
    expect(encoder.tableSize).toBe(0)
  })
})

describe('fields that vary', () => {
  it('are one byte after they were seen twice', () => {
    const tenant = ['x-tenant', 'blue']
    const [, , third, fourth] = lengths(new HpackEncoder(), [tenant, tenant, tenant, tenant])
    expect([third, fourth]).toEqual([5, 5])
  })

  it('are one byte when two values take turns', () => {
    const blocks = Array.from({ length: 12 }, (_, time) => ['x-tenant', time % 2 === 0 ? 'blue' : 'green'])
    expect(lengths(new HpackEncoder(), blocks).slice(-2)).toEqual([5, 5])
  })

  it('leave the table alone when their values change every time, and have a name of one or two bytes', () => {
    const encoder = new HpackEncoder()
    const blocks = Array.from({ length: 100 }, (_, time) => ['grpc-timeout', `${1000 + time}m`])
    lengths(encoder, blocks.slice(0, 2))
    const before = encoder.tableSize
    const later = lengths(new HpackEncoder(), blocks)
    expect(later.slice(2).every((length) => length === 4 + 2 + 1 + 5)).toBe(true)
    encode(encoder, request, blocks[50])
    expect(encoder.tableSize).toBe(before)
  })

  it('soon leave the table alone when values only seem to repeat', () => {
    const encoder = new HpackEncoder()
    const decoder = decoderOf()
    let inserted = 0
    for (let time = 0; time < 1000; time++) {
      const before = encoder.tableSize
      decoder.decode(encode(encoder, request, ['x-pair', String(time >> 1)]))
      if (encoder.tableSize !== before) inserted++
    }
    expect(inserted).toBeLessThan(12)
  })

  it('are found in the static table', () => {
    expect(encode(new HpackEncoder(), [], [':status', '404', 'accept-encoding', 'gzip, deflate'])).toEqual(hex('8d90'))
  })

  it.each(['authorization', 'cookie', 'set-cookie', 'proxy-authorization'])(
    'are never indexed by anyone if they are a short %s',
    (name) => {
      const encoder = new HpackEncoder()
      for (let time = 0; time < 5; time++) {
        const wire = encode(encoder, [name, 'short'], [name, 'secret'])
        expect(wire[0]! & 0xf0).toBe(0x10)
        expect(decoderOf().decode(wire).fields).toEqual([name, 'short', name, 'secret'])
      }
      expect(encoder.tableSize).toBe(0)
    },
  )

  it('are one byte if they are a long authorization that repeats', () => {
    const token = ['authorization', `Bearer ${'x'.repeat(300)}`]
    expect(lengths(new HpackEncoder(), [token, token, token]).at(-1)).toBe(5)
  })
})

describe('the size of the table', () => {
  it('is told when the encoder wants less than the other side admits', () => {
    expect(encode(new HpackEncoder({ tableBytes: 0 }), ['a', 'b'])).toEqual(hex('20 00 0161 0162'))
  })

  it('is told once, at the start of the next block, when it changed', () => {
    const encoder = new HpackEncoder()
    encoder.setTableBytes(64)
    expect(encode(encoder, [':method', 'GET'])).toEqual(hex('3f21 82'))
    expect(encode(encoder, [':method', 'GET'])).toEqual(hex('82'))
  })

  it('is told with the smallest that was in between', () => {
    const encoder = new HpackEncoder()
    for (const bytes of [512, 0, 64, 4096]) encoder.setTableBytes(bytes)
    expect(encode(encoder, [':method', 'GET'])).toEqual(hex('20 3fe11f 82'))
  })

  it('is not told when the other side admits more than the encoder wants', () => {
    const encoder = new HpackEncoder()
    encoder.setTableBytes(65_536)
    expect(encode(encoder, [':method', 'GET'])).toEqual(hex('82'))
  })

  it('may be larger than the first one if both sides want that', () => {
    const encoder = new HpackEncoder({ tableBytes: 8192 })
    expect(encode(encoder, [':method', 'GET'])).toEqual(hex('82'))
    encoder.setTableBytes(16_384)
    expect(encode(encoder, [':method', 'GET'])).toEqual(hex('3fe13f 82'))
  })
})
