import type { Scalar } from './scalar.js'

/** Keys of a map field. In TypeScript they are properties, and so strings. */
export interface MapKey {
  readonly scalar: Scalar
  /** Makes the scalar of a property name; `undefined` if it does not fit. */
  parse(key: string): unknown
}

/** The map keys of a scalar type. */
export function mapKeyOf(scalar: Scalar): MapKey {
  return { scalar, parse: parserOf(scalar) }
}

function parserOf(scalar: Scalar): (key: string) => unknown {
  if (scalar.name === 'string') return (key) => (scalar.fits(key) ? key : undefined)
  if (scalar.name === 'bool') return (key) => (key === 'true' ? true : key === 'false' ? false : undefined)
  const parse = typeof scalar.zero === 'bigint' ? BigInt : Number
  return (key) => {
    const value = /^-?\d{1,20}$/.test(key) ? parse(key) : undefined
    return scalar.fits(value) ? value : undefined
  }
}
