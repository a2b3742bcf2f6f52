/** Tags up to here, of the fields 1 to 127, are looked up in an array: most messages have no others. */
const DENSE = 1024

/** What there is for each tag of a message. */
export class TagTable<T> {
  readonly #dense: (T | undefined)[] = []
  readonly #sparse = new Map<number, T>()

  set(tag: number, value: T): void {
    if (tag >= DENSE) this.#sparse.set(tag, value)
    else {
      while (this.#dense.length <= tag) this.#dense.push(undefined)
      this.#dense[tag] = value
    }
  }

  get(tag: number): T | undefined {
    return tag < this.#dense.length ? this.#dense[tag] : this.#sparse.get(tag)
  }
}
