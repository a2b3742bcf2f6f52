/** Shorter pieces are copied, in bytes: a view of its own would cost more than what it shows. */
const VIEW_BYTES = 1024
/** A piece that is less than this part of its memory is copied: a view would keep all of that. */
const VIEW_PART = 1 / 4
/** How large blocks become that pieces are copied to, in bytes. */
const MAX_BLOCK_BYTES = 64 * 1024

/**
 * A message whose bytes come in pieces. It holds little more memory than bytes, however small the pieces are, and not more
 * because a message says that it will be large.
 */
export class PartialMessage {
  readonly #bytes: number
  #taken = 0
  readonly #parts: Uint8Array[] = []
  /** The last of the parts, if there is room at its end. */
  #block: Uint8Array | undefined
  #room = 0

  /** `bytes`: the length of the whole. */
  constructor(bytes: number) {
    this.#bytes = bytes
  }

  /** Takes what is at `start`; returns where what follows the message begins, or where the chunk ends. */
  take(chunk: Uint8Array, start: number): number {
    const end = Math.min(start + this.#bytes - this.#taken, chunk.length)
    for (let at = start; at < end; ) {
      const piece = chunk.subarray(at, end)
      const taken = this.#block ? this.#fill(this.#block, piece) : this.#append(piece)
      this.#taken += taken
      at += taken
    }
    return end
  }

  /** All bytes, once there are as many as there should be. */
  whole(): Uint8Array | undefined {
    if (this.#taken < this.#bytes) return undefined
    const [first] = this.#parts
    return first && this.#parts.length === 1 ? first : Buffer.concat(this.#parts, this.#bytes)
  }

  #append(piece: Uint8Array): number {
    if (piece.length >= Math.max(VIEW_BYTES, piece.buffer.byteLength * VIEW_PART)) {
      this.#parts.push(piece)
      return piece.length
    }
    const wanted = Math.max(piece.length, VIEW_BYTES, Math.min(this.#taken, MAX_BLOCK_BYTES))
    const block = Buffer.allocUnsafeSlow(Math.min(wanted, this.#bytes - this.#taken))
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
