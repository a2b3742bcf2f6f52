import { types } from 'protobufjs'
import { LAST_FIELD } from '../proto-syntax/parse-ranges.js'
import type { FieldSyntax, FileSyntax } from '../proto-syntax/syntax.js'
import { scalarProblem } from './check-literal.js'
import type { Finding } from './finding.js'
import { isSet, setOption } from './set-option.js'

const KEYS = 'int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64 bool string'.split(' ')

/** What is wrong with a field that can be told without its type. */
export function fieldFindings(field: FieldSyntax, { edition }: FileSyntax): Finding[] {
  const { number, name, type, label, mapKey, options } = field
  const fallback = setOption(options, 'default')
  const findings: Finding[] = []
  const find = (at: number, text: string): void => void findings.push({ at, text })
  if (number.value < 1 || number.value > LAST_FIELD || (number.value >= 19_000 && number.value <= 19_999))
    find(number.at, `${number.text} is not a field number: they go from 1 to ${LAST_FIELD}, without 19000 to 19999`)
  if (mapKey && !KEYS.includes(mapKey.text))
    find(mapKey.at, `${mapKey.text} cannot be the type of keys: integers, bool and string can`)
  if (fallback && edition === 'proto3') find(fallback.at, 'proto3 has no defaults')
  else if (fallback && (mapKey || label?.text === 'repeated'))
    find(fallback.at, `${name.text} has many values: it can have no default`)
  const packed = isSet(options, 'packed')
  if (packed && (mapKey || label?.text !== 'repeated' || /^(string|bytes)$/.test(type.text)))
    find(
      setOption(options, 'packed')?.at ?? name.at,
      `${name.text} cannot be packed: lists of numbers, bool and enums can`,
    )
  const jstype = setOption(options, 'jstype')
  if (jstype && !/^(u?int|sint|s?fixed)64$/.test(type.text))
    find(jstype.at, `jstype is for integers of 64 bits, which ${name.text} is not`)
  return [...findings, ...scalarDefault(field)]
}

function scalarDefault({ type, name, options }: FieldSyntax): Finding[] {
  const fallback = setOption(options, 'default')
  const problem = fallback && scalarProblem(type.text, { literal: fallback.value, inMessage: false })
  if (!fallback || problem === undefined || !Object.hasOwn(types.basic, type.text)) return []
  return [{ at: fallback.value.at, text: `the default of ${name.text} cannot be that: ${problem}` }]
}
