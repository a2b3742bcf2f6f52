/** A frame that was read. */
export interface Frame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: Uint8Array
}

/** A number of four bytes. */
export function readU32(bytes: Uint8Array, at = 0): number {
  return Buffer.from(bytes).readUInt32BE(at)
}

/** Cuts bytes into frames. */
export class FrameReader {
  #rest: Uint8Array = new Uint8Array(0)

  /** Bytes of a frame that is not whole yet. */
  get pending(): number {
    return this.#rest.length
  }

  /** The frames that are whole now. */
  read(bytes: Uint8Array): Frame[] {
    const all = Buffer.concat([this.#rest, bytes])
    const frames: Frame[] = []
    let at = 0
    while (all.length - at >= 9) {
      const end = at + 9 + all.readUIntBE(at, 3)
      if (end > all.length) break
      const stream = all.readUInt32BE(at + 5) & 0x7fffffff
      frames.push({ type: all[at + 3] ?? 0, flags: all[at + 4] ?? 0, stream, payload: all.subarray(at + 9, end) })
      at = end
    }
    this.#rest = all.subarray(at)
    return frames
  }
}
