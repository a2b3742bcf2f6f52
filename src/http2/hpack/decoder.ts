import { BlockCache } from './block-cache.js'
import { BlockReader } from './block-reader.js'
import { DecodedBlock, type ListLimits } from './decoded-block.js'
import { DynamicTable } from './dynamic-table.js'
import { HpackError } from './hpack-error.js'
import { staticCount, staticNames, staticValues } from './static-table.js'

export type { DecodedBlock } from './decoded-block.js'

/** What a decoder admits. */
export interface DecoderLimits extends ListLimits {
  /** The table size that is in force: what was advertised and acknowledged, or 4,096 before. */
  readonly tableBytes: number
}

const unbound = Number.POSITIVE_INFINITY

/** Decodes the header blocks of one direction of a connection, in the order of the wire (RFC 7541). */
export class HpackDecoder {
  readonly #limits: ListLimits
  readonly #table: DynamicTable
  readonly #reader = new BlockReader()
  readonly #cache = new BlockCache()
  #maxTableBytes: number
  /** The next block must start with a table size of at most this, as the table was larger than what was advertised. */
  #owedTableBytes = unbound

  constructor(limits: DecoderLimits) {
    this.#limits = { maxListBytes: limits.maxListBytes, maxFields: limits.maxFields }
    this.#table = new DynamicTable(limits.tableBytes)
    this.#maxTableBytes = limits.tableBytes
  }

  /** Bytes that the dynamic table takes at present. */
  get tableSize(): number {
    return this.#table.size
  }

  /** The table size that was advertised changed: our SETTINGS were acknowledged. */
  setTableBytes(bytes: number): void {
    this.#maxTableBytes = bytes
    if (bytes < this.#table.limit) this.#owedTableBytes = Math.min(this.#owedTableBytes, bytes)
  }

  /**
   * Decodes one complete block; its bytes are not kept. A block that repeats while the table stays as it is comes back
   * as the same object. Throws `HpackError` for a block that is malformed: the decoder is then of no use any more. A list
   * that is too large is no error: the block says so in `tooLarge`, and the table is right for the next one.
   */
  decode(block: Uint8Array): DecodedBlock {
    const generation = this.#table.generation
    if (this.#owedTableBytes === unbound) {
      const known = this.#cache.find(block, generation)
      if (known !== undefined) return known
    }
    this.#reader.open(block)
    this.#sizeUpdates()
    const decoded = this.#fields()
    this.#reader.open()
    if (!decoded.tooLarge && this.#table.generation === generation) this.#cache.keep(block, decoded)
    return decoded
  }

  /** Updates of the table size, which stand before the first field (4.2). */
  #sizeUpdates(): void {
    const reader = this.#reader
    while (reader.more && (reader.peek() & 0xe0) === 0x20) {
      const bytes = reader.integer(0x1f)
      if (bytes > Math.min(this.#maxTableBytes, this.#owedTableBytes)) {
        throw new HpackError('a table size is over the maximum that was advertised')
      }
      this.#owedTableBytes = unbound
      this.#table.resize(bytes)
    }
    if (this.#owedTableBytes !== unbound) throw new HpackError('a table size that had to be reduced was not')
  }

  #fields(): DecodedBlock {
    const reader = this.#reader
    const block = new DecodedBlock()
    while (reader.more) {
      const first = reader.peek()
      if (first >= 0x80) this.#indexed(block)
      else if (first >= 0x40) this.#literal(block, 0x3f)
      else if (first >= 0x20) throw new HpackError('a table size stands behind a field')
      else this.#literal(block, 0x0f)
    }
    return block
  }

  #indexed(block: DecodedBlock): void {
    const index = this.#reader.integer(0x7f)
    const name = this.#name(index)
    const value = index <= staticCount ? staticValues[index] : this.#table.value(index - staticCount - 1)
    block.add(name, value as string, this.#limits)
  }

  #literal(block: DecodedBlock, mask: 0x3f | 0x0f): void {
    const index = this.#reader.integer(mask)
    const name = index === 0 ? this.#reader.string() : this.#name(index)
    const value = this.#reader.string()
    if (mask === 0x3f) this.#table.insert(name, value)
    block.add(name, value, this.#limits)
  }

  #name(index: number): string {
    if (index === 0 || index > staticCount + this.#table.count) throw new HpackError(`no field has the index ${index}`)
    return index <= staticCount ? (staticNames[index] as string) : this.#table.name(index - staticCount - 1)
  }
}
