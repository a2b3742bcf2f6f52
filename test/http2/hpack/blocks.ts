import { Buffer } from 'node:buffer'
import { HpackDecoder } from '../../../src/http2/hpack/decoder.js'
import type { HpackEncoder } from '../../../src/http2/hpack/encoder.js'

export const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

export const decoderOf = (limits: { tableBytes?: number; maxListBytes?: number; maxFields?: number } = {}) =>
  new HpackDecoder({ tableBytes: 4096, maxListBytes: 16_384, maxFields: 128, ...limits })

/** Encodes one block in exactly the room that the encoder asks for. */
export function encode(encoder: HpackEncoder, constant: readonly string[], varying?: readonly string[]): Buffer {
  const bytes = Buffer.alloc(encoder.bound(constant, varying))
  const target = { bytes, at: 0 }
  encoder.encode(constant, varying, target)
  if (target.at > bytes.length) throw new Error(`${target.at} bytes were written where ${bytes.length} were the bound`)
  return bytes.subarray(0, target.at)
}

/** Whole numbers from 0 to below a bound that look random, the same for the same seed (xorshift32). */
export function randomOf(seed: number): (below: number) => number {
  let state = seed | 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}
