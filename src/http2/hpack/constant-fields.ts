import type { Fields } from '../http2.js'
import { fieldBound, type Target } from './block-writer.js'

/** Uses after which a constant has proved to be one: what it inserts may then drive other fields out. */
const provenUses = 64

/** Fields that are sent again and again, and their bytes as long as these stay right. */
export class ConstantFields {
  readonly fields: Fields
  /** Bytes that the fields take at most. */
  readonly bound: number
  #bytes: Uint8Array | undefined
  #generation = -1
  /** True if encoding them again could not make them shorter. */
  #settled = false
  #uses = 0

  constructor(fields: Fields) {
    this.fields = fields
    this.bound = boundOf(fields)
  }

  /** True if these fields were sent often enough since they were encoded. */
  get proven(): boolean {
    return this.#uses >= provenUses
  }

  /** Writes the bytes that were kept, if they are right for this generation of the table; false if not. */
  write(target: Target, generation: number): boolean {
    const bytes = this.#bytes
    this.#uses++
    if (bytes === undefined || generation !== this.#generation || (!this.#settled && this.proven)) return false
    copy(bytes, target)
    target.at += bytes.length
    return true
  }

  /** Keeps nothing, as the same fields are shorter next time. */
  drop(): void {
    this.#bytes = undefined
    this.#uses = 0
  }

  /** Keeps what was written, from `start` on. */
  keep(target: Target, start: number, state: { generation: number; settled: boolean }): void {
    this.#bytes = new Uint8Array(target.bytes.subarray(start, target.at))
    this.#generation = state.generation
    this.#settled = state.settled
    this.#uses = 0
  }
}

/** Bytes that fields take at most. */
export function boundOf(fields: Fields): number {
  let bound = (fields.length >> 1) * fieldBound
  for (let index = 0; index < fields.length; index++) bound += (fields[index] as string).length
  return bound
}

function copy(bytes: Uint8Array, target: Target): void {
  const { at } = target
  if (bytes.length > 48) target.bytes.set(bytes, at)
  else for (let index = 0; index < bytes.length; index++) target.bytes[at + index] = bytes[index] as number
}
