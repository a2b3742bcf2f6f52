import { isUint8Array } from 'node:util/types'
import type { Reader, Writer } from 'protobufjs/light.js'
import { isWellFormed } from './well-formed.js'

/** How values of one scalar type are checked, written and read. An enum is an `int32` here. */
export interface Scalar {
  /** For error texts: `int32`. */
  readonly name: string
  readonly wireType: 0 | 1 | 2 | 5
  /** Value of an absent field without presence. */
  readonly zero: unknown
  /** Whether a value has the right type and range. */
  fits(value: unknown): boolean
  /** Whether a value that fits is left out where presence is implicit. */
  isZero(value: unknown): boolean
  /** Writes a value that fits. */
  write(writer: Writer, value: never): void
  read(reader: Reader): unknown
}

type NumberMethod = 'int32' | 'uint32' | 'sint32' | 'fixed32' | 'sfixed32' | 'float' | 'double'
type LongMethod = 'int64' | 'uint64' | 'sint64' | 'fixed64' | 'sfixed64'

const isInt32 = (value: unknown): boolean => typeof value === 'number' && (value | 0) === value
const isUint32 = (value: unknown): boolean => typeof value === 'number' && value >>> 0 === value
const isInt64 = (value: unknown): boolean => typeof value === 'bigint' && BigInt.asIntN(64, value) === value
const isUint64 = (value: unknown): boolean => typeof value === 'bigint' && BigInt.asUintN(64, value) === value
const isDouble = (value: unknown): boolean => typeof value === 'number'
// A finite number that rounds to infinity is out of range, as in ProtoJSON.
const isFloat = (value: unknown): boolean =>
  typeof value === 'number' && (Number.isFinite(Math.fround(value)) || !Number.isFinite(value))
const isBool = (value: unknown): boolean => typeof value === 'boolean'
const isText = (value: unknown): boolean => typeof value === 'string' && isWellFormed(value)

function numeric(name: NumberMethod, wireType: 0 | 1 | 5, fits: (value: unknown) => boolean): Scalar {
  return {
    name,
    wireType,
    zero: 0,
    fits,
    // Minus zero is not the default: it must reach the other side.
    isZero: (value) => Object.is(value, 0),
    write: (writer, value) => void writer[name](value),
    read: (reader) => reader[name](),
  }
}

function long(name: LongMethod, wireType: 0 | 1, fits: (value: unknown) => boolean): Scalar {
  return {
    name,
    wireType,
    zero: 0n,
    fits,
    isZero: (value) => value === 0n,
    write: (writer, value) => void writer[name](toLong(value)),
    read: (reader) => fromLong(reader[name]()),
  }
}

/** The two halves of a 64-bit integer, as the protobuf library takes and gives them. */
interface Long {
  readonly low: number
  readonly high: number
  readonly unsigned: boolean
}

const SAFE = BigInt(Number.MAX_SAFE_INTEGER)
const MASK = 0xffffffffn

function toLong(value: bigint): number | Long {
  // Almost every integer is a safe one, and a number is far cheaper to take apart than a bigint.
  if (value <= SAFE && value >= -SAFE) return Number(value)
  return { low: Number(value & MASK) | 0, high: Number((value >> 32n) & MASK) | 0, unsigned: value > 0n }
}

function fromLong({ low, high, unsigned }: Long): bigint {
  const upper = unsigned ? high >>> 0 : high
  if (upper < 0x200000 && upper >= -0x200000) return BigInt(upper * 0x100000000 + (low >>> 0))
  return (BigInt(upper) << 32n) | BigInt(low >>> 0)
}

function string(read: (reader: Reader) => string): Scalar {
  return {
    name: 'string',
    wireType: 2,
    zero: '',
    fits: isText,
    isZero: (value) => value === '',
    write: (writer, value) => void writer.string(value),
    read,
  }
}

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
  string((reader) => reader.stringVerify()),
  {
    name: 'bool',
    wireType: 0,
    zero: false,
    fits: isBool,
    isZero: (value) => value === false,
    write: (writer, value) => void writer.bool(value),
    read: (reader) => reader.bool(),
  },
  {
    name: 'bytes',
    wireType: 2,
    zero: new Uint8Array(0),
    fits: isUint8Array,
    isZero: (value) => (value as Uint8Array).length === 0,
    write: (writer, value) => void writer.bytes(value),
    // A copy: what the library returns is a view of the buffer that is read.
    read: (reader) => new Uint8Array(reader.bytes()),
  },
]

const byName = new Map(scalars.map((scalar) => [scalar.name, scalar]))

/** Strings of proto2 files: bytes that are not UTF-8 become replacement characters instead of an error. */
export const lenientString: Scalar = string((reader) => reader.string())

/** The scalar type of a name as in a `.proto` file; `undefined` if it is none. */
export function scalarOf(name: string): Scalar | undefined {
  return byName.get(name)
}
