/** What can be wrong with the frames of a gRPC message stream. */
export type FrameFault = 'flag' | 'compressed' | 'too large'

/** A message as it arrived. */
export interface Frame {
  readonly compressed: boolean
  readonly bytes: Buffer
}

const PREFIX_BYTES = 5
const EMPTY = Buffer.alloc(0)

/** Takes a message stream apart at its five-byte prefixes, and tells what is wrong before anything is buffered. */
export class FrameReader {
  readonly #maxBytes: number
  readonly #compression: boolean
  #prefixBytes = 0
  #compressed = false
  #length = 0
  /** What there is of the present message; nothing while its prefix is read. */
  #parts: Buffer[] | undefined
  #left = 0

  /**
   * @param maxBytes The largest length that a message may declare.
   * @param compression Whether the sender named an encoding, so that messages may be compressed.
   */
  constructor(maxBytes: number, compression: boolean) {
    this.#maxBytes = maxBytes
    this.#compression = compression
  }

  /** True between messages: where a stream may end. */
  get atBoundary(): boolean {
    return this.#prefixBytes === 0 && !this.#parts
  }

  /** Takes the next bytes of the stream, and adds the messages that they complete; returns the first fault in them. */
  read(chunk: Buffer, messages: Frame[]): FrameFault | undefined {
    for (let at = 0; at < chunk.length; ) {
      if (this.#parts) {
        const end = Math.min(at + this.#left, chunk.length)
        this.#parts.push(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end))
        this.#left -= end - at
        at = end
      } else {
        const fault = this.#readPrefixByte(chunk[at] ?? 0)
        if (fault) return fault
        at += 1
      }
      if (this.#parts && this.#left === 0) messages.push(this.#finish(this.#parts))
    }
    return undefined
  }

  #finish(parts: readonly Buffer[]): Frame {
    this.#parts = undefined
    return { compressed: this.#compressed, bytes: parts.length > 1 ? Buffer.concat(parts) : (parts[0] ?? EMPTY) }
  }

  #readPrefixByte(byte: number): FrameFault | undefined {
    if (this.#prefixBytes === 0) {
      if (byte > 1) return 'flag'
      if (byte === 1 && !this.#compression) return 'compressed'
      this.#compressed = byte === 1
    } else {
      this.#length = this.#length * 256 + byte
    }
    this.#prefixBytes += 1
    if (this.#prefixBytes < PREFIX_BYTES) return undefined
    if (this.#length > this.#maxBytes) return 'too large'
    this.#parts = []
    this.#left = this.#length
    this.#prefixBytes = 0
    this.#length = 0
    return undefined
  }
}

/** A message behind its prefix, as it is sent. */
export function writeFrame({ compressed, bytes }: { compressed: boolean; bytes: Uint8Array }): Buffer {
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + bytes.length)
  frame[0] = compressed ? 1 : 0
  frame.writeUInt32BE(bytes.length, 1)
  frame.set(bytes, PREFIX_BYTES)
  return frame
}
