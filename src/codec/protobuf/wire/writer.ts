import { isWellFormed } from '../well-formed.js'
import { latin1Write, utf8Write } from './native.js'

const FIRST_SIZE = 4096
const KEPT_SIZE = 64 * 1024
/** Up to here, a loop over the characters is faster than a native call. */
const SHORT = 24
/** Most bytes of a tag, of a length and of a varint of 64 bits. */
const TAG = 5
const VARINT = 10

// Eight bytes to take 64-bit values apart in.
const scratch = new DataView(new ArrayBuffer(8))
const scratchBytes = new Uint8Array(scratch.buffer)

/** Writes the protobuf binary form. Every method writes a tag, and what follows it. */
export class Writer {
  #bytes = Buffer.allocUnsafeSlow(FIRST_SIZE)
  #at = 0

  /** A writer for one message. Give it back with `release`, also when writing failed. */
  static take(): Writer {
    const writer = spare ?? new Writer()
    spare = undefined
    writer.#at = 0
    return writer
  }

  /** Keeps the writer for the next message. */
  release(): void {
    if (this.#bytes.length <= KEPT_SIZE) spare = this
  }

  /** What was written. */
  finish(): Uint8Array {
    const result = Buffer.allocUnsafe(this.#at)
    this.#bytes.copy(result, 0, 0, this.#at)
    return result
  }

  tag(tag: number): void {
    this.#reserve(TAG)
    this.#varint(tag)
  }

  /** An unsigned integer of 32 bits. */
  uint32(tag: number, value: number): void {
    this.#reserve(TAG + VARINT)
    if (tag !== 0) this.#varint(tag)
    this.#varint(value)
  }

  /** A signed integer of 32 bits; a negative one is extended to 64. */
  int32(tag: number, value: number): void {
    this.#reserve(TAG + VARINT)
    if (tag !== 0) this.#varint(tag)
    if (value >= 0) this.#varint(value)
    else this.#varint64(value >>> 0, 0xffffffff)
  }

  /** An integer of 64 bits that is in range, signed or not. */
  int64(tag: number, value: bigint): void {
    this.#reserve(TAG + VARINT)
    if (tag !== 0) this.#varint(tag)
    scratch.setBigInt64(0, value, true)
    const low = scratch.getUint32(0, true)
    const high = scratch.getUint32(4, true)
    if (high === 0) this.#varint(low)
    else this.#varint64(low, high)
  }

  /** A signed integer of 64 bits that is in range, with the sign in its lowest bit. */
  sint64(tag: number, value: bigint): void {
    this.#reserve(TAG + VARINT)
    if (tag !== 0) this.#varint(tag)
    scratch.setBigInt64(0, value, true)
    const low = scratch.getInt32(0, true)
    const high = scratch.getInt32(4, true)
    const sign = high >> 31
    this.#varint64(((low << 1) ^ sign) >>> 0, (((high << 1) | (low >>> 31)) ^ sign) >>> 0)
  }

  fixed32(tag: number, value: number): void {
    this.#reserve(TAG + 4)
    if (tag !== 0) this.#varint(tag)
    const bytes = this.#bytes
    const at = this.#at
    bytes[at] = value
    bytes[at + 1] = value >>> 8
    bytes[at + 2] = value >>> 16
    bytes[at + 3] = value >>> 24
    this.#at = at + 4
  }

  fixed64(tag: number, value: bigint): void {
    scratch.setBigInt64(0, value, true)
    this.#eight(tag)
  }

  float(tag: number, value: number): void {
    scratch.setFloat32(0, value, true)
    this.fixed32(tag, scratch.getUint32(0, true))
  }

  double(tag: number, value: number): void {
    scratch.setFloat64(0, value, true)
    this.#eight(tag)
  }

  bytes(tag: number, value: Uint8Array): void {
    const size = value.length
    this.#reserve(TAG + TAG + size)
    if (tag !== 0) this.#varint(tag)
    this.#varint(size)
    this.#bytes.set(value, this.#at)
    this.#at += size
  }

  /** Text. False, and nothing that counts was written, if it has no UTF-8 form: half of a surrogate pair is in it. */
  text(tag: number, value: string): boolean {
    const { length } = value
    this.#reserve(TAG + TAG + (length < FIRST_SIZE ? length * 3 : Buffer.byteLength(value)))
    if (tag !== 0) this.#varint(tag)
    return (length <= SHORT && this.#ascii(value)) || this.#utf8(value)
  }

  /** Fields in binary form, a character a byte. */
  fields(latin1: string): void {
    this.#reserve(latin1.length)
    this.#at += latin1Write.call(this.#bytes, latin1, this.#at, latin1.length)
  }

  /** Begins what has a length in front of it, of which `room` bytes are left free: 1 or 2. Returns what `close` needs. */
  open(tag: number, room: number): number {
    this.#reserve(TAG + room)
    this.#varint(tag)
    const start = this.#at
    this.#at = start + room
    return start
  }

  /** Ends what was begun at `start`. Returns how many bytes its length took: the room to leave the next time. */
  close(start: number, room: number): number {
    const size = this.#at - start - room
    const needed = size < 0x80 ? 1 : sizeOf(size)
    if (needed !== room) {
      this.#reserve(needed)
      this.#bytes.copyWithin(start + needed, start + room, this.#at)
    }
    this.#at = start
    this.#varint(size)
    this.#at += size
    return Math.min(needed, 2)
  }

  #ascii(value: string): boolean {
    const bytes = this.#bytes
    const { length } = value
    let at = this.#at
    bytes[at++] = length
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i)
      if (code > 0x7f) return false
      bytes[at++] = code
    }
    this.#at = at
    return true
  }

  #utf8(value: string): boolean {
    if (!isWellFormed(value)) return false
    const start = this.#at
    // Most text is ASCII, so its length in bytes is that in characters; where it is not, what was written moves.
    const room = sizeOf(value.length)
    const size = utf8Write.call(this.#bytes, value, start + room, this.#bytes.length - start - room)
    const needed = sizeOf(size)
    if (needed !== room) this.#bytes.copyWithin(start + needed, start + room, start + room + size)
    this.#varint(size)
    this.#at += size
    return true
  }

  #eight(tag: number): void {
    this.#reserve(TAG + 8)
    if (tag !== 0) this.#varint(tag)
    const bytes = this.#bytes
    const at = this.#at
    for (let i = 0; i < 8; i++) bytes[at + i] = scratchBytes[i] as number
    this.#at = at + 8
  }

  #varint(value: number): void {
    const bytes = this.#bytes
    let at = this.#at
    let rest = value
    while (rest > 0x7f) {
      bytes[at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    bytes[at++] = rest
    this.#at = at
  }

  #varint64(low: number, high: number): void {
    const bytes = this.#bytes
    let at = this.#at
    let lower = low
    let upper = high
    while (upper !== 0) {
      bytes[at++] = (lower & 0x7f) | 0x80
      lower = ((lower >>> 7) | (upper << 25)) >>> 0
      upper >>>= 7
    }
    this.#at = at
    this.#varint(lower)
  }

  #reserve(size: number): void {
    if (this.#at + size > this.#bytes.length) this.#grow(size)
  }

  #grow(size: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#at + size, this.#bytes.length * 2))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
  }
}

// A writer that nobody writes with at the moment. It holds no message: each begins at its start.
let spare: Writer | undefined

function sizeOf(value: number): number {
  if (value < 0x80) return 1
  if (value < 0x4000) return 2
  if (value < 0x200000) return 3
  return value < 0x10000000 ? 4 : 5
}
