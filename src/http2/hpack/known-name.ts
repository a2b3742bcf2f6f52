import { type DynamicTable, entryOverhead } from './dynamic-table.js'
import { staticCount, staticNames, staticValues } from './static-table.js'

const insertionCost = 4
const maxCredit = 16
/** Literals that must write out a name before one is inserted for the sake of the name: at first, and again. */
const firstNameWait = 1
const nextNameWait = 16
const sensitiveNames = new Set(['authorization', 'cookie', 'set-cookie', 'proxy-authorization'])
const sensitiveLength = 20

const staticIndexes = new Map<string, number>()
for (let index = staticCount; index > 0; index--) staticIndexes.set(staticNames[index] as string, index)

/** What an encoder knows of the fields with one name. */
export class KnownName {
  readonly name: string
  /** The first index in the static table; 0 if there is none. */
  readonly #staticIndex: number
  readonly #sensitive: boolean
  /** Numbers of entries of the dynamic table, newest first; the last ones may be evicted. */
  readonly #entries: number[] = []
  /** The last two values that were sent as literals. */
  #latest: string | undefined
  #earlier: string | undefined
  /** Values that vary may be inserted while those that were are in use: an insertion costs 4, a use gives 1. */
  #credit = 2 * insertionCost
  #nameWait = firstNameWait

  constructor(name: string) {
    this.name = name
    this.#staticIndex = staticIndexes.get(name) ?? 0
    this.#sensitive = sensitiveNames.has(name)
  }

  /** The index of the field with a value; 0 if there is none. */
  find(value: string, table: DynamicTable): number {
    for (let index = this.#staticIndex; index > 0 && staticNames[index] === staticNames[this.#staticIndex]; index++) {
      if (staticValues[index] === value) return index
    }
    const entries = this.#entries
    for (let index = 0; index < entries.length; index++) {
      const position = table.position(entries[index] as number)
      if (position < 0) entries.length = index
      else if (table.value(position) === value) return this.#use(position)
    }
    return 0
  }

  /** The index of any field with this name; 0 if there is none. */
  index(table: DynamicTable): number {
    if (this.#staticIndex > 0) return this.#staticIndex
    const newest = this.#entries[0]
    const position = newest === undefined ? -1 : table.position(newest)
    return position < 0 ? 0 : staticCount + 1 + position
  }

  /** Short secrets could be guessed by their size: nobody may index them (RFC 7541, 7.1). */
  isSecret(value: string): boolean {
    return this.#sensitive && value.length < sensitiveLength
  }

  /**
   * Takes note of a value that is about to be sent as a literal. True if it pays to insert it: it was seen lately and is
   * likely to be again, or the name is in no table and was sent before.
   */
  recurs(value: string, table: DynamicTable): boolean {
    if (this.index(table) === 0 && this.#nameWait-- === 0) {
      this.#nameWait = nextNameWait
      return true
    }
    if (value === this.#latest || value === this.#earlier) {
      if (this.#credit < insertionCost) return false
      this.#credit -= insertionCost
      return true
    }
    this.#earlier = this.#latest
    this.#latest = value
    return false
  }

  /** What the field with a value takes in the table, in bytes. */
  entrySize(value: string): number {
    return this.name.length + value.length + entryOverhead
  }

  /** Inserts the field with a value into the table. */
  insert(value: string, table: DynamicTable): void {
    table.insert(this.name, value)
    this.#entries.unshift(table.inserted)
  }

  #use(position: number): number {
    if (this.#credit < maxCredit) this.#credit++
    return staticCount + 1 + position
  }
}
