import { Buffer } from 'node:buffer'
import { readUint31 } from './bytes.js'
import { HEADER_BYTES } from './frame-type.js'

/** A frame that is being read: one object for all frames of a connection, good until `onFrame` returns. */
export interface Frame {
  type: number
  flags: number
  streamId: number
  /** The payload is here, from `start` to `end`. These bytes are never written to again. */
  bytes: Uint8Array
  start: number
  end: number
}

/** Takes frames. */
export interface FrameSink {
  /** Returns false to stop the reading for good. */
  onFrame(frame: Frame): boolean
  /** The header of a frame announces a payload that is too large. The reading stops. */
  onOversize(frame: Frame): void
}

const nothing = new Uint8Array(0)

/**
 * Cuts a stream of bytes into frames. Only a frame that the end of a chunk cuts is copied; into a `Buffer`, as sockets
 * give them, so that whoever reads content sees one kind of bytes.
 */
export class FrameReader {
  readonly #sink: FrameSink
  readonly #maxBytes: number
  readonly #frame: Frame = { type: 0, flags: 0, streamId: 0, bytes: nothing, start: 0, end: 0 }
  /** The frame that was cut: first room for its header, then for all of it. */
  #cut: Uint8Array | undefined
  #filled = 0

  constructor(sink: FrameSink, maxBytes: number) {
    this.#sink = sink
    this.#maxBytes = maxBytes
  }

  /** Reads what there is from `start` on. */
  read(chunk: Uint8Array, start: number): void {
    const end = chunk.length
    let at = this.#cut === undefined ? start : this.#complete(chunk, start)
    while (at >= 0 && end - at >= HEADER_BYTES) {
      const next = at + HEADER_BYTES + payloadBytes(chunk, at)
      if (next > end) break
      at = this.#emit(chunk, at, next) ? next : -1
    }
    if (at >= 0 && at < end) this.#cutAt(chunk, at)
  }

  /** Gives out the frame at `at`. */
  #emit(bytes: Uint8Array, at: number, end: number): boolean {
    const frame = this.#frame
    frame.type = bytes[at + 3] as number
    frame.flags = bytes[at + 4] as number
    frame.streamId = readUint31(bytes, at + 5)
    frame.bytes = bytes
    frame.start = at + HEADER_BYTES
    frame.end = end
    if (end - frame.start > this.#maxBytes) {
      this.#sink.onOversize(frame)
      return false
    }
    return this.#sink.onFrame(frame)
  }

  /** Fills the frame that was cut; returns where the next one starts, or -1 if there is none. */
  #complete(chunk: Uint8Array, start: number): number {
    let at = start
    while (this.#cut !== undefined) {
      const cut: Uint8Array = this.#cut
      const taken = Math.min(cut.length - this.#filled, chunk.length - at)
      cut.set(chunk.subarray(at, at + taken), this.#filled)
      this.#filled += taken
      at += taken
      if (this.#filled < cut.length) return -1
      this.#cut = undefined
      if (cut.length === HEADER_BYTES && payloadBytes(cut, 0) > 0) {
        if (!this.#openCut(cut, HEADER_BYTES)) return -1
      } else if (!this.#emit(cut, 0, cut.length)) return -1
    }
    return at
  }

  /** Keeps the part of a frame that is there. */
  #cutAt(chunk: Uint8Array, at: number): void {
    const rest = chunk.subarray(at)
    if (rest.length >= HEADER_BYTES) this.#openCut(rest, rest.length)
    else {
      this.#cut = Buffer.allocUnsafeSlow(HEADER_BYTES)
      this.#cut.set(rest)
      this.#filled = rest.length
    }
  }

  /** Makes room for the frame whose header is the first of `part`; false if that is too large. */
  #openCut(part: Uint8Array, filled: number): boolean {
    const bytes = payloadBytes(part, 0)
    if (bytes > this.#maxBytes) return this.#emit(part, 0, HEADER_BYTES + bytes)
    this.#cut = Buffer.allocUnsafeSlow(HEADER_BYTES + bytes)
    this.#cut.set(part)
    this.#filled = filled
    return true
  }
}

/** Bytes of the payload of the frame at `at`. */
function payloadBytes(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number)
}
