const NOTHING = Buffer.alloc(0)

/** Bytes that come in pieces. However small those are, they take no more than twice their size. */
export class Gathered {
  #buffer: Buffer = NOTHING
  #size = 0

  /** How many there are. */
  get size(): number {
    return this.#size
  }

  /** Adds a piece, which must not change any more. */
  add(piece: Buffer): void {
    const before = this.#size
    this.#size += piece.length
    if (before === 0) this.#buffer = piece
    else this.#append(before, piece)
  }

  /** Takes all that there are, and begins anew. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#size)
    this.#buffer = NOTHING
    this.#size = 0
    return taken
  }

  #append(before: number, piece: Buffer): void {
    if (this.#buffer.length < this.#size) {
      const larger = Buffer.allocUnsafe(2 * this.#size)
      this.#buffer.copy(larger, 0, 0, before)
      this.#buffer = larger
    }
    piece.copy(this.#buffer, before)
  }
}
