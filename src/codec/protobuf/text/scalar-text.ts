import { textOfJson } from '../../json-text.js'
import { scalarJson } from '../json/scalar-json.js'
import { type Scalar, scalarOf } from '../scalar.js'

/** Writes a value as JSON text. Throws a `Misfit`, without a path, if it does not fit. */
export type WriteText = (value: unknown, depth: number) => string

/** The characters that stand in JSON text as they are: all but quotes, backslashes, controls and halves of pairs. */
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/

/** Writes a scalar as JSON text. */
export function scalarText(scalar: Scalar): WriteText {
  const { write } = scalarJson(scalar)
  const other = (value: unknown): string => textOfJson(write(value, 0))
  const { fits } = scalar
  // Spelled out kind by kind: engines make code fast that sees values of one kind.
  if (scalar.name === 'string')
    return (value) => (typeof value === 'string' && PLAIN.test(value) ? `"${value}"` : other(value))
  if (scalar.name === 'bool') return (value) => (value === true ? 'true' : other(value))
  if (scalar.name === 'double')
    return (value) => (typeof value === 'number' && value > 0 && value < Infinity ? `${value}` : other(value))
  if (typeof scalar.zero === 'bigint') return (value) => (fits(value) ? `"${value}"` : other(value))
  if (scalar.name === 'float' || scalar.name === 'bytes') return other
  return (value) => (fits(value) ? `${value}` : other(value))
}

/** Writes a string as JSON text. */
export const quote = scalarText(scalarOf('string') as Scalar)
