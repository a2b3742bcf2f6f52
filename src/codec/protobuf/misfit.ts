import { isWellFormed } from './well-formed.js'

const LONGEST_STEP = 60
const LONGEST_PATH = 300

/** A value that does not fit its field. The path grows on the way up from the field to the outermost message. */
export class Misfit extends Error {
  /** In the names that the value has its fields under. */
  path: string
  /** The same in words of the contract: `order_items[0].labels["color"]`. */
  field: string

  constructor(problem: string, path = '') {
    super(problem)
    this.path = path
    this.field = path
  }

  /** Names the field, element or map entry that the problem is in, and how the contract names it if that differs. */
  within(step: string, ofContract = step): this {
    this.path = joined(step, this.path)
    this.field = joined(ofContract, this.field)
    return this
  }
}

function joined(step: string, path: string): string {
  return path === '' || path.startsWith('[') ? step + path : `${step}.${path}`
}

/** A path for a text: of a long one, its two ends. */
export function shortPath(path: string): string {
  if (path.length <= LONGEST_PATH) return path
  const half = LONGEST_PATH / 2
  return `${path.slice(0, half)}…${path.slice(-half)}`
}

/** Says what a value should have been. Text is not repeated: the message may cross the wire. */
export function misfit(expected: string, value: unknown): Misfit {
  return new Misfit(`expected ${expected}, got ${describe(value)}`)
}

/** A step of a path, by a name that may be any text: `.total`, `["a b"]`. Of a long one, its beginning. */
export function member(name: string, path: string): string {
  const short = name.length > LONGEST_STEP ? `${name.slice(0, LONGEST_STEP)}…` : name
  if (!/^[A-Za-z_$][\w$]*$/.test(short)) return `[${JSON.stringify(short)}]`
  return path === '' ? short : `.${short}`
}

/** A step of a path to an entry of a map, by its key: `["a b"]`, `[5]`, `[true]`. Of a long one, its beginning. */
export function entry(key: string, type: string): string {
  const short = key.length > LONGEST_STEP ? `${key.slice(0, LONGEST_STEP)}…` : key
  return type === 'string' || !/^(-?\d+|true|false)$/.test(short) ? `[${JSON.stringify(short)}]` : `[${short}]`
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number' || typeof value === 'bigint') return `${typeof value} ${value}`
  if (typeof value === 'string') return isWellFormed(value) ? 'a string' : 'a string with half of a surrogate pair'
  return typeof value
}
