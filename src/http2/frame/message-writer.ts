import type { Fields } from '../http2.js'
import { writeUint32 } from './bytes.js'
import { DEFAULT_FRAME_BYTES, Flag, FrameType, HEADER_BYTES } from './frame-type.js'
import type { Output } from './output.js'

/** Encodes header blocks straight into the output. */
export interface BlockEncoder {
  /** The most bytes that `encode` may write. */
  bound(constant: Fields, varying: Fields | undefined): number
  encode(constant: Fields, varying: Fields | undefined, output: Output): void
}

/** Bytes of a prefix: a flag and a length. */
export const PREFIX_BYTES = 5
/** Content from this size on is handed on, not copied. */
const copyBytes = 4096

/** Writes HEADERS and DATA. What is written returns where in the slab the flags of its (first) frame are. */
export class MessageWriter {
  readonly output: Output
  readonly #encoder: BlockEncoder
  /** The largest frame that the other side takes. */
  maxFrameBytes = DEFAULT_FRAME_BYTES

  constructor(output: Output, encoder: BlockEncoder) {
    this.output = output
    this.#encoder = encoder
  }

  /** Writes a header block: one frame, or as many as it takes. */
  headers(streamId: number, constant: Fields, varying: Fields | undefined): number {
    const { output } = this
    const bound = this.#encoder.bound(constant, varying)
    output.reserve(HEADER_BYTES * (2 + Math.ceil(bound / this.maxFrameBytes)) + bound)
    const start = output.at
    output.header(0, (FrameType.HEADERS << 8) | Flag.END_HEADERS, streamId)
    this.#encoder.encode(constant, varying, output)
    const length = output.at - start - HEADER_BYTES
    setLength(output.bytes, start, Math.min(length, this.maxFrameBytes))
    if (length > this.maxFrameBytes) this.#continue(streamId, start)
    return start + 4
  }

  /** Writes content that fits one frame, behind a prefix unless that is -1. */
  content(streamId: number, prefix: number, bytes: Uint8Array): number {
    const { output } = this
    const length = bytes.length
    const prefixBytes = prefix < 0 ? 0 : PREFIX_BYTES
    const copied = length < copyBytes
    output.reserve(HEADER_BYTES + prefixBytes + (copied ? length : 0))
    const flagsAt = output.at + 4
    output.header(prefixBytes + length, FrameType.DATA << 8, streamId)
    if (prefix >= 0) output.prefix(prefix, length)
    if (copied) output.copy(bytes, 0, length)
    else output.push(bytes)
    return flagsAt
  }

  /** Writes a part of content whose length was announced by a prefix. */
  part(streamId: number, prefix: number, { bytes, total }: { bytes: Uint8Array; total: number }): number {
    const { output } = this
    output.reserve(HEADER_BYTES + PREFIX_BYTES)
    const flagsAt = output.at + 4
    output.header(PREFIX_BYTES + bytes.length, FrameType.DATA << 8, streamId)
    output.prefix(prefix, total)
    output.push(bytes)
    return flagsAt
  }

  /** Sets END_STREAM in the frame that was written last. */
  end(flagsAt: number): void {
    const { bytes } = this.output
    bytes[flagsAt] = (bytes[flagsAt] as number) | Flag.END_STREAM
  }

  /** Cuts the block behind the frame header at `start`, which is too long for one frame, into several. */
  #continue(streamId: number, start: number): void {
    const { output, maxFrameBytes } = this
    const { bytes } = output
    bytes[start + 4] = Flag.NONE
    let from = start + HEADER_BYTES + maxFrameBytes
    let left = output.at - from
    while (left > 0) {
      const length = Math.min(left, maxFrameBytes)
      bytes.copyWithin(from + HEADER_BYTES, from, from + left)
      setLength(bytes, from, length)
      bytes[from + 3] = FrameType.CONTINUATION
      bytes[from + 4] = left === length ? Flag.END_HEADERS : Flag.NONE
      writeUint32(bytes, from + 5, streamId)
      from += HEADER_BYTES + length
      left -= length
    }
    output.at = from
  }
}

function setLength(bytes: Uint8Array, at: number, length: number): void {
  bytes[at] = length >>> 16
  bytes[at + 1] = length >>> 8
  bytes[at + 2] = length
}
