import { HpackError } from './hpack-error.js'
import { decodedBound, huffmanDecode } from './huffman/huffman-decode.js'
import { readLatin1 } from './latin1.js'

const nothing = new Uint8Array(0)
const maxInteger = 2 ** 31 - 1

/** Where Huffman coded strings are decoded to, unless they are long: strings are made of it at once, so that one serves all. */
const scratch = new Uint8Array(4096)

/** Reads the two kinds of values that header blocks consist of (RFC 7541, 5), in order. */
export class BlockReader {
  #bytes: Uint8Array = nothing
  #at = 0
  #end = 0

  /** Starts at the first byte of a block. Call it with no bytes to let go of a block. */
  open(bytes: Uint8Array = nothing): void {
    this.#bytes = bytes
    this.#at = 0
    this.#end = bytes.length
  }

  get more(): boolean {
    return this.#at < this.#end
  }

  /** The byte that the next value starts with: the prefix of an integer and the bits before it. */
  peek(): number {
    if (this.#at >= this.#end) throw new HpackError('a header block ends too early')
    return this.#bytes[this.#at] as number
  }

  /** An integer whose prefix has the bits of `mask`. Throws for more than 2^31 - 1 or five bytes behind the prefix. */
  integer(mask: number): number {
    const prefix = this.peek() & mask
    this.#at++
    return prefix < mask ? prefix : this.#longInteger(mask)
  }

  #longInteger(prefix: number): number {
    let value = prefix
    for (let factor = 1; factor <= 2 ** 28; factor *= 128) {
      const byte = this.peek()
      this.#at++
      value += (byte & 0x7f) * factor
      if (value > maxInteger) break
      if (byte < 0x80) return value
    }
    throw new HpackError('an integer of a header block is too large')
  }

  /** A string, one character a byte. */
  string(): string {
    const coded = this.peek() >= 0x80
    const length = this.integer(0x7f)
    const start = this.#at
    const end = start + length
    if (end > this.#end) throw new HpackError('a string of a header block ends behind it')
    this.#at = end
    return coded ? huffmanString(this.#bytes, start, end) : readLatin1(this.#bytes, start, end)
  }
}

function huffmanString(bytes: Uint8Array, start: number, end: number): string {
  const room = decodedBound(end - start)
  const out = room <= scratch.length ? scratch : new Uint8Array(room)
  return readLatin1(out, 0, huffmanDecode({ bytes, start, end }, out))
}
