/** What an `LruMap` holds. */
export interface LruMapOptions<V> {
  /** Most entries, at least 1. */
  readonly maxKeys: number
  /** Called with each value that has to go. */
  readonly evicted?: ((value: V) => void) | undefined
}

/** A bounded map: a new entry takes the place of the one that was used longest ago. */
export class LruMap<K, V> {
  readonly #maxKeys: number
  readonly #evicted: ((value: V) => void) | undefined
  readonly #entries = new Map<K, V>()
  #latest: { readonly key: K; readonly value: V } | undefined

  /** Throws `RangeError` unless `maxKeys` is a whole number above 0. */
  constructor({ maxKeys, evicted }: LruMapOptions<V>) {
    if (!(Number.isInteger(maxKeys) && maxKeys > 0)) {
      throw new RangeError(`maxKeys must be a whole number above 0, not ${maxKeys}`)
    }
    this.#maxKeys = maxKeys
    this.#evicted = evicted
  }

  /** How many entries there are. */
  get size(): number {
    return this.#entries.size
  }

  /** What there is, that which was used longest ago first. Looking does not count as a use. */
  values(): IterableIterator<V> {
    return this.#entries.values()
  }

  /** The value of a key, which counts as a use; what `make` gives if there is none yet. */
  getOrAdd(key: K, make: (key: K) => V): V {
    if (this.#latest?.key === key) return this.#latest.value
    const value = this.#entries.get(key) ?? make(key)
    this.#entries.delete(key)
    this.#entries.set(key, value)
    this.#latest = { key, value }
    if (this.#entries.size > this.#maxKeys) this.#evict()
    return value
  }

  #evict(): void {
    for (const [key, value] of this.#entries) {
      this.#entries.delete(key)
      this.#evicted?.(value)
      return
    }
  }
}
