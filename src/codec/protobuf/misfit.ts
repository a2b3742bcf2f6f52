import { isWellFormed } from './well-formed.js'

/** A value that does not fit its field. The path grows on the way up from the field to the outermost message. */
export class Misfit extends Error {
  path = ''

  /** Names the field, the element or the map entry that the problem is in. */
  within(step: string): this {
    this.path = this.path === '' || this.path.startsWith('[') ? step + this.path : `${step}.${this.path}`
    return this
  }
}

/** Says what a value should have been. Long values are not repeated: the text may cross the wire. */
export function misfit(expected: string, value: unknown): Misfit {
  return new Misfit(`expected ${expected}, got ${describe(value)}`)
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number' || typeof value === 'bigint') return `${typeof value} ${value}`
  if (typeof value === 'string') return isWellFormed(value) ? 'a string' : 'a string with half of a surrogate pair'
  return typeof value
}
