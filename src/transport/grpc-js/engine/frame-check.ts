/** What can be wrong with the frames of a gRPC message stream. */
export type FrameFault = 'flag' | 'compressed' | 'too large'

const PREFIX_BYTES = 5

/** Follows the five-byte prefixes in a message stream, and tells what is wrong before anything is buffered. */
export class FrameCheck {
  readonly #maxBytes: number
  readonly #compression: boolean
  #prefixBytes = 0
  #length = 0
  #messageBytesLeft = 0

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
    return this.#prefixBytes === 0 && this.#messageBytesLeft === 0
  }

  /** Takes the next bytes of the stream; returns the first fault in them. */
  read(chunk: Uint8Array): FrameFault | undefined {
    for (let at = 0; at < chunk.length; ) {
      const skipped = Math.min(this.#messageBytesLeft, chunk.length - at)
      this.#messageBytesLeft -= skipped
      at += skipped
      if (at === chunk.length) return undefined
      const fault = this.#readPrefixByte(chunk[at] ?? 0)
      if (fault) return fault
      at += 1
    }
    return undefined
  }

  #readPrefixByte(byte: number): FrameFault | undefined {
    if (this.#prefixBytes === 0) {
      if (byte > 1) return 'flag'
      if (byte === 1 && !this.#compression) return 'compressed'
    } else {
      this.#length = this.#length * 256 + byte
    }
    this.#prefixBytes += 1
    if (this.#prefixBytes < PREFIX_BYTES) return undefined
    if (this.#length > this.#maxBytes) return 'too large'
    this.#messageBytesLeft = this.#length
    this.#prefixBytes = 0
    this.#length = 0
    return undefined
  }
}
