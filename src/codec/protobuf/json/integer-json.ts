import type { JsonValue } from '../../message-codec.js'
import { Misfit, misfit } from '../misfit.js'
import type { Scalar } from '../scalar.js'
import type { ValueJson } from './value-json.js'

/** A number as JSON has it, in parts. */
export const NUMBER = /^-?(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/
/** What is an integer of 32 bits without a closer look. */
const SHORT = /^(?:0|-?[1-9]\d{0,8})$/
const PLAIN = /^(?:0|-?[1-9]\d{0,19})$/
/** Digits of the greatest integer of 64 bits. */
const DIGITS = 20

/** The JSON of integers of 32 bits: a number; text is taken too. */
export function integerJson({ name, fits }: Scalar): ValueJson {
  return {
    write(value) {
      if (!fits(value)) throw misfit(name, value)
      // An integer has no minus zero.
      return (value as number) + 0
    },
    read(json) {
      if (fits(json)) return (json as number) + 0
      const value = Number(typeof json === 'string' && SHORT.test(json) ? json : integerOf(json, name))
      if (!fits(value)) throw outOfRange(name)
      return value
    },
  }
}

/** The JSON of integers of 64 bits: text; a number is taken too, to the precision that JSON has. */
export function longJson({ name, fits }: Scalar): ValueJson {
  return {
    write(value) {
      if (!fits(value)) throw misfit(name, value)
      return String(value)
    },
    read(json) {
      const value = integerOf(json, name)
      if (!fits(value)) throw outOfRange(name)
      return value
    },
  }
}

function integerOf(json: JsonValue, name: string): bigint {
  if (typeof json === 'string') return PLAIN.test(json) ? BigInt(json) : integerOfText(json, name)
  if (typeof json !== 'number') throw misfit(`${name}, as a number or as text`, json)
  // Greater than any number of 64 bits, and maybe not finite.
  if (Math.abs(json) > 2 ** 64) throw outOfRange(name)
  if (!Number.isInteger(json)) throw new Misfit('not an integer')
  return BigInt(json)
}

/** Integers in every way that JSON can write them: with an exponent, with a fraction of zeros. */
function integerOfText(text: string, name: string): bigint {
  const [, whole, fraction = '', exponent = '0'] = NUMBER.exec(text) ?? []
  if (whole === undefined) throw new Misfit(`not a number, where ${name} is expected`)
  const digits = whole + fraction
  const last = lastDigit(digits)
  if (last < 0) return 0n
  const zeros = Number(exponent) - fraction.length + digits.length - 1 - last
  if (zeros < 0) throw new Misfit('not an integer')
  if (last + 1 + zeros > DIGITS + leadingZeros(digits)) throw outOfRange(name)
  const size = BigInt(digits.slice(0, last + 1)) * 10n ** BigInt(zeros)
  return text.startsWith('-') ? -size : size
}

/** Place of the last digit that is not zero; -1 without one. */
function lastDigit(digits: string): number {
  let at = digits.length - 1
  while (at >= 0 && digits[at] === '0') at--
  return at
}

function leadingZeros(digits: string): number {
  let at = 0
  while (digits[at] === '0') at++
  return at
}

function outOfRange(name: string): Misfit {
  return new Misfit(`out of range for ${name}`)
}
