import { describe, expect, it } from 'vitest'
import { HpackEncoder } from '../../../src/http2/hpack/encoder.js'
import { huffmanEncode, huffmanSize } from '../../../src/http2/hpack/huffman/huffman-encode.js'
import { decoderOf, encode, hex, randomOf } from './blocks.js'

type Random = (below: number) => number

const names = ['x-a', 'x-b', 'grpc-timeout', 'cookie', 'authorization', ':path', ':status', 'accept-encoding', 'via']
const pick = <Item>(random: Random, items: readonly Item[]): Item => items[random(items.length)]!

function textOf(random: Random, length: number): string {
  const characters = random(3) === 0 ? 256 : 96
  return Array.from({ length }, () => String.fromCharCode((32 + random(characters)) & 255)).join('')
}

function fieldsOf(random: Random, values: readonly string[]): string[] {
  return Array.from({ length: random(7) }, () => [
    random(20) === 0 ? textOf(random, random(40)) : pick(random, names),
    random(4) === 0 ? textOf(random, random(random(30) === 0 ? 3000 : 80)) : pick(random, values),
  ]).flat()
}

describe('what was encoded decodes to the same fields', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('over random fields and table sizes (seed %d)', (seed) => {
    const random = randomOf(seed * 7919)
    const values = ['', '/', '200', ...Array.from({ length: 12 }, () => textOf(random, random(60)))]
    const constants = Array.from({ length: 20 }, () => fieldsOf(random, values))
    const encoder = new HpackEncoder({ tableBytes: pick(random, [0, 100, 4096, 10_000]) })
    const decoder = decoderOf({ maxListBytes: 1e6, maxFields: 1000 })
    let limit = 4096
    for (let step = 0; step < 1500; step++) {
      for (let changes = random(12) === 0 ? 1 + random(3) : 0; changes > 0; changes--) {
        limit = pick(random, [0, 33, 100, 500, 4096, 4096, 4096, 20_000])
        encoder.setTableBytes(limit)
        decoder.setTableBytes(limit)
      }
      const constant = pick(random, constants)
      const varying = random(3) === 0 ? undefined : fieldsOf(random, values)
      const block = decoder.decode(encode(encoder, constant, varying))
      expect(block.fields).toEqual([...constant, ...(varying ?? [])])
      expect(decoder.tableSize).toBe(encoder.tableSize)
      expect(decoder.tableSize).toBeLessThanOrEqual(limit)
    }
  })

  it('for every byte in the Huffman code', () => {
    for (let byte = 0; byte < 256; byte++) {
      const text = `a${String.fromCharCode(byte).repeat(3)}0${String.fromCharCode(byte, 255 - byte)}`
      const coded = Buffer.alloc(huffmanSize(text))
      huffmanEncode(coded, 0, text)
      const block = decoderOf().decode(Buffer.concat([hex('000161'), Buffer.from([0x80 | coded.length]), coded]))
      expect(block.fields[1]).toBe(text)
    }
  })
})

describe('bytes that mean nothing', () => {
  it('lead to fields or an HpackError, and never past the limit of the table', () => {
    const random = randomOf(42)
    let refused = 0
    for (let round = 0; round < 3000; round++) {
      const decoder = decoderOf({ tableBytes: 300 })
      try {
        for (let block = 0; block < 4; block++) {
          decoder.decode(Uint8Array.from({ length: random(60) }, () => random(256)))
          expect(decoder.tableSize).toBeLessThanOrEqual(300)
        }
      } catch (error) {
        expect(error).toMatchObject({ name: 'HpackError' })
        refused++
      }
    }
    expect(refused).toBeGreaterThan(1000)
  })
})
