import type { Enum } from 'protobufjs/light.js'
import type { JsonValue } from '../../message-codec.js'
import type { Scalar } from '../scalar.js'

/**
 * Turns one value of a field into ProtoJSON and back. Only for values that are exactly as they should be: for any other,
 * legal or not, the result is `undefined`, and the message goes the long way.
 */
export interface ValueJson {
  write(value: unknown, depth: number): JsonValue | undefined
  read(json: JsonValue, depth: number): unknown
}

const INTEGER = /^(?:0|-?[1-9]\d{0,19})$/
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** The JSON of a scalar type. */
export function scalarJson(scalar: Scalar): ValueJson {
  if (scalar.name === 'bytes') return bytesJson
  if (scalar.name === 'float') return floatJson(scalar)
  if (typeof scalar.zero === 'bigint') return longJson(scalar)
  const { fits } = scalar
  return {
    // JSON has no numbers but the finite.
    write: (value) => (fits(value) && isWritable(value) ? (value as JsonValue) : undefined),
    // An integer has no minus zero.
    read: (json) => (fits(json) ? (json === 0 && scalar.name !== 'double' ? 0 : json) : undefined),
  }
}

/** The JSON of an enum: a name, or a number that has none. */
export function enumJson({ values, valuesById }: Enum, scalar: Scalar): ValueJson {
  const names = new Map(Object.entries(valuesById).map(([number, name]) => [Number(number), name]))
  const numbers = new Map(Object.entries(values))
  return {
    write: (value) => (scalar.fits(value) ? (names.get(value as number) ?? (value as number)) : undefined),
    read: (json) => (typeof json === 'string' ? numbers.get(json) : scalar.fits(json) ? json : undefined),
  }
}

function floatJson({ fits }: Scalar): ValueJson {
  return {
    write: (value) => (fits(value) && isWritable(value) ? Math.fround(value as number) : undefined),
    read: (json) => (fits(json) ? Math.fround(json as number) : undefined),
  }
}

function longJson({ fits }: Scalar): ValueJson {
  const checked = (value: bigint): bigint | undefined => (fits(value) ? value : undefined)
  return {
    write: (value) => (fits(value) ? String(value) : undefined),
    read(json) {
      if (typeof json === 'string') return INTEGER.test(json) ? checked(BigInt(json)) : undefined
      return Number.isSafeInteger(json) ? checked(BigInt(json as number)) : undefined
    },
  }
}

const bytesJson: ValueJson = {
  write(value) {
    if (!(value instanceof Uint8Array)) return undefined
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  },
  read: (json) =>
    typeof json === 'string' && BASE64.test(json) ? new Uint8Array(Buffer.from(json, 'base64')) : undefined,
}

function isWritable(value: unknown): boolean {
  return typeof value !== 'number' || Number.isFinite(value)
}
