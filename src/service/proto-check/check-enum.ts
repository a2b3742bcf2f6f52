import type { EnumSyntax, FileSyntax, ValueSyntax } from '../proto-syntax/syntax.js'
import { overlaps, reservedFindings } from './check-ranges.js'
import type { Finding } from './finding.js'
import { isSet } from './set-option.js'

const MAX = 2 ** 31 - 1

/** What is wrong with an enum. */
export function enumFindings(type: EnumSyntax, { edition }: FileSyntax): Finding[] {
  const { name, values, reserved } = type
  const [first] = values
  if (!first) return [{ at: name.at, text: `enum ${name.text} has no values` }]
  // Editions are open unless they say otherwise; the library knows.
  const mustBeZero = edition === 'proto3' && first.number.value !== 0
  return [
    ...(mustBeZero ? [{ at: first.number.at, text: `the first value of enum ${name.text} must be 0` }] : []),
    ...[...values.map(({ number }) => number), ...reserved.flatMap(({ first, last }) => [first, last])]
      .filter(({ value }) => value > MAX || value < -MAX - 1)
      .map(({ at, text }) => ({ at, text: `${text} is no number of an enum: they go from -2147483648 to 2147483647` })),
    ...aliasFindings(type),
    ...(edition === 'proto3' ? likeFindings(type) : []),
    ...overlaps(reserved, []).map((at) => ({ at, text: `a number is reserved twice in ${name.text}` })),
    ...reservedFindings(type, values, name.text),
  ]
}

function aliasFindings({ name, values, options }: EnumSyntax): Finding[] {
  const allowed = isSet(options, 'allow_alias')
  const first = new Map<number, ValueSyntax>()
  const aliases = values.filter((value) => {
    const known = first.has(value.number.value)
    if (!known) first.set(value.number.value, value)
    return known
  })
  if (allowed && aliases.length === 0)
    return [{ at: name.at, text: `enum ${name.text} has allow_alias, but no two values of one number` }]
  if (allowed) return []
  return aliases.map(({ number }) => ({
    at: number.at,
    text: `${first.get(number.value)?.name.text} has the number ${number.text} too: only with "option allow_alias = true;" it may`,
  }))
}

/** Code of other languages has values in PascalCase, without what they share with the enum. */
function likeFindings({ name, values }: EnumSyntax): Finding[] {
  const known = new Map<string, ValueSyntax>()
  return values.flatMap((value) => {
    const plain = pascalCase(withoutPrefix(value.name.text, name.text))
    const other = known.get(plain)
    if (!other) known.set(plain, value)
    if (!other || other.number.value === value.number.value || other.name.text === value.name.text) return []
    const text = `${value.name.text} and ${other.name.text} are both ${plain}, without the name of the enum in front`
    return [{ at: value.name.at, text }]
  })
}

function pascalCase(value: string): string {
  const words = value.toLowerCase().split('_')
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('')
}

function withoutPrefix(value: string, enumName: string): string {
  const letters = Array.from(enumName.replace(/_/g, ''), (letter) => letter.replace(/\W/g, '')).join('_*')
  const rest = value.replace(new RegExp(`^_*${letters}_*`, 'i'), '')
  return rest === '' ? value : rest
}
