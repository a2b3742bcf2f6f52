import type { Fields, HeaderBlock } from '../http2.js'
import type { FieldCheck } from './regular-fields.js'

const places = 8

/** What was found out about blocks that repeat, and so are one and the same object. Holds the last eight. */
export class CheckCache {
  readonly #check: (fields: Fields) => FieldCheck
  readonly #blocks: HeaderBlock[] = []
  readonly #checks: FieldCheck[] = []
  #next = 0

  constructor(check: (fields: Fields) => FieldCheck) {
    this.#check = check
  }

  /** Checks a block, unless that was done. */
  of(block: HeaderBlock): FieldCheck {
    const place = this.#blocks.indexOf(block)
    if (place >= 0) return this.#checks[place] as FieldCheck
    const check = this.#check(block.fields)
    this.#blocks[this.#next] = block
    this.#checks[this.#next] = check
    this.#next = (this.#next + 1) % places
    return check
  }
}
