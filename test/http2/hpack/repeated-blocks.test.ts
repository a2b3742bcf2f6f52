import { describe, expect, it } from 'vitest'
import { HpackEncoder } from '../../../src/http2/hpack/encoder.js'
import { decoderOf, encode, hex, randomOf } from './blocks.js'

const get = hex('828684418cf1e3c2e5f23a6ba0ab90f4ff')
const again = hex('828684be')

describe('blocks that repeat', () => {
  it('are one and the same object, with its memo', () => {
    const decoder = decoderOf()
    decoder.decode(get)
    const block = decoder.decode(again)
    block.memo = 'read'
    expect(decoder.decode(Buffer.from(again))).toBe(block)
    expect(decoder.decode(again).memo).toBe('read')
  })

  it('are known by what they were, not by the memory they lay in', () => {
    const decoder = decoderOf()
    const memory = Buffer.from([0x82])
    const block = decoder.decode(memory)
    memory[0] = 0x83
    expect(decoder.decode(memory).fields).toEqual([':method', 'POST'])
    expect(decoder.decode(hex('82'))).toBe(block)
  })

  it('are new when they change the table', () => {
    const decoder = decoderOf()
    const block = decoder.decode(get)
    expect(decoder.decode(get)).not.toBe(block)
    expect(decoder.decode(get).fields).toEqual(block.fields)
  })

  it('are read anew when the table changed between them', () => {
    const decoder = decoderOf()
    decoder.decode(get)
    expect(decoder.decode(again).fields[7]).toBe('www.example.com')
    decoder.decode(hex('41 0161'))
    expect(decoder.decode(again).fields[7]).toBe('a')
  })

  it('are read anew when the size of the table was set between them', () => {
    const decoder = decoderOf()
    const block = decoder.decode(hex('82'))
    decoder.decode(hex('3fe11f'))
    expect(decoder.decode(hex('82'))).not.toBe(block)
  })

  it('are known among many that do not repeat', () => {
    const decoder = decoderOf()
    const block = decoder.decode(again.subarray(0, 3))
    for (let index = 0; index < 1000; index++) {
      const digits = String(index).padStart(4, '0')
      expect(decoder.decode(Buffer.concat([hex('00 0161 04'), Buffer.from(digits)])).fields).toEqual(['a', digits])
    }
    expect(decoder.decode(again.subarray(0, 3))).toBe(block)
  })

  it('become known although others came first', () => {
    const decoder = decoderOf()
    const wire = (index: number) => Buffer.concat([hex('00 0161 04'), Buffer.from(String(index).padStart(4, '0'))])
    for (let index = 0; index < 1000; index++) decoder.decode(wire(index))
    decoder.decode(wire(5000))
    const block = decoder.decode(wire(5000))
    expect(decoder.decode(wire(5000))).toBe(block)
  })

  it.each([100, 1000, 5000])('are never taken for others that differ in one byte of %d', (length) => {
    const decoder = decoderOf()
    const random = randomOf(length)
    const encoder = new HpackEncoder()
    const value = Buffer.alloc(length, 'x').toString()
    for (let time = 0; time < 300; time++) {
      const at = random(length)
      const changed = `${value.slice(0, at)}y${value.slice(at + 1)}`
      const wire = encode(encoder, [':method', 'GET'], ['authorization', changed])
      expect(decoder.decode(wire).fields[3] === changed).toBe(true)
    }
  })
})
