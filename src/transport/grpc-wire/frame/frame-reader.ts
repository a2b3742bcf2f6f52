/** What can be wrong with the frames of a gRPC message stream. */
export type FrameFault = 'flag' | 'compressed' | 'too large'

/** What the frames of a call may be. */
export interface FrameRules {
  /** The largest length that a message may declare, in bytes. */
  readonly maxBytes: number
  /** What messages may be compressed with; without it none may be. */
  readonly encoding: string | undefined
}

/** A message as it is on the wire. */
export interface Message {
  readonly compressed: boolean
  readonly bytes: Uint8Array
}

const PREFIX_BYTES = 5
const EMPTY = Buffer.alloc(0)

/** Takes a message stream apart at its five-byte prefixes, and tells what is wrong before anything is buffered. */
export class FrameReader {
  readonly #rules: FrameRules
  #prefixBytes = 0
  #compressed = false
  /** Length of the present message, as far as it is read; then, what of the message is still to come. */
  #left = 0
  /** What there is of the present message; nothing while its prefix is read. */
  #parts: Uint8Array[] | undefined

  constructor(rules: FrameRules) {
    this.#rules = rules
  }

  /** True between messages: where a stream may end. */
  get atBoundary(): boolean {
    return this.#prefixBytes === 0 && !this.#parts
  }

  /** Takes the next bytes of the stream, and adds the messages that they complete; returns the first fault in them. */
  read(chunk: Uint8Array, messages: Message[]): FrameFault | undefined {
    for (let at = 0; at < chunk.length; ) {
      if (this.#parts) {
        const end = Math.min(at + this.#left, chunk.length)
        this.#parts.push(chunk.subarray(at, end))
        this.#left -= end - at
        at = end
      } else {
        const fault = this.#readPrefixByte(chunk[at] ?? 0)
        if (fault) return fault
        at += 1
      }
      if (this.#parts && this.#left === 0) {
        messages.push({ compressed: this.#compressed, bytes: join(this.#parts) })
        this.#parts = undefined
      }
    }
    return undefined
  }

  #readPrefixByte(byte: number): FrameFault | undefined {
    const { maxBytes, encoding } = this.#rules
    if (this.#prefixBytes === 0) {
      if (byte > 1) return 'flag'
      if (byte === 1 && encoding === undefined) return 'compressed'
      this.#compressed = byte === 1
    } else {
      this.#left = this.#left * 256 + byte
    }
    this.#prefixBytes += 1
    if (this.#prefixBytes < PREFIX_BYTES) return undefined
    if (this.#left > maxBytes) return 'too large'
    this.#parts = []
    this.#prefixBytes = 0
    return undefined
  }
}

/** A message behind its prefix. */
export function writeFrame({ compressed, bytes }: Message): Buffer {
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + bytes.length)
  frame[0] = compressed ? 1 : 0
  frame.writeUInt32BE(bytes.length, 1)
  frame.set(bytes, PREFIX_BYTES)
  return frame
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length > 1 ? Buffer.concat(parts) : (parts[0] ?? EMPTY)
}
