import { Pieces } from './pieces.js'

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

/**
 * Takes a message stream apart at its five-byte prefixes, and tells what is wrong before anything is buffered. What comes
 * costs little more memory than its bytes, however small its pieces are.
 */
export class FrameReader {
  readonly #rules: FrameRules
  readonly #mostWaiting: number
  #prefixBytes = 0
  #compressed = false
  /** Length of the present message, as far as it is read. */
  #length = 0
  /** The present message, if there is only a part of it so far; nothing while its prefix is read. */
  #partial: Pieces | undefined
  /** What came while as many messages waited as may. */
  #unread: Pieces | undefined
  #fault: FrameFault | undefined

  /** `mostWaiting`: how many messages are read ahead. Each costs memory of its own, while what is not read costs its bytes. */
  constructor(rules: FrameRules, mostWaiting = Number.POSITIVE_INFINITY) {
    this.#rules = rules
    this.#mostWaiting = mostWaiting
  }

  /** True between messages, when all is read: where a stream may end. */
  get atBoundary(): boolean {
    return this.#prefixBytes === 0 && !this.hasMore
  }

  /** True if not all that came is read. */
  get hasMore(): boolean {
    return this.#unread !== undefined && this.#unread.length > 0
  }

  /** Takes the next bytes of the stream, and adds the messages that they complete; returns the first fault in them. */
  read(chunk: Uint8Array, messages: Message[]): FrameFault | undefined {
    const at = this.hasMore ? 0 : this.#read(chunk, messages)
    if (this.#fault || at === chunk.length) return this.#fault
    this.#unread ??= new Pieces()
    this.#unread.add(at === 0 ? chunk : chunk.subarray(at))
    return undefined
  }

  /** Reads on in what came before, once fewer messages wait; returns the first fault in it. */
  readMore(messages: Message[]): FrameFault | undefined {
    const unread = this.#unread
    while (unread && unread.length > 0 && messages.length < this.#mostWaiting && !this.#fault) {
      const bytes = unread.takeFirst()
      unread.putBack(bytes.subarray(this.#read(bytes, messages)))
    }
    return this.#fault
  }

  /** Returns how far it came. */
  #read(chunk: Uint8Array, messages: Message[]): number {
    let at = 0
    while (at < chunk.length && messages.length < this.#mostWaiting) {
      if (this.#prefixBytes < PREFIX_BYTES) {
        this.#fault = this.#readPrefixByte(chunk[at] ?? 0)
        if (this.#fault) return at
        at += 1
        if (this.#prefixBytes < PREFIX_BYTES) continue
      }
      at = this.#readMessage(chunk, at, messages)
    }
    return at
  }

  /** Takes what there is of the present message; returns where it ends, or where the chunk does. */
  #readMessage(chunk: Uint8Array, start: number, messages: Message[]): number {
    const length = this.#length
    if (!this.#partial && chunk.length - start >= length) {
      this.#finish(length === 0 ? EMPTY : chunk.subarray(start, start + length), messages)
      return start + length
    }
    const partial = this.#partial ?? new Pieces()
    this.#partial = partial
    const left = length - partial.length
    const end = Math.min(start + left, chunk.length)
    partial.add(chunk.subarray(start, end), left)
    if (partial.length === length) this.#finish(partial.joined(), messages)
    return end
  }

  #finish(bytes: Uint8Array, messages: Message[]): void {
    messages.push({ compressed: this.#compressed, bytes })
    this.#prefixBytes = 0
    this.#length = 0
    this.#partial = undefined
  }

  #readPrefixByte(byte: number): FrameFault | undefined {
    const { maxBytes, encoding } = this.#rules
    if (this.#prefixBytes === 0) {
      if (byte > 1) return 'flag'
      if (byte === 1 && encoding === undefined) return 'compressed'
      this.#compressed = byte === 1
    } else {
      this.#length = this.#length * 256 + byte
    }
    this.#prefixBytes += 1
    return this.#prefixBytes === PREFIX_BYTES && this.#length > maxBytes ? 'too large' : undefined
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
