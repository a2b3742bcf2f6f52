import type { Reader, Writer } from 'protobufjs/light.js'

/** How values of a scalar type are on the wire. An enum is an `int32`. */
export interface Primitive {
  readonly wireType: 0 | 1 | 2 | 5
  fits(value: unknown): boolean
  write(writer: Writer, value: never): void
  read(reader: Reader): unknown
}

type NumberType = 'int32' | 'uint32' | 'sint32' | 'fixed32' | 'sfixed32' | 'float' | 'double'

function numeric(name: NumberType, wireType: 0 | 1 | 5, fits: (value: number) => boolean): Primitive {
  return {
    wireType,
    fits: (value) => typeof value === 'number' && fits(value),
    write: (writer, value) => void writer[name](value),
    read: (reader) => reader[name](),
  }
}

/** 64 bits, as a bigint; `toBits` and `fromBits` turn values into what the wire has, and back. */
interface Long {
  readonly fits: (value: bigint) => boolean
  readonly toBits: (value: bigint) => bigint
  readonly fromBits: (bits: bigint) => bigint
}

const asSigned = (value: bigint): bigint => BigInt.asIntN(64, value)
const asUnsigned = (value: bigint): bigint => BigInt.asUintN(64, value)
const SIGNED: Long = { fits: (value) => asSigned(value) === value, toBits: asUnsigned, fromBits: asSigned }
const UNSIGNED: Long = { fits: (value) => asUnsigned(value) === value, toBits: (value) => value, fromBits: asUnsigned }
const ZIGZAG: Long = {
  ...SIGNED,
  toBits: (value) => asUnsigned((value << 1n) ^ (value >> 63n)),
  fromBits: (bits) => (bits >> 1n) ^ -(bits & 1n),
}

function varint({ fits, toBits, fromBits }: Long): Primitive {
  return {
    wireType: 0,
    fits: (value) => typeof value === 'bigint' && fits(value),
    write: (writer, value) => {
      let bits = toBits(value)
      for (; bits > 127n; bits >>= 7n) writer.raw(Uint8Array.of(Number(bits & 127n) | 128))
      writer.raw(Uint8Array.of(Number(bits)))
    },
    read: (reader) => {
      const start = reader.pos
      reader.skipType(0)
      const bytes = [...reader.buf.subarray(start, reader.pos)].reverse()
      return fromBits(asUnsigned(bytes.reduce((bits, byte) => (bits << 7n) | BigInt(byte & 127), 0n)))
    },
  }
}

function fixed({ fits, toBits, fromBits }: Long): Primitive {
  return {
    wireType: 1,
    fits: (value) => typeof value === 'bigint' && fits(value),
    write: (writer, value) => {
      const bits = toBits(value)
      writer.fixed32(Number(bits & 0xffffffffn)).fixed32(Number(bits >> 32n))
    },
    read: (reader) => {
      const low = BigInt(reader.fixed32())
      return fromBits((BigInt(reader.fixed32()) << 32n) | low)
    },
  }
}

const isInt32 = (value: number): boolean => (value | 0) === value
const isUint32 = (value: number): boolean => value >>> 0 === value

const primitives: Readonly<Record<string, Primitive>> = {
  int32: numeric('int32', 0, isInt32),
  uint32: numeric('uint32', 0, isUint32),
  sint32: numeric('sint32', 0, isInt32),
  fixed32: numeric('fixed32', 5, isUint32),
  sfixed32: numeric('sfixed32', 5, isInt32),
  float: numeric('float', 5, () => true),
  double: numeric('double', 1, () => true),
  int64: varint(SIGNED),
  uint64: varint(UNSIGNED),
  sint64: varint(ZIGZAG),
  fixed64: fixed(UNSIGNED),
  sfixed64: fixed(SIGNED),
  bool: {
    wireType: 0,
    fits: (value) => typeof value === 'boolean',
    write: (writer, value) => void writer.bool(value),
    read: (reader) => reader.bool(),
  },
  string: {
    wireType: 2,
    fits: (value) => typeof value === 'string',
    write: (writer, value) => void writer.string(value),
    read: (reader) => reader.string(),
  },
  bytes: {
    wireType: 2,
    fits: (value) => value instanceof Uint8Array,
    write: (writer, value) => void writer.bytes(value),
    // A copy: what the library returns is a view of the buffer that is read.
    read: (reader) => new Uint8Array(reader.bytes()),
  },
}

/** The scalar type of a name as in a `.proto` file; throws if there is none. */
export function primitiveOf(name: string): Primitive {
  const primitive = Object.hasOwn(primitives, name) ? primitives[name] : undefined
  if (!primitive) throw new Error(`there is no type ${name}`)
  return primitive
}
