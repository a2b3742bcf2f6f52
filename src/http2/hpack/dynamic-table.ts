/** What an entry takes beside its name and value, in bytes (RFC 7541, 4.1). */
export const entryOverhead = 32

const firstSlots = 8

/**
 * The fields that one side told the other, newest first (RFC 7541, 2.3.2): a ring that grows to what its limit admits.
 * Entries are numbered from 1 on in the order of insertion; `position` turns that number into today's index.
 */
export class DynamicTable {
  #names: string[] = []
  #values: string[] = []
  #mask = -1
  #limit: number
  #size = 0
  #count = 0
  #inserted = 0
  #generation = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Bytes that the entries may take. */
  get limit(): number {
    return this.#limit
  }

  /** Bytes that the entries take. */
  get size(): number {
    return this.#size
  }

  get count(): number {
    return this.#count
  }

  /** The number of the newest entry. */
  get inserted(): number {
    return this.#inserted
  }

  /** Another number whenever entries came, went or moved. */
  get generation(): number {
    return this.#generation
  }

  /** The name of an entry, 0 being the newest. The caller has checked it against `count`. */
  name(position: number): string {
    return this.#names[(this.#inserted - position) & this.#mask] as string
  }

  value(position: number): string {
    return this.#values[(this.#inserted - position) & this.#mask] as string
  }

  /** Where the entry with a number stands, 0 being the newest; -1 if it was evicted. */
  position(number: number): number {
    const position = this.#inserted - number
    return position < this.#count ? position : -1
  }

  /** Inserts a field and evicts what has no room any more. One that is larger than the table empties it (4.4). */
  insert(name: string, value: string): void {
    const size = name.length + value.length + entryOverhead
    this.#generation++
    this.#evict(this.#limit - size)
    if (size > this.#limit) return
    if (this.#count > this.#mask) this.#grow()
    const slot = ++this.#inserted & this.#mask
    this.#names[slot] = name
    this.#values[slot] = value
    this.#size += size
    this.#count++
  }

  /** Sets the limit, and evicts what is over it. */
  resize(limit: number): void {
    this.#generation++
    this.#limit = limit
    this.#evict(limit)
  }

  #evict(size: number): void {
    while (this.#count > 0 && this.#size > size) {
      const slot = (this.#inserted - --this.#count) & this.#mask
      this.#size -= entryOverhead + (this.#names[slot] as string).length + (this.#values[slot] as string).length
      this.#names[slot] = ''
      this.#values[slot] = ''
    }
  }

  #grow(): void {
    const slots = Math.max(firstSlots, this.#names.length * 2)
    const mask = slots - 1
    const names: string[] = new Array(slots).fill('')
    const values: string[] = new Array(slots).fill('')
    for (let position = 0; position < this.#count; position++) {
      const slot = (this.#inserted - position) & mask
      names[slot] = this.name(position)
      values[slot] = this.value(position)
    }
    this.#names = names
    this.#values = values
    this.#mask = mask
  }
}
