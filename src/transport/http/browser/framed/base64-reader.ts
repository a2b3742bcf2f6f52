/** Base64 up to its padding. */
const RUN = /[A-Za-z0-9+/]+={0,2}/y

/** Reads base64 that comes in pieces, with padding wherever its writer had no more to send for a while. */
export class Base64Reader {
  #begun = ''

  /** True where the text may end. */
  get atBoundary(): boolean {
    return this.#begun === ''
  }

  /** The bytes of a further piece, as far as they are complete; `undefined` if it is not base64. */
  read(piece: Uint8Array): Buffer | undefined {
    const text = this.#begun + Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('latin1')
    const whole = text.length - (text.length % 4)
    this.#begun = text.slice(whole)
    const groups = text.slice(0, whole)
    const bytes = Buffer.allocUnsafe((whole / 4) * 3)
    let filled = 0
    RUN.lastIndex = 0
    for (let at = 0; at < whole; at = RUN.lastIndex) {
      const run = RUN.exec(groups)?.[0]
      if (run === undefined || run.length % 4 !== 0) return undefined
      filled += bytes.write(run, filled, 'base64')
    }
    return bytes.subarray(0, filled)
  }
}
