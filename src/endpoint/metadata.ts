import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'

/** A value of metadata: text, or bytes where the key ends in `-bin`. */
export type MetadataValue = string | Uint8Array

/** What metadata can be made of: `{ 'x-tenant': 'blue', 'x-roles': ['a', 'b'] }`. */
export type MetadataInit = Metadata | Readonly<Record<string, MetadataValue | readonly MetadataValue[]>>

const KEY = /^[0-9a-z_.-]+$/
// The edges may be spaces here; transports are allowed to strip them.
const TEXT = /^[\x20-\x7e]*$/

/**
 * Headers and trailers of a call: keys without case, several values a key, bytes under keys that end in `-bin`.
 *
 * Writing a key or value that gRPC cannot carry throws `INTERNAL`, naming the key.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests
 */
export class Metadata {
  readonly #values = new Map<string, MetadataValue[]>()

  constructor(init?: MetadataInit) {
    if (init !== undefined) this.merge(init)
  }

  /** The first text value of a key. */
  get(key: string): string | undefined {
    const value = this.#values.get(key.toLowerCase())?.[0]
    return typeof value === 'string' ? value : undefined
  }

  /** The first value of a `-bin` key. */
  getBytes(key: string): Uint8Array | undefined {
    const value = this.#values.get(key.toLowerCase())?.[0]
    return typeof value === 'object' ? value : undefined
  }

  /** All values of a key, in the order they were added. */
  getAll(key: string): readonly MetadataValue[] {
    return this.#values.get(key.toLowerCase()) ?? []
  }

  /** True if a key has a value. */
  has(key: string): boolean {
    return this.#values.has(key.toLowerCase())
  }

  /** Replaces all values of a key. */
  set(key: string, ...values: readonly MetadataValue[]): this {
    const name = key.toLowerCase()
    for (const value of values) check(name, value)
    this.#values.set(name, [...values])
    return this
  }

  /** Adds a value to a key. */
  append(key: string, value: MetadataValue): this {
    const name = key.toLowerCase()
    check(name, value)
    const values = this.#values.get(name)
    if (values) values.push(value)
    else this.#values.set(name, [value])
    return this
  }

  /** Removes a key with all its values; true if it had any. */
  delete(key: string): boolean {
    return this.#values.delete(key.toLowerCase())
  }

  /** Appends everything that `init` holds. */
  merge(init: MetadataInit): this {
    const entries = init instanceof Metadata ? init : Object.entries(init)
    for (const [key, value] of entries) {
      for (const one of Array.isArray(value) ? value : [value]) this.append(key, one)
    }
    return this
  }

  /** A copy that changes by itself. */
  clone(): Metadata {
    return new Metadata(this)
  }

  /** Keys, in lower case. */
  keys(): IterableIterator<string> {
    return this.#values.keys()
  }

  get size(): number {
    return this.#values.size
  }

  /** Each key with all its values. */
  [Symbol.iterator](): IterableIterator<[string, readonly MetadataValue[]]> {
    return this.#values.entries()
  }
}

function check(key: string, value: MetadataValue): void {
  if (!KEY.test(key)) throw new RpcError(Code.INTERNAL, `metadata key ${JSON.stringify(key)} is not a legal key`)
  const binary = key.endsWith('-bin')
  if (binary !== (typeof value === 'object')) {
    throw new RpcError(Code.INTERNAL, `metadata ${key} needs ${binary ? 'bytes' : 'text'} as its value`)
  }
  if (typeof value === 'string' && !TEXT.test(value)) {
    throw new RpcError(Code.INTERNAL, `metadata ${key} has a character outside printable ASCII`)
  }
}
