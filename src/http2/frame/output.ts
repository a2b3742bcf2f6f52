import { Buffer } from 'node:buffer'
import { writeUint32 } from './bytes.js'
import { HEADER_BYTES } from './frame-type.js'

const firstSlabBytes = 1024
const maxSlabBytes = 65_536
const largeSlabBytes = 8192
/** What the few control frames of a connection without streams take. A slab so small is not kept once it was taken from. */
const tinySlabBytes = 64
const none: readonly Uint8Array[] = []
const noSlab = Buffer.allocUnsafeSlow(0)

/** A slab that was taken from fewer times before it was full is followed by a larger one; from more times, by a smaller. */
const fewTakes = 16
const manyTakes = 256

/**
 * Bytes that wait to be written. Small things are copied into a slab, one behind the other; a slab is written further
 * after its first part was taken, and never over. Slabs follow what is written at a time: from 1 KiB to 64 KiB. Before
 * there is a stream, and more to say than fits a tiny one, there is none.
 */
export class Output {
  /** The slab, and where the next byte goes. There is room for as much as was reserved. */
  bytes: Buffer = noSlab
  at = 0
  #start = 0
  #chunks: Uint8Array[] = []
  #chunkBytes = 0
  /** How often was taken from the slab. */
  #takes = 0

  /** True if the slab has grown far beyond what a connection without streams needs. */
  get isLarge(): boolean {
    return this.bytes.length >= largeSlabBytes
  }

  /** Bytes that wait. */
  get pending(): number {
    return this.#chunkBytes + this.at - this.#start
  }

  /** Makes room for `bytes` in one piece. */
  reserve(bytes: number): void {
    if (this.bytes.length - this.at < bytes) this.#replace(bytes)
  }

  /** Writes the header of a frame, for which there must be room. */
  header(length: number, typeAndFlags: number, streamId: number): void {
    const bytes = this.bytes
    const at = this.at
    bytes[at] = length >>> 16
    bytes[at + 1] = length >>> 8
    bytes[at + 2] = length
    bytes[at + 3] = typeAndFlags >>> 8
    bytes[at + 4] = typeAndFlags
    bytes[at + 5] = streamId >>> 24
    bytes[at + 6] = streamId >>> 16
    bytes[at + 7] = streamId >>> 8
    bytes[at + 8] = streamId
    this.at = at + HEADER_BYTES
  }

  /** Copies bytes, for which there must be room. */
  copy(source: Uint8Array, start: number, end: number): void {
    const length = end - start
    const { bytes, at } = this
    // Up to here, a call into the runtime costs more than it saves.
    if (length <= 48) for (let index = 0; index < length; index++) bytes[at + index] = source[start + index] as number
    else bytes.set(start === 0 && end === source.length ? source : source.subarray(start, end), at)
    this.at = at + length
  }

  /** Writes 32 bits, for which there must be room. */
  uint32(value: number): void {
    writeUint32(this.bytes, this.at, value)
    this.at += 4
  }

  /** Writes a byte and 32 bits, for which there must be room. */
  prefix(flag: number, value: number): void {
    this.bytes[this.at] = flag
    writeUint32(this.bytes, this.at + 1, value)
    this.at += 5
  }

  /** Adds bytes without copying them. */
  push(chunk: Uint8Array): void {
    this.#seal()
    this.#chunks.push(chunk)
    this.#chunkBytes += chunk.length
  }

  /** Hands out all that waits. */
  take(): readonly Uint8Array[] {
    this.#seal()
    const chunks = this.#chunks
    if (chunks.length === 0) return none
    this.#chunks = []
    this.#chunkBytes = 0
    this.#takes++
    if (this.bytes.length === tinySlabBytes) this.#setSlab(noSlab)
    return chunks
  }

  /** Gives the slab back, unless something waits: the next bytes begin with a small one. */
  release(): void {
    if (this.pending === 0) this.#setSlab(noSlab)
  }

  /** Ends the part of the slab that is not in the list yet. */
  #seal(): void {
    if (this.at === this.#start) return
    this.#chunks.push(this.bytes.subarray(this.#start, this.at))
    this.#chunkBytes += this.at - this.#start
    this.#start = this.at
  }

  #replace(bytes: number): void {
    this.#seal()
    const tiny = this.bytes === noSlab && bytes <= tinySlabBytes
    this.#setSlab(Buffer.allocUnsafeSlow(tiny ? tinySlabBytes : Math.max(bytes, this.#nextSize())))
    this.#takes = 0
  }

  #setSlab(slab: Buffer): void {
    this.bytes = slab
    this.at = 0
    this.#start = 0
  }

  #nextSize(): number {
    const { length } = this.bytes
    if (length < firstSlabBytes) return firstSlabBytes
    if (this.#takes < fewTakes) return Math.min(length * 2, maxSlabBytes)
    return this.#takes > manyTakes ? Math.max(length / 2, firstSlabBytes) : Math.min(length, maxSlabBytes)
  }
}
