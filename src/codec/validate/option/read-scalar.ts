import type { EnumReference, EnumSchema, OptionValue, TypeReference } from '../../schema/schema.js'
import { RuleProblem, type RuleValue } from './rules.js'

/** Reads a value that is no message, of the type of its name or of an enum. */
export function scalarRule(type: string | EnumSchema, value: OptionValue, at: string): RuleValue {
  if (typeof type === 'object') return enumNumber(type, value, at)
  const read = typed(type, value)
  if (read === undefined) throw new RuleProblem(`${at} takes a value of type ${type}, not ${JSON.stringify(value)}`)
  return read
}

/** True of a reference to an enum. */
export function isEnum(type: string | TypeReference): type is EnumReference {
  return typeof type === 'object' && type.kind === 'enum'
}

/** The value as code has that type; `undefined` if it is none. */
function typed(type: string, value: OptionValue): RuleValue | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : undefined
    case 'bool':
      return typeof value === 'boolean' ? value : undefined
    case 'bytes':
      return typeof value === 'string' ? bytesOf(value) : undefined
    case 'double':
      return floating(value)
    case 'float': {
      const number = floating(value)
      return number === undefined ? undefined : Math.fround(number)
    }
    default:
      return type.endsWith('64') ? integer64(type, value) : integer32(type, value)
  }
}

function enumNumber({ fullName, values }: EnumSchema, value: OptionValue, at: string): number {
  const found = values.find(({ name, number }) => name === value || number === value)
  if (!found) throw new RuleProblem(`${at} takes a value of ${fullName}, not ${JSON.stringify(value)}`)
  return found.number
}

/** Escapes such as `\xff` arrive as the character of that number. */
function bytesOf(text: string): Uint8Array {
  const isLatin = [...text].every((letter) => (letter.codePointAt(0) ?? 0) < 256)
  return new Uint8Array(Buffer.from(text, isLatin ? 'latin1' : 'utf8'))
}

const WORDS: Readonly<Record<string, number>> = {
  inf: Infinity,
  '-inf': -Infinity,
  nan: NaN,
  Infinity,
  '-Infinity': -Infinity,
  NaN,
}

function floating(value: OptionValue): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value === '') return undefined
  const number = WORDS[value] ?? Number(value)
  return Number.isNaN(number) && WORDS[value] === undefined ? undefined : number
}

function integer32(type: string, value: OptionValue): number | undefined {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
  if (typeof number !== 'number') return undefined
  const fits = isUnsigned(type) ? number >>> 0 === number : (number | 0) === number
  return fits ? number + 0 : undefined
}

function integer64(type: string, value: OptionValue): bigint | undefined {
  const number = exactInteger(type, value)
  if (number === undefined) return undefined
  const fits = isUnsigned(type) ? BigInt.asUintN(64, number) === number : BigInt.asIntN(64, number) === number
  return fits ? number : undefined
}

/** `undefined` also for a number that has been rounded: the rule would say something else than was meant. */
function exactInteger(type: string, value: OptionValue): bigint | undefined {
  if (typeof value === 'string') return /^-?\d+$/.test(value) ? BigInt(value) : undefined
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined
  // As a number, the last integer of all becomes one too many.
  if (value === (isUnsigned(type) ? 2 ** 64 : 2 ** 63)) return BigInt(value) - 1n
  return Number.isSafeInteger(value) || value === -(2 ** 63) ? BigInt(value) : undefined
}

function isUnsigned(type: string): boolean {
  return type.startsWith('u') || type.startsWith('fixed')
}
