import { type Frame, readU32 } from './frame-reader.js'
import { Flag, Setting, Type } from './frames.js'

const LARGEST = 2 ** 31 - 1

/** Identifiers and values of a SETTINGS payload, in order. */
function pairs(payload: Uint8Array): [number, number][] {
  const found: [number, number][] = []
  for (let at = 0; at + 6 <= payload.length; at += 6) {
    found.push([(payload[at] ?? 0) * 256 + (payload[at + 1] ?? 0), readU32(payload, at + 2)])
  }
  return found
}

/** What each side of a connection may send, by what the two said. */
export class Windows {
  /** What the machine advertised. */
  readonly values = new Map<number, number>()
  /** The largest frame that the machine may write. */
  maxFrame = 16_384
  /** Told when the machine acknowledged the size of a header table. */
  onHeaderTable: (bytes: number) => void = () => {}
  /** What the machine may still send, less the initial window for streams. */
  #out = new Map<number, number>([[0, 65_535]])
  #initialOut = 65_535
  /** What we may still send, less the initial window for streams. */
  #in = new Map<number, number>([[0, 65_535]])
  #unacknowledged: Uint8Array[] = []
  #most = new Map<number, number>()

  /** Takes a frame that is sent to the machine. */
  heard({ type, flags, stream, payload }: Frame): void {
    if (type === Type.SETTINGS && (flags & Flag.ACK) === 0 && payload.length % 6 === 0)
      this.#unacknowledged.push(payload)
    if (type === Type.DATA) this.#in.set(stream, (this.#in.get(stream) ?? 0) - payload.length)
    if (type === Type.DATA) this.#in.set(0, (this.#in.get(0) ?? 0) - payload.length)
    if (type === Type.WINDOW_UPDATE && payload.length === 4) {
      this.#out.set(stream, (this.#out.get(stream) ?? 0) + (readU32(payload) & LARGEST))
    }
  }

  /** Content that the machine may still send; stream 0 is the connection. */
  out(stream: number): number {
    return (this.#out.get(stream) ?? 0) + (stream === 0 ? 0 : this.#initialOut)
  }

  /** Content that we may still send; stream 0 is the connection. */
  in(stream: number): number {
    const initial = this.values.get(Setting.INITIAL_WINDOW_SIZE) ?? 65_535
    return (this.#in.get(stream) ?? 0) + (stream === 0 ? 0 : initial)
  }

  /** The widest that this window ever was for us. */
  most(stream: number): number {
    return Math.max(this.#most.get(stream) ?? 0, this.in(stream))
  }

  /** The machine sent content; false if it had no right to. */
  sent(stream: number, bytes: number): boolean {
    const allowed = bytes === 0 || (bytes <= this.out(stream) && bytes <= this.out(0))
    this.#out.set(stream, (this.#out.get(stream) ?? 0) - bytes)
    this.#out.set(0, this.out(0) - bytes)
    return allowed
  }

  /** The machine opened a window for us; false if not so. */
  opened(stream: number, increment: number): boolean {
    this.#in.set(stream, (this.#in.get(stream) ?? 0) + increment)
    this.#most.set(stream, this.most(stream))
    return increment > 0 && this.in(stream) <= LARGEST
  }

  /** The machine advertised; false if that is wrong. */
  advertised(payload: Uint8Array): boolean {
    for (const [id, value] of pairs(payload)) this.values.set(id, value)
    const at = (id: number, otherwise: number): number => this.values.get(id) ?? otherwise
    const frame = at(Setting.MAX_FRAME_SIZE, 16_384)
    return (
      payload.length % 6 === 0 &&
      frame >= 16_384 &&
      frame < 2 ** 24 &&
      at(Setting.ENABLE_PUSH, 0) === 0 &&
      at(Setting.INITIAL_WINDOW_SIZE, 0) <= LARGEST
    )
  }

  /** The machine acknowledged the oldest SETTINGS; false if there are none. */
  acknowledged(): boolean {
    const payload = this.#unacknowledged.shift()
    for (const [id, value] of pairs(payload ?? new Uint8Array(0))) {
      if (id === Setting.MAX_FRAME_SIZE) this.maxFrame = value
      if (id === Setting.INITIAL_WINDOW_SIZE) this.#initialOut = value
      if (id === Setting.HEADER_TABLE_SIZE) this.onHeaderTable(value)
    }
    return payload !== undefined
  }
}
