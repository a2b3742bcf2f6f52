import { parseInlineOptions } from './parse-options.js'
import type { FieldSyntax, MessageSyntax, Word } from './syntax.js'
import { SyntaxProblem } from './syntax-problem.js'
import type { TokenReader } from './token-reader.js'

/** Where a field is declared. */
export interface FieldPlace {
  readonly edition: string
  readonly in: 'message' | 'oneof' | 'extend'
  /** Reads the braces of a group. */
  readonly body: (name: Word) => MessageSyntax
}

/** Reads a field, a map or a group. */
export function parseField(reader: TokenReader, place: FieldPlace): FieldSyntax {
  const label = labelOf(reader, place)
  if (reader.isAt('map') && reader.isAt('<', 1)) return map(reader, { ...place, label })
  if (!label && place.edition === 'proto2' && place.in !== 'oneof')
    throw reader.unexpected("'optional', 'required' or 'repeated'")
  if (reader.isAt('group')) return group(reader, { ...place, label })
  const type = reader.name(true)
  const field = { label, type, ...named(reader) }
  reader.expect(';')
  return field
}

type Labelled = FieldPlace & { readonly label: Word | undefined }

function labelOf(reader: TokenReader, { in: place, edition }: FieldPlace): Word | undefined {
  const label = reader.peek()
  if (!/^(optional|required|repeated)$/.test(label.text) || label.kind !== 'word') return undefined
  if (place === 'oneof') throw new SyntaxProblem(`a field of a oneof cannot be ${label.text}`, label.at)
  if (edition === 'proto3' && label.text === 'required')
    throw new SyntaxProblem('proto3 has no required fields', label.at)
  if (!edition.startsWith('proto') && label.text !== 'repeated')
    throw new SyntaxProblem(`an edition has no label ${label.text}: the feature field_presence says it`, label.at)
  return reader.next()
}

/** What is behind the type. */
function named(reader: TokenReader): Pick<FieldSyntax, 'name' | 'number' | 'options'> {
  const name = reader.word()
  reader.expect('=')
  return { name, number: reader.integer(), options: parseInlineOptions(reader) }
}

function map(reader: TokenReader, { in: place, label }: Labelled): FieldSyntax {
  const { at } = reader.expect('map')
  if (label) throw new SyntaxProblem(`a map cannot be ${label.text}`, label.at)
  if (place === 'oneof') throw new SyntaxProblem('a map cannot be in a oneof', at)
  if (place === 'extend') throw new SyntaxProblem('a map cannot be an extension', at)
  reader.expect('<')
  const mapKey = reader.name(true)
  reader.expect(',')
  const type = reader.name(true)
  reader.expect('>')
  const field = { mapKey, type, ...named(reader) }
  reader.expect(';')
  return field
}

function group(reader: TokenReader, { edition, label, body }: Labelled): FieldSyntax {
  const { at } = reader.expect('group')
  if (edition !== 'proto2') throw new SyntaxProblem(`${edition} has no groups`, at)
  const field = { label, ...named(reader) }
  const { name } = field
  if (!/^[A-Z]/.test(name.text))
    throw new SyntaxProblem(`the name of the group ${name.text} must begin with a capital letter`, name.at)
  return { ...field, type: name, name: { ...name, text: name.text.toLowerCase() }, group: body(name) }
}
