import { readHuffman } from './huffman.js'
import { type Field, staticTable } from './static-table.js'

const sizeOf = ([name, value]: Field): number => name.length + value.length + 32

/** Reads header blocks (RFC 7541) and throws at whatever is not right with them. */
export class HpackReader {
  #table: Field[] = []
  #size = 4096
  /** The lowest size that had to be signalled since the last block, if any. */
  #due: number | undefined
  #limit: number
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0

  constructor(limit = 4096) {
    this.#limit = limit
  }

  /** The size that the other side was allowed, once it acknowledged that (4.2). */
  allow(limit: number): void {
    this.#limit = limit
    if (limit < this.#size) this.#due = Math.min(limit, this.#due ?? limit)
  }

  /** The fields of one whole block. */
  read(bytes: Uint8Array): Field[] {
    this.#bytes = bytes
    this.#at = 0
    const fields: Field[] = []
    while (this.#at < bytes.length) {
      const first = bytes[this.#at] ?? 0
      if ((first & 0xe0) === 0x20) this.#resize(fields.length)
      else fields.push(this.#field(first))
      if (fields.length > 0 && this.#due !== undefined) throw new Error('a reduced table size was not signalled')
    }
    return fields
  }

  #field(first: number): Field {
    if (first & 0x80) return this.#entry(this.#integer(7))
    if (first & 0x40) {
      const field = this.#literal(6)
      this.#insert(field)
      return field
    }
    return this.#literal(4)
  }

  #literal(prefixBits: number): Field {
    const index = this.#integer(prefixBits)
    const name = index === 0 ? this.#string() : this.#entry(index)[0]
    return [name, this.#string()]
  }

  #resize(fieldsBefore: number): void {
    if (fieldsBefore > 0) throw new Error('a table size update behind a field')
    const size = this.#integer(5)
    if (size > this.#limit) throw new Error(`a table of ${size} bytes where ${this.#limit} are allowed`)
    if (this.#due !== undefined && size <= this.#due) this.#due = undefined
    this.#size = size
    this.#evict(0)
  }

  #insert(field: Field): void {
    this.#evict(sizeOf(field))
    if (sizeOf(field) <= this.#size) this.#table.unshift(field)
  }

  #evict(room: number): void {
    let used = this.#table.reduce((sum, field) => sum + sizeOf(field), 0)
    while (this.#table.length > 0 && used + room > this.#size) {
      const gone = this.#table.pop()
      if (gone) used -= sizeOf(gone)
    }
  }

  #entry(index: number): Field {
    const found = index <= staticTable.length ? staticTable[index - 1] : this.#table[index - staticTable.length - 1]
    if (found === undefined) throw new Error(`no entry ${index} in the tables`)
    return found
  }

  #byte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw new Error('a header block ends too early')
    this.#at += 1
    return byte
  }

  #integer(prefixBits: number): number {
    const limit = 2 ** prefixBits - 1
    let value = this.#byte() & limit
    if (value < limit) return value
    let byte: number
    let factor = 1
    do {
      byte = this.#byte()
      value += (byte & 127) * factor
      factor *= 128
    } while (byte & 128)
    return value
  }

  #string(): string {
    const coded = ((this.#bytes[this.#at] ?? 0) & 128) !== 0
    const length = this.#integer(7)
    const bytes = this.#bytes.subarray(this.#at, this.#at + length)
    if (bytes.length < length) throw new Error('a string of a header block ends too early')
    this.#at += length
    return coded ? readHuffman(bytes) : Buffer.from(bytes).toString('latin1')
  }
}
