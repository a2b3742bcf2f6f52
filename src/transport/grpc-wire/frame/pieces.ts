/** Shorter pieces are copied, in bytes: a view of its own would cost more than what it shows. */
const VIEW_BYTES = 1024
/** A piece that is less than this part of its memory is copied: a view would keep all of that. */
const VIEW_PART = 1 / 4
/** How large blocks become that pieces are copied to, in bytes. */
const MAX_BLOCK_BYTES = 64 * 1024

const EMPTY = Buffer.alloc(0)

/** Bytes that come in pieces. It holds little more memory than bytes, however small the pieces are. */
export class Pieces {
  readonly #parts: Uint8Array[] = []
  /** The last of the parts, if there is room at its end. */
  #block: Uint8Array | undefined
  #room = 0
  #length = 0

  /** How many bytes there are. */
  get length(): number {
    return this.#length
  }

  /** Adds a piece. Never more than `most` bytes, this piece included, are still to come. */
  add(piece: Uint8Array, most = Number.POSITIVE_INFINITY): void {
    for (let at = 0; at < piece.length; ) {
      const rest = at === 0 ? piece : piece.subarray(at)
      const taken = this.#block ? this.#fill(this.#block, rest) : this.#append(rest, most - at)
      this.#length += taken
      at += taken
    }
  }

  /** Takes some of the first bytes out, without a copy. */
  takeFirst(): Uint8Array {
    const first = this.#parts.shift() ?? EMPTY
    const bytes = first === this.#block ? first.subarray(0, first.length - this.#room) : first
    if (first === this.#block) this.#block = undefined
    this.#length -= bytes.length
    return bytes
  }

  /** Puts back what was taken out and not used. */
  putBack(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#parts.unshift(bytes)
    this.#length += bytes.length
  }

  /** All bytes, once there is no room in blocks. */
  joined(): Uint8Array {
    const [first] = this.#parts
    return first && this.#parts.length === 1 ? first : Buffer.concat(this.#parts, this.#length)
  }

  #append(piece: Uint8Array, most: number): number {
    if (piece.length >= Math.max(VIEW_BYTES, piece.buffer.byteLength * VIEW_PART)) {
      this.#parts.push(piece)
      return piece.length
    }
    const wanted = Math.max(piece.length, VIEW_BYTES, Math.min(this.#length, MAX_BLOCK_BYTES))
    const block = Buffer.allocUnsafeSlow(Math.min(wanted, most))
    this.#parts.push(block)
    this.#room = block.length
    return this.#fill(block, piece)
  }

  #fill(block: Uint8Array, piece: Uint8Array): number {
    const bytes = Math.min(this.#room, piece.length)
    block.set(bytes < piece.length ? piece.subarray(0, bytes) : piece, block.length - this.#room)
    this.#room -= bytes
    this.#block = this.#room > 0 ? block : undefined
    return bytes
  }
}
