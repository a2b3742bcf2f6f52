import type { DecodedBlock } from './decoded-block.js'

const slots = 32
const maxBytes = 1024

interface Kept {
  readonly bytes: Uint8Array
  readonly block: DecodedBlock
  readonly generation: number
}

/**
 * Blocks that left the table as it was, by their bytes: at most 32 of at most 1,024 bytes, each good for one generation
 * of the table. A place that is taken goes to another block when that one comes twice in a row, so that blocks that
 * never repeat cost next to nothing and drive nothing out.
 */
export class BlockCache {
  readonly #kept: (Kept | undefined)[] = new Array(slots).fill(undefined)
  readonly #waiting = new Int32Array(slots)
  #hash = 0
  #generation = 0

  /** The block with these bytes that was kept in this generation of the table. */
  find(bytes: Uint8Array, generation: number): DecodedBlock | undefined {
    this.#generation = generation
    if (bytes.length > maxBytes) return undefined
    this.#hash = hash(bytes)
    const kept = this.#kept[this.#hash & (slots - 1)]
    if (kept === undefined || kept.generation !== generation || !equal(kept.bytes, bytes)) return undefined
    return kept.block
  }

  /** Keeps the block that `find` was last asked for, and did not know. */
  keep(bytes: Uint8Array, block: DecodedBlock): void {
    if (bytes.length > maxBytes) return
    const slot = this.#hash & (slots - 1)
    const free = this.#kept[slot]?.generation !== this.#generation
    if (free || this.#waiting[slot] === this.#hash) {
      this.#kept[slot] = { bytes: new Uint8Array(bytes), block, generation: this.#generation }
    } else this.#waiting[slot] = this.#hash
  }
}

/** Of short blocks every byte counts, of others one in as many as makes about 64. */
function hash(bytes: Uint8Array): number {
  const length = bytes.length
  const step = (length >> 6) + 1
  let value = length
  for (let at = 0; at < length; at += step) value = Math.imul(value ^ (bytes[at] as number), 0x01000193)
  return value ^ (value >>> 15)
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  const length = left.length
  if (length !== right.length) return false
  for (let at = 0; at < length; at++) if (left[at] !== right[at]) return false
  return true
}
