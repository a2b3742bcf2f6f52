const FIRST_SLOTS = 16

/**
 * Streams by their ids: a map of numbers for what comes and goes all the time.
 *
 * Not a `Map`, which is rebuilt every few dozen changes, and whose former selves still point to the streams that were in
 * them and to the next one: once one of them has grown old, the collector keeps all that came later until its next full run.
 */
export class StreamTable<T> {
  /** Ids and 0 where there is none; a power of two of them, of which less than half are taken. */
  #ids: number[] = []
  #streams: (T | undefined)[] = []
  #mask = -1
  #size = 0

  get size(): number {
    return this.#size
  }

  get(id: number): T | undefined {
    if (this.#size === 0) return undefined
    return this.#streams[this.#slotOf(id)]
  }

  /** Adds a stream under an id above 0 that has none. */
  set(id: number, stream: T): void {
    if (this.#size * 2 > this.#mask) this.#grow()
    const slot = this.#slotOf(id)
    this.#ids[slot] = id
    this.#streams[slot] = stream
    this.#size += 1
  }

  /** Removes the stream of an id, if there is one. */
  delete(id: number): void {
    if (this.#size === 0) return
    let hole = this.#slotOf(id)
    if (this.#ids[hole] !== id) return
    this.#size -= 1
    // Whatever was put further on because this slot was taken moves up, so that it is still found.
    for (let slot = this.#after(hole); this.#ids[slot] !== 0; slot = this.#after(slot)) {
      const home = this.#home(this.#ids[slot] as number)
      if (((slot - home) & this.#mask) < ((slot - hole) & this.#mask)) continue
      this.#ids[hole] = this.#ids[slot] as number
      this.#streams[hole] = this.#streams[slot]
      hole = slot
    }
    this.#ids[hole] = 0
    this.#streams[hole] = undefined
  }

  /** The streams that are there now, in no order. */
  values(): T[] {
    return this.#streams.filter((stream) => stream !== undefined)
  }

  /** Where an id is, or would be. */
  #slotOf(id: number): number {
    let slot = this.#home(id)
    while (this.#ids[slot] !== id && this.#ids[slot] !== 0) slot = this.#after(slot)
    return slot
  }

  /** The ids of one side are all odd or all even, and mostly in a row. */
  #home(id: number): number {
    return (id >>> 1) & this.#mask
  }

  #after(slot: number): number {
    return (slot + 1) & this.#mask
  }

  #grow(): void {
    const ids = this.#ids
    const streams = this.#streams
    const slots = Math.max(FIRST_SLOTS, ids.length * 2)
    this.#ids = new Array(slots).fill(0)
    this.#streams = new Array(slots).fill(undefined)
    this.#mask = slots - 1
    this.#size = 0
    for (const [slot, id] of ids.entries()) if (id > 0) this.set(id, streams[slot] as T)
    streams.length = 0
  }
}
