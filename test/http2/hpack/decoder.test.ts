import { describe, expect, it } from 'vitest'
import type { HpackDecoder } from '../../../src/http2/hpack/decoder.js'
import { HpackError } from '../../../src/http2/hpack/hpack-error.js'
import { huffmanEncode } from '../../../src/http2/hpack/huffman/huffman-encode.js'
import { decoderOf, hex } from './blocks.js'

const get = hex('828684418cf1e3c2e5f23a6ba0ab90f4ff')

function filled(): HpackDecoder {
  const decoder = decoderOf()
  decoder.decode(get)
  return decoder
}

describe('a malformed block is a COMPRESSION_ERROR:', () => {
  it.each([
    ['index 0', '80'],
    ['index 0 of seven bits and more', 'ff8080808000'],
    ['an index behind the static table', 'be'],
    ['a name behind the static table', '7f0001 61'],
    ['a name behind the static table, not indexed', '0f2f 0161'],
    ['an index of 2^31', 'ff81ffffff07'],
    ['a length of 2^31', '00 7f81ffffff07'],
    ['an integer that goes on behind five bytes', '3f808080808000'],
    ['an integer that overflows 32 bits', 'ffffffffffff0f'],
    ['an integer without its end', 'ff80'],
    ['a field without its name', '40'],
    ['a field without its value', '400161'],
    ['a name that ends behind the block', '400561'],
    ['a value that ends behind the block', '4001610562'],
    ['padding of eight bits', '00 0161 81 ff'],
    ['padding of thirty bits, the end of string', '00 0161 84 ffffffff'],
    ['padding with a zero', '00 0161 81 1e'],
    ['padding of zeros', '00 0161 81 18'],
    ['the end of string within a string', '00 0161 85 1fffffffff'],
    ['padding of eleven bits', '00 0161 82 1fff'],
    ['a table size over what was advertised', '3fe21f'],
    ['a table size behind a field', '8220'],
    ['a table size between fields', '822082'],
  ])('%s', (_title, wire) => {
    expect(() => decoderOf().decode(hex(wire))).toThrow(HpackError)
  })

  it('index of an entry that a table size drove out', () => {
    const decoder = filled()
    expect(decoder.decode(hex('be')).fields).toEqual([':authority', 'www.example.com'])
    expect(() => decoder.decode(hex('20be'))).toThrow(HpackError)
  })

  it('and so for a block that was known before the table was emptied', () => {
    const decoder = filled()
    decoder.decode(hex('be'))
    decoder.decode(hex('be'))
    decoder.decode(hex('203fe11f'))
    expect(() => decoder.decode(hex('be'))).toThrow(HpackError)
  })
})

describe('a block is decoded', () => {
  it.each([
    ['three', '811f', 'a'],
    ['seven', '8418c631ff', 'aaaaa'],
    ['no', '8500c6318c63', '0aaaaaaa'],
  ])('when a string is padded with %s ones', (_title, coded, text) => {
    expect(decoderOf().decode(hex(`000161${coded}`)).fields).toEqual(['a', text])
  })

  it('when strings are empty, coded or not', () => {
    expect(decoderOf().decode(hex('000000 008080')).fields).toEqual(['', '', '', ''])
  })

  it('when it is empty', () => {
    expect(decoderOf().decode(hex(''))).toMatchObject({ fields: [], size: 0, tooLarge: false })
  })

  it('to one character a byte', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    const { fields } = decoderOf().decode(Buffer.concat([hex('00 0161 7f8101'), bytes]))
    expect(fields[1]).toBe(bytes.toString('latin1'))
  })

  it('when a string is longer than any before', () => {
    const coded = new Uint8Array(20_000)
    huffmanEncode(coded, 0, 'a0'.repeat(16_000))
    const block = Buffer.concat([hex('00 0161 ffa19b01'), coded])
    const { fields } = decoderOf({ maxListBytes: 100_000 }).decode(block)
    expect(fields[1] === 'a0'.repeat(16_000)).toBe(true)
  })

  it('with the size that SETTINGS_MAX_HEADER_LIST_SIZE counts', () => {
    expect(decoderOf().decode(get).size).toBe(180)
  })
})

describe('a table that must become smaller', () => {
  it('becomes so at the start of the next block', () => {
    const decoder = filled()
    decoder.setTableBytes(0)
    expect(decoder.decode(hex('2082')).fields).toEqual([':method', 'GET'])
    expect(decoder.tableSize).toBe(0)
  })

  it.each([
    ['no update', '82'],
    ['an empty block', ''],
    ['an update to more than the least', '3fe11f'],
    ['only an update to what was advertised last', '3f45 82'],
  ])('is not kept by %s', (_title, wire) => {
    const decoder = filled()
    decoder.setTableBytes(64)
    decoder.setTableBytes(100)
    expect(() => decoder.decode(hex(wire))).toThrow(HpackError)
  })

  it('may grow again in the same block', () => {
    const decoder = filled()
    decoder.setTableBytes(64)
    decoder.setTableBytes(100)
    expect(decoder.decode(hex('3f21 3f45 be')).fields).toEqual([':authority', 'www.example.com'])
    expect(decoder.decode(hex('be')).fields).toEqual([':authority', 'www.example.com'])
  })

  it('is not overlooked because the block is known', () => {
    const decoder = filled()
    decoder.decode(hex('82'))
    decoder.setTableBytes(64)
    expect(() => decoder.decode(hex('82'))).toThrow(HpackError)
  })

  it('need not, if the other side made it so before', () => {
    const decoder = decoderOf()
    decoder.decode(hex('3f21'))
    decoder.setTableBytes(64)
    expect(decoder.decode(hex('82')).fields).toEqual([':method', 'GET'])
  })

  it('grows only when the other side says so', () => {
    const decoder = decoderOf({ tableBytes: 64 })
    decoder.setTableBytes(4096)
    decoder.decode(get)
    decoder.decode(get)
    expect(decoder.tableSize).toBe(57)
    decoder.decode(hex('3fe11f'))
    decoder.decode(get)
    expect(decoder.tableSize).toBe(114)
  })
})

describe('a list that is too large', () => {
  it('holds what fitted into maxFields, and leaves the table right', () => {
    const decoder = decoderOf({ maxFields: 2 })
    const block = decoder.decode(get)
    expect(block).toMatchObject({ tooLarge: true, fields: [':method', 'GET', ':scheme', 'http'], size: 85 })
    expect(decoder.decode(hex('be'))).toMatchObject({ tooLarge: false, fields: [':authority', 'www.example.com'] })
  })

  it('holds what fitted into maxListBytes, and nothing behind that', () => {
    const decoder = decoderOf({ maxListBytes: 100 })
    const big = `00 0161 40${'61'.repeat(64)}`
    expect(decoder.decode(hex(`82${big}86`))).toMatchObject({ tooLarge: true, fields: [':method', 'GET'], size: 42 })
  })

  it('is still read to its end', () => {
    expect(() => decoderOf({ maxFields: 1 }).decode(hex('828280'))).toThrow(HpackError)
  })

  it('is admitted up to the very limit', () => {
    expect(decoderOf({ maxListBytes: 180, maxFields: 4 }).decode(get).tooLarge).toBe(false)
    expect(decoderOf({ maxListBytes: 179, maxFields: 4 }).decode(get).tooLarge).toBe(true)
    expect(decoderOf({ maxListBytes: 180, maxFields: 3 }).decode(get).tooLarge).toBe(true)
  })

  it('is told each time it comes', () => {
    const decoder = decoderOf({ maxFields: 1 })
    for (let time = 0; time < 4; time++) expect(decoder.decode(hex('8286')).tooLarge).toBe(true)
  })
})
