import type { LiteralField, OptionLiteral, OptionName, OptionSyntax } from './syntax.js'
import { SyntaxProblem } from './syntax-problem.js'
import type { TokenReader } from './token-reader.js'

/** Reads `option (acme.v1.note).text = "a";`. */
export function parseOptionStatement(reader: TokenReader): OptionSyntax {
  reader.expect('option')
  const option = parseOption(reader)
  reader.expect(';')
  return option
}

/** Reads `[a = 1, (b) = 2]` if it is there. */
export function parseInlineOptions(reader: TokenReader): OptionSyntax[] {
  const options: OptionSyntax[] = []
  if (!reader.take('[')) return options
  do options.push(parseOption(reader))
  while (reader.take(','))
  reader.expect(']')
  return options
}

function parseOption(reader: TokenReader): OptionSyntax {
  const name: OptionName[] = []
  do name.push(optionName(reader))
  while (reader.take('.'))
  reader.expect('=')
  return { name, value: literal(reader) }
}

function optionName(reader: TokenReader): OptionName {
  const { at } = reader.peek()
  if (!reader.take('(')) return { ...reader.word(), at, isExtension: false }
  const { text } = reader.name(true)
  reader.expect(')')
  return { text, at, isExtension: true }
}

/** How deep messages in options may be in each other. */
const DEPTH_LIMIT = 100

function literal(reader: TokenReader, depth = 0): OptionLiteral {
  const { kind, text, at } = reader.peek()
  if (depth > DEPTH_LIMIT) throw new SyntaxProblem(`more than ${DEPTH_LIMIT} messages are in each other`, at)
  if (text === '{' || (text === '<' && depth > 0)) return message(reader, depth)
  if (kind === 'string') return { kind: 'string', ...reader.string() }
  if (text === '-') return negative(reader)
  if (kind === 'word') return { kind, text: reader.next().text, at }
  if (kind !== 'number') throw reader.unexpected('a value')
  const integer = /^(0[xX][\da-fA-F]+|\d+)$/.test(text)
  return { kind: integer ? 'integer' : 'float', text: reader.next().text, at }
}

function negative(reader: TokenReader): OptionLiteral {
  const { at } = reader.expect('-')
  const { text } = reader.peek()
  const number = /^[\d.]/.test(text) || /^(inf|infinity|nan)$/i.test(text) ? literal(reader) : undefined
  if (!number || !('text' in number)) throw reader.unexpected('a number')
  return { ...number, text: `-${text}`, at }
}

function message(reader: TokenReader, depth: number): OptionLiteral {
  const { text: open, at } = reader.next()
  const close = open === '{' ? '}' : '>'
  const fields: LiteralField[] = []
  while (!reader.isAt(close)) {
    fields.push(field(reader, depth + 1))
    if (!reader.take(',')) reader.take(';')
  }
  const end = reader.next().at
  if (open === '<') reader.angles.push(at, end)
  return { kind: 'message', fields, at }
}

function field(reader: TokenReader, depth: number): LiteralField {
  const name = fieldName(reader)
  const colon = reader.take(':')
  if (reader.isAt('[')) return { name, value: list(reader, depth) }
  if (!colon && !reader.isAt('{') && !reader.isAt('<')) throw reader.unexpected("':'")
  return { name, value: literal(reader, depth) }
}

/** The name of a field, or in brackets that of an extension or the URL of a type. */
function fieldName(reader: TokenReader): OptionName {
  const { at } = reader.peek()
  if (!reader.take('[')) return { ...reader.word(), at, isExtension: false }
  let { text } = reader.name(true)
  while (reader.take('/')) text += `/${reader.name().text}`
  reader.expect(']')
  return { text, at, isExtension: true }
}

function list(reader: TokenReader, depth: number): OptionLiteral {
  const { at } = reader.expect('[')
  const items: OptionLiteral[] = []
  if (reader.take(']')) return { kind: 'list', items, at }
  do items.push(literal(reader, depth))
  while (reader.take(','))
  reader.expect(']')
  return { kind: 'list', items, at }
}
