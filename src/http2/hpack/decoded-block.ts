import type { HeaderBlock } from '../http2.js'
import { entryOverhead } from './dynamic-table.js'

/** How long a list of fields may be. */
export interface ListLimits {
  /** Bytes of names and values, and 32 more for each field. */
  readonly maxListBytes: number
  readonly maxFields: number
}

/** A header block as it came out of the decoder. */
export class DecodedBlock implements HeaderBlock {
  readonly fields: string[] = []
  size = 0
  memo: unknown = undefined
  /** True if the list broke a limit. `fields` and `size` are then what fitted. */
  tooLarge = false

  /** Adds a field, unless it or one before broke a limit. */
  add(name: string, value: string, limits: ListLimits): void {
    const size = this.size + name.length + value.length + entryOverhead
    if (this.tooLarge || size > limits.maxListBytes || this.fields.length >= limits.maxFields * 2) {
      this.tooLarge = true
      return
    }
    this.size = size
    this.fields.push(name, value)
  }
}
