import { huffmanEncode, huffmanSize } from './huffman/huffman-encode.js'
import { writeLatin1 } from './latin1.js'

/** Where encoded bytes go: into `bytes` from `at` on, which moves on. */
export interface Target {
  readonly bytes: Uint8Array
  at: number
}

/** How the value of a literal is written: as it is, or Huffman coded where that is shorter. */
export type Coding = 'plain' | 'shorter'

/** The shape of a field that is written: its upper bits, and the bits of the integer behind them (RFC 7541, 6). */
export const Shape = {
  indexed: { bits: 0x80, mask: 0x7f },
  inserted: { bits: 0x40, mask: 0x3f },
  tableSize: { bits: 0x20, mask: 0x1f },
  neverIndexed: { bits: 0x10, mask: 0x0f },
  literal: { bits: 0x00, mask: 0x0f },
} as const

/** What an integer may take behind the bits of its shape, and how. */
interface IntegerShape {
  readonly bits: number
  readonly mask: number
}

/** Bytes that a field takes at most, beside its name and value: three integers, and some. */
export const fieldBound = 16

const plainString = { bits: 0x00, mask: 0x7f }
const codedString = { bits: 0x80, mask: 0x7f }

/** Writes an integer of up to 2^31 - 1 (5.1). */
export function writeInteger(target: Target, shape: IntegerShape, value: number): void {
  const { bytes } = target
  const { bits, mask } = shape
  if (value < mask) {
    bytes[target.at++] = bits | value
    return
  }
  bytes[target.at++] = bits | mask
  let rest = value - mask
  for (; rest >= 0x80; rest >>>= 7) bytes[target.at++] = 0x80 | (rest & 0x7f)
  bytes[target.at++] = rest
}

/** Writes a string (5.2): the lower eight bits of each character. */
export function writeString(target: Target, text: string, coding: Coding): void {
  const size = coding === 'plain' ? text.length : huffmanSize(text)
  if (size < text.length) {
    writeInteger(target, codedString, size)
    huffmanEncode(target.bytes, target.at, text)
    target.at += size
    return
  }
  writeInteger(target, plainString, text.length)
  writeLatin1(target.bytes, target.at, text)
  target.at += text.length
}
