import type { OptionLiteral } from '../proto-syntax/syntax.js'

/** A value that was written. */
export interface WrittenScalar {
  readonly literal: OptionLiteral
  /** In messages, truth and infinity have more forms. */
  readonly inMessage: boolean
}

/** What a value of a scalar type would be, if the one that was written is none. */
export function scalarProblem(type: string, { literal, inMessage }: WrittenScalar): string | undefined {
  if (type === 'string' || type === 'bytes')
    return literal.kind === 'string' ? undefined : 'a text in quotes is expected'
  const text = 'text' in literal && literal.kind !== 'string' ? literal.text : ''
  if (type === 'bool') {
    const truths = inMessage ? /^(true|false|True|False|t|f|0|1)$/ : /^(true|false)$/
    return truths.test(text) ? undefined : 'true or false is expected'
  }
  if (type === 'float' || type === 'double') {
    const isNumber = literal.kind === 'integer' || literal.kind === 'float' || /^-?(inf|nan|infinity)$/i.test(text)
    return isNumber ? undefined : 'a number is expected'
  }
  if (literal.kind === 'integer' && fits(type, numberOf(text))) return undefined
  return `an integer of the type ${type} is expected`
}

function numberOf(text: string): bigint {
  const magnitude = text.replace(/^-/, '')
  const value = BigInt(/^0[0-7]+$/.test(magnitude) ? `0o${magnitude}` : magnitude)
  return text.startsWith('-') ? -value : value
}

function fits(type: string, value: bigint): boolean {
  const size = type.endsWith('64') ? 64 : 32
  return value === (/^(uint|fixed)/.test(type) ? BigInt.asUintN(size, value) : BigInt.asIntN(size, value))
}
