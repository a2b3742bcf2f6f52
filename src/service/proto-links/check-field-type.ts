import { type Enum, types as library, type Type } from 'protobufjs'
import type { Finding } from '../proto-check/finding.js'
import { isSet, setOption } from '../proto-check/set-option.js'
import type { FieldSyntax } from '../proto-syntax/syntax.js'
import { isEnum, isType } from './declarations.js'
import { editionOf, type LinkedFile, type Links } from './linked-file.js'
import type { TypeNames } from './type-names.js'

/** Where a field is. */
export interface FieldPlace {
  /** Full name of the message, or package, that it is in. */
  readonly scope: string
  readonly types: TypeNames
  readonly file: LinkedFile
  readonly links: Links
}

/** What is wrong with the type of a field, and with what depends on it. */
export function fieldTypeFindings(field: FieldSyntax, place: FieldPlace): Finding[] {
  const { type, options, name } = field
  const json = setOption(options, 'json_name')
  const named =
    json && json.value.kind !== 'string'
      ? [{ at: json.value.at, text: 'json_name cannot be that: a text in quotes is expected' }]
      : []
  const twice = options.filter(({ name: [part] }) => part?.text === 'default' && !part.isExtension)[1]
  if (twice) return [{ at: twice.name[0]?.at ?? 0, text: 'default is set already' }]
  const isScalar = Object.hasOwn(library.basic, type.text)
  // The message of a group is declared where the field is.
  const found = isScalar ? undefined : place.types.find(type, place.scope, isType)
  if (typeof found === 'string') return [{ at: type.at, text: found }]
  if (!found) return named
  return [...named, ...(isEnum(found) ? enumFindings(field, found, place) : messageFindings(name.text, field, found))]
}

function messageFindings(name: string, { options }: FieldSyntax, type: Type): Finding[] {
  const [packed, fallback] = [setOption(options, 'packed'), setOption(options, 'default')]
  return [
    ...(packed && isSet(options, 'packed')
      ? [{ at: packed.at, text: `${name} cannot be packed: lists of numbers, bool and enums can` }]
      : []),
    ...(fallback ? [{ at: fallback.at, text: `${name} is a message, ${type.name}: it can have no default` }] : []),
  ]
}

function enumFindings(
  { type, mapKey, name, options }: FieldSyntax,
  found: Enum,
  { file, links }: FieldPlace,
): Finding[] {
  const value = setOption(options, 'default')?.value
  const word = value && (value.kind === 'word' ? value.text : '')
  const [first] = Object.values(found.values)
  const closed = file.syntax.edition === 'proto3' && editionOf(found, links) === 'proto2'
  return [
    ...(closed ? [{ at: type.at, text: `${type.text} is an enum of proto2, which fields of proto3 cannot hold` }] : []),
    ...(mapKey && first !== 0
      ? [{ at: type.at, text: `the first value of enum ${type.text} must be 0 to be in map ${name.text}` }]
      : []),
    ...(value && word !== undefined && !Object.hasOwn(found.values, word)
      ? [{ at: value.at, text: `the default of ${name.text} cannot be that: a value of ${found.name} is expected` }]
      : []),
  ]
}
