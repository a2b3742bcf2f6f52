import { isUint8Array } from 'node:util/types'
import { isWellFormed } from './well-formed.js'
import { isFloat, isInt32, isInt64, isUint32, isUint64 } from './wire/scalar-write.js'

/** What values of one scalar type are. An enum is an `int32` here. */
export interface Scalar {
  /** For error texts: `int32`. */
  readonly name: string
  readonly wireType: 0 | 1 | 2 | 5
  /** Value of an absent field without presence. */
  readonly zero: unknown
  /** Whether a value has the right type and range. */
  fits(value: unknown): boolean
}

const isDouble = (value: unknown): boolean => typeof value === 'number'
const isBool = (value: unknown): boolean => typeof value === 'boolean'
const isText = (value: unknown): boolean => typeof value === 'string' && isWellFormed(value)

function numeric(name: string, wireType: 0 | 1 | 5, fits: (value: unknown) => boolean): Scalar {
  return { name, wireType, zero: 0, fits }
}

function long(name: string, wireType: 0 | 1, fits: (value: unknown) => boolean): Scalar {
  return { name, wireType, zero: 0n, fits }
}

const string: Scalar = { name: 'string', wireType: 2, zero: '', fits: isText }

const scalars: readonly Scalar[] = [
  numeric('int32', 0, isInt32),
  numeric('uint32', 0, isUint32),
  numeric('sint32', 0, isInt32),
  numeric('fixed32', 5, isUint32),
  numeric('sfixed32', 5, isInt32),
  numeric('float', 5, isFloat),
  numeric('double', 1, isDouble),
  long('int64', 0, isInt64),
  long('uint64', 0, isUint64),
  long('sint64', 0, isInt64),
  long('fixed64', 1, isUint64),
  long('sfixed64', 1, isInt64),
  string,
  { name: 'bool', wireType: 0, zero: false, fits: isBool },
  { name: 'bytes', wireType: 2, zero: new Uint8Array(0), fits: isUint8Array },
]

const byName = new Map(scalars.map((scalar) => [scalar.name, scalar]))

/** Strings of proto2 files: bytes that are not UTF-8 become replacement characters instead of an error. */
export const lenientString: Scalar = { ...string }

/** The scalar type of a name as in a `.proto` file; `undefined` if it is none. */
export function scalarOf(name: string): Scalar | undefined {
  return byName.get(name)
}
