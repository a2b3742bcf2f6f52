import { latin1Slice, utf8Slice } from './native.js'
import { SHORT, shortTexts, shortUtf8 } from './short-text.js'

// Eight bytes to put 64-bit values together in.
const scratch = new DataView(new ArrayBuffer(8))
const scratchBytes = new Uint8Array(scratch.buffer)

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads the protobuf binary form. Throws an `Error` on bytes that are not of it. */
export class Reader {
  readonly bytes: Uint8Array
  at = 0
  /** Where the present message ends. */
  end: number
  /** How many messages the present one is inside of. */
  depth: number
  // The integer that was read last, in halves.
  #low = 0
  #high = 0

  constructor(bytes: Uint8Array, depth = 0) {
    this.bytes = bytes
    this.end = bytes.length
    this.depth = depth
  }

  /** Number and wire type of a field. */
  tag(): number {
    const first = this.at < this.end ? (this.bytes[this.at] as number) : 0x80
    if (first < 0x80) {
      this.at++
      return first
    }
    return this.#short(0x0f, 'a tag')
  }

  /** Of an unsigned integer, the lower 32 bits. */
  uint32(): number {
    const first = this.at < this.end ? (this.bytes[this.at] as number) : 0x80
    if (first < 0x80) {
      this.at++
      return first
    }
    this.#varint()
    return this.#low >>> 0
  }

  int32(): number {
    return this.uint32() | 0
  }

  sint32(): number {
    const value = this.uint32()
    return (value >>> 1) ^ -(value & 1)
  }

  bool(): boolean {
    this.#varint()
    return (this.#low | this.#high) !== 0
  }

  int64(): bigint {
    this.#varint()
    return signed(this.#low, this.#high)
  }

  uint64(): bigint {
    this.#varint()
    scratch.setInt32(0, this.#low, true)
    scratch.setInt32(4, this.#high, true)
    return scratch.getBigUint64(0, true)
  }

  sint64(): bigint {
    this.#varint()
    const low = this.#low
    const high = this.#high
    const sign = -(low & 1)
    return signed(((low >>> 1) | (high << 31)) ^ sign, (high >>> 1) ^ sign)
  }

  fixed32(): number {
    const at = this.#past(4)
    const { bytes } = this
    return (
      ((bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24)) >>>
      0
    )
  }

  fixed64(): bigint {
    this.#eight()
    return scratch.getBigUint64(0, true)
  }

  sfixed64(): bigint {
    this.#eight()
    return scratch.getBigInt64(0, true)
  }

  float(): number {
    scratch.setUint32(0, this.fixed32(), true)
    return scratch.getFloat32(0, true)
  }

  double(): number {
    this.#eight()
    return scratch.getFloat64(0, true)
  }

  /** A copy of what follows a length. */
  copy(): Uint8Array {
    const start = this.#past(this.size())
    return new Uint8Array(this.bytes.subarray(start, this.at))
  }

  /** Text. Throws if the bytes are not UTF-8. */
  text(): string {
    const { bytes, at } = this
    const size = at < this.end ? (bytes[at] as number) : 0x80
    if (size <= SHORT && at + size < this.end) {
      const text = (shortTexts[size] as (typeof shortTexts)[0])(bytes, at + 1)
      if (text !== undefined) {
        this.at = at + 1 + size
        return text
      }
    }
    return this.longText()
  }

  /** The same, fast where there is much of it or where it is not ASCII. */
  longText(): string {
    const { at, bytes } = this
    const size = at < this.end ? (bytes[at] as number) : 0x80
    if (size <= SHORT && at + size < this.end) {
      const text = shortUtf8(bytes, at + 1, at + 1 + size)
      if (text !== undefined) {
        this.at = at + 1 + size
        return text
      }
    }
    const text = this.lenientText()
    // A replacement character stands for what is no UTF-8, or for itself.
    if (text.includes('\ufffd')) this.#checkText(at)
    return text
  }

  /** Text, with replacement characters for what is not UTF-8. */
  lenientText(): string {
    const start = this.#past(this.size())
    return utf8Slice.call(this.bytes, start, this.at)
  }

  #checkText(at: number): void {
    this.at = at
    const start = this.#past(this.size())
    strict.decode(this.bytes.subarray(start, this.at))
  }

  /** A length, of which so many bytes must be left. */
  size(): number {
    const first = this.at < this.end ? (this.bytes[this.at] as number) : 0x80
    if (first < 0x80) {
      this.at++
      return first
    }
    return this.#short(0x07, 'a length')
  }

  /** Narrows the reader to what follows a length. Returns the end to `leave` to. */
  enter(): number {
    const outer = this.end
    const start = this.#past(this.size())
    this.end = this.at
    this.at = start
    return outer
  }

  leave(outer: number): void {
    if (this.at !== this.end) throw new RangeError('a field is longer than its message')
    this.end = outer
  }

  /** The bytes between two places, a character a byte. */
  between(start: number, end: number): string {
    return latin1Slice.call(this.bytes, start, end)
  }

  /** Goes past the value of a field, which for a group is all that is in it. */
  skip(tag: number, depth: number): void {
    const type = tag & 7
    if (tag >>> 3 === 0) throw new Error('a field has the number 0')
    if (type === 0) this.#varint()
    else if (type === 1) this.#past(8)
    else if (type === 2) this.#past(this.size())
    else if (type === 3) this.#skipGroup(tag, depth + 1)
    else if (type === 5) this.#past(4)
    else throw new Error(type === 4 ? 'a group ends that did not begin' : `there is no wire type ${type}`)
  }

  #skipGroup(start: number, depth: number): void {
    if (depth > 100) throw new Error('groups are nested deeper than 100')
    for (let tag = this.tag(); tag !== start + 1; tag = this.tag()) this.skip(tag, depth)
  }

  /** Goes past bytes that must be there. Returns where they start. */
  #past(size: number): number {
    const start = this.at
    if (size > this.end - start) throw new RangeError(`${size} bytes are due where ${this.end - start} are left`)
    this.at = start + size
    return start
  }

  #eight(): void {
    const at = this.#past(8)
    const { bytes } = this
    // Without a loop, which costs as much again.
    scratchBytes[0] = bytes[at] as number
    scratchBytes[1] = bytes[at + 1] as number
    scratchBytes[2] = bytes[at + 2] as number
    scratchBytes[3] = bytes[at + 3] as number
    scratchBytes[4] = bytes[at + 4] as number
    scratchBytes[5] = bytes[at + 5] as number
    scratchBytes[6] = bytes[at + 6] as number
    scratchBytes[7] = bytes[at + 7] as number
  }

  /** A varint of at most 32 bits, of which the fifth byte holds the last. */
  #short(most: number, what: string): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byte()
      if (shift === 28 && byte > most) break
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    throw new Error(`${what} is too long`)
  }

  #varint(): void {
    let low = 0
    let high = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte()
      if (shift < 28) low |= (byte & 0x7f) << shift
      else if (shift === 28) {
        low |= (byte & 0x0f) << 28
        high = (byte & 0x7f) >> 4
      } else high |= shift < 63 ? (byte & 0x7f) << (shift - 32) : (byte & 1) << 31
      if (byte >= 0x80) continue
      this.#low = low
      this.#high = high
      return
    }
    throw new Error('an integer is longer than 10 bytes')
  }

  #byte(): number {
    if (this.at >= this.end) throw new RangeError('the bytes end within a field')
    return this.bytes[this.at++] as number
  }
}

function signed(low: number, high: number): bigint {
  scratch.setInt32(0, low, true)
  scratch.setInt32(4, high, true)
  return scratch.getBigInt64(0, true)
}
