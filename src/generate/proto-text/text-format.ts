import type { OptionValue } from '../../codec/schema/schema.js'
import { fieldType, type OptionType, type OptionTypes } from '../proto/option-type.js'
import { indented } from './block.js'

type Message = Readonly<Record<string, OptionValue>>

/** How an option is written. */
export interface OptionStyle {
  readonly types: OptionTypes
  readonly type: OptionType
  /** A message with one thing in it is written as a path to that: `(buf.validate.field).string.min_len = 1`. */
  readonly short?: boolean
}

/** The statement that sets an option, in lines, without what it begins and ends with: `deprecated = true`. */
export function optionStatement(
  name: string,
  value: OptionValue,
  { types, type, short = false }: OptionStyle,
): string[] {
  const { path, leaf, leafType } = short ? onlyLeaf(value, type) : { path: [], leaf: value, leafType: type }
  const [first = '', ...rest] = valueLines(leaf, leafType, types)
  return [`${[name, ...path].join('.')} = ${first}`, ...rest]
}

function onlyLeaf(
  value: OptionValue,
  type: OptionType,
): { readonly path: string[]; readonly leaf: OptionValue; readonly leafType: OptionType } {
  const [entry, ...others] = isMessage(value) ? Object.entries(value) : []
  const inPath = entry !== undefined && others.length === 0 && /^\w+$/.test(entry[0]) && !Array.isArray(entry[1])
  const singular = inPath && isSingular(type, entry[0])
  if (!inPath || (!isMessage(entry[1]) && !singular)) return { path: [], leaf: value, leafType: type }
  const held = { path: [], leaf: entry[1], leafType: fieldType(type, entry[0]) }
  // A path may end at a list, but not lead through it.
  const inner = singular ? onlyLeaf(held.leaf, held.leafType) : held
  return { ...inner, path: [entry[0], ...inner.path] }
}

/** False of what may be an element of a list or a value of a map, as far as the type is known. */
function isSingular(type: OptionType, name: string): boolean {
  if (typeof type !== 'object' || type.kind !== 'message') return true
  const field = type.schema.members.flatMap((member) => (member.kind === 'oneof' ? member.fields : [member]))
  return field.find(({ protoName }) => protoName === name)?.shape === 'singular'
}

/** A value in text format. */
export function valueLines(value: OptionValue, type: OptionType, types: OptionTypes): string[] {
  if (isMessage(value)) return messageLines(value, type, types)
  if (isList(value)) return listLines(value, type, types)
  return [scalarText(value, type)]
}

function messageLines(message: Message, type: OptionType, types: OptionTypes): string[] {
  const entries = Object.entries(message)
  if (entries.length === 0) return ['{}']
  const body = entries.flatMap(([name, value]) => {
    const values = repeats(name, value) ? value : [value]
    const held = name.startsWith('[') ? types.find(name)?.type : fieldType(type, name)
    return values.flatMap((one) => {
      const [first = '', ...rest] = valueLines(one, held, types)
      return [`${name}${first === '{' ? ' ' : ': '}${first}`, ...rest]
    })
  })
  return ['{', ...indented(body), '}']
}

/** True of messages that are written one after the other. A list with one keeps its brackets, to be known for a list. */
function repeats(name: string, value: OptionValue): value is readonly OptionValue[] {
  return isList(value) && value.every(isMessage) && (value.length > 1 || name === 'additional_bindings')
}

function listLines(list: readonly OptionValue[], type: OptionType, types: OptionTypes): string[] {
  if (!list.some(isMessage)) return [`[${list.map((value) => valueLines(value, type, types).join(' ')).join(', ')}]`]
  const items = list.map((value) => valueLines(value, type, types))
  const body = items.flatMap((lines, index) =>
    index < items.length - 1 ? [...lines.slice(0, -1), `${lines.at(-1)},`] : lines,
  )
  return ['[', ...indented(body), ']']
}

/** A string, number, truth or name. */
export function scalarText(value: OptionValue, type: OptionType): string {
  if (typeof value === 'number') return numberText(value)
  if (typeof value !== 'string') return String(value)
  // Integers that no number holds.
  if (typeof type === 'string' && /64$/.test(type)) return value
  if (isName(value, type)) return value
  return type === 'bytes' ? quotedBytes(value) : quoted(value)
}

function isName(value: string, type: OptionType): boolean {
  if (!/^[A-Za-z_]\w*$/.test(value)) return false
  if (typeof type === 'object') return type.kind === 'enum'
  if (type !== undefined) return type !== 'string' && type !== 'bytes'
  // Nobody said: names of enum values have several words in capitals, texts seldom do.
  return /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(value)
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return Object.is(value, -0) ? '-0' : String(value)
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', '\\': '\\\\' }

/** A string in quotes. */
export function quoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must be escaped
  const escaped = text.replace(/[\u0000-\u001f"\\\u007f]/g, (character) => {
    return ESCAPES[character] ?? `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`
  })
  return `"${escaped}"`
}

/** Bytes in quotes: each character is one, which UTF-8 would make two of. */
export function quotedBytes(bytes: string): string {
  return quoted(bytes).replace(/[\u0080-\u00ff]/g, (byte) => `\\${byte.charCodeAt(0).toString(8)}`)
}

function isMessage(value: OptionValue): value is Message {
  return typeof value === 'object' && !Array.isArray(value)
}

function isList(value: OptionValue): value is readonly OptionValue[] {
  return Array.isArray(value)
}
