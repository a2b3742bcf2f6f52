import type { IEnum, IType } from 'protobufjs/light.js'

/** A type in the making, as the protobuf library reads it from JSON. */
interface Growing {
  edition: 'proto2'
  fields?: Record<string, object>
  values?: Record<string, number>
  nested?: Record<string, Growing>
  extensions?: number[][]
  reserved?: (number[] | string)[]
}

const MAX_NUMBER = 536870911
const FIELD = /^(\w+) (?:(repeated|required) )?([\w.]+) (\d+)(.*)$/

/**
 * Types of proto2 in short, by their names: a line for each type, `message A.B` or `values A.B`, then for a message one
 * for each field, `NAME [repeated|required] TYPE NUMBER [OPTION=VALUE ...]`, `extensions` and `reserved`; for an enum, its values.
 */
export function readTypes(text: string): Record<string, IType | IEnum> {
  const types: Record<string, Growing> = {}
  let type: Growing = { edition: 'proto2' }
  for (const line of text.trim().split('\n')) {
    if (line.startsWith(' ')) addLine(type, line.trim())
    else type = addType(types, line)
  }
  return types as Record<string, IType | IEnum>
}

function addType(types: Record<string, Growing>, line: string): Growing {
  const [kind, name = ''] = line.split(' ')
  const path = name.split('.')
  const own = path.pop() ?? ''
  const siblings = path.reduce((at, outer) => {
    const parent = at[outer] as Growing
    parent.nested ??= {}
    return parent.nested
  }, types)
  const type: Growing = { edition: 'proto2', ...(kind === 'values' ? { values: {} } : { fields: {} }) }
  siblings[own] = type
  return type
}

function addLine(type: Growing, line: string): void {
  const [word = '', ...rest] = line.split(' ')
  if (type.values) Object.assign(type.values, Object.fromEntries([word, ...rest].map(pairOf)))
  else if (word === 'extensions') type.extensions = rest.map(rangeOf)
  else if (word === 'reserved') type.reserved = rest.map((one) => (/^\d/.test(one) ? rangeOf(one) : one))
  else addField(type, line)
}

function addField({ fields = {} }: Growing, line: string): void {
  const [, protoName = '', rule, type, id, more = ''] = FIELD.exec(line) ?? []
  const options = Object.fromEntries(more.trim().split(' ').filter(Boolean).map(optionOf))
  const name = protoName.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  fields[name] = { type, id: Number(id), protoName, ...(rule && { rule }), options }
}

function pairOf(text: string): [string, number] {
  const [name = '', value] = text.split('=')
  return [name, Number(value)]
}

function optionOf(text: string): [string, string | boolean] {
  const [name = '', value = ''] = text.split('=')
  return [name, value === 'true' ? true : value === 'false' ? false : value]
}

function rangeOf(text: string): number[] {
  const [first, last = first] = text.split('-')
  return [Number(first), last === 'max' ? MAX_NUMBER : Number(last)]
}
