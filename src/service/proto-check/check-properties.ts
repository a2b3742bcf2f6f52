import protobuf from 'protobufjs'
import type { FieldSyntax, FileSyntax, MessageSyntax, OptionSyntax, Word } from '../proto-syntax/syntax.js'
import type { Finding } from './finding.js'
import { isSet, setOption } from './set-option.js'

/** Fields and oneofs that would be one property, or one member of JSON. */
export function propertyFindings(message: MessageSyntax, fields: readonly FieldSyntax[], file: FileSyntax): Finding[] {
  return [
    ...ofProperties(message),
    ...ofOptional(message, file),
    ...(hasStrictJson(message, file) ? ofJson(fields, true) : ofJson(fields, false)),
  ]
}

/** Names for the same property: what is in a oneof stands behind that. */
function ofProperties({ name, fields, oneofs }: MessageSyntax): Finding[] {
  const all = [...fields.map((field) => field.name), ...oneofs.map((oneof) => oneof.name)]
  return [all, ...oneofs.map((oneof) => oneof.fields.map((field) => field.name))].flatMap((names) =>
    twice(names, (word) => protobuf.util.camelCase(word.text)).map(([word, other]) => ({
      at: word.at,
      text: `${other.text} and ${word.text} of ${name.text} would both be the property ${protobuf.util.camelCase(word.text)}: rename one of them`,
    })),
  )
}

/** The library has for an optional field of proto3 a oneof of its name with an underscore. */
function ofOptional({ name, fields, oneofs }: MessageSyntax, { edition }: FileSyntax): Finding[] {
  const optional = edition === 'proto3' ? fields.filter(({ label }) => label?.text === 'optional') : []
  const taken = new Set(optional.map((field) => `_${protobuf.util.camelCase(field.name.text)}`))
  return [...fields, ...oneofs]
    .filter((member) => taken.has(protobuf.util.camelCase(member.name.text)))
    .map(({ name: { at, text } }) => ({
      at,
      text: `${text} of ${name.text} stands for an optional field without the underscore: rename one of them`,
    }))
}

/** Where it is not strict two names that were both chosen count only: of others compilers only warn. */
function ofJson(fields: readonly FieldSyntax[], strict: boolean): Finding[] {
  return twice(fields, jsonNameOf).flatMap(([field, other]) => {
    if (field.name.text === other.name.text) return []
    if (!strict && !(chosen(field.options) && chosen(other.options))) return []
    const text = `${field.name.text} is ${jsonNameOf(field)} in JSON, like ${other.name.text}`
    return [{ at: (chosen(field.options) ?? field.name).at, text }]
  })
}

function hasStrictJson({ options }: MessageSyntax, file: FileSyntax): boolean {
  const legacy = [...options, ...file.options].some(
    ({ value }) => 'text' in value && value.text === 'LEGACY_BEST_EFFORT',
  )
  return file.edition !== 'proto2' && !legacy && !isSet(options, 'deprecated_legacy_json_field_conflicts')
}

function jsonNameOf({ name, options }: FieldSyntax): string {
  return chosen(options)?.text ?? name.text.replace(/_+(.?)/g, (_, letter: string) => letter.toUpperCase())
}

function chosen(options: readonly OptionSyntax[]): Word | undefined {
  const value = setOption(options, 'json_name')?.value
  return value?.kind === 'string' ? value : undefined
}

/** What has the key of another one before it, and that. */
function twice<T>(all: readonly T[], keyOf: (one: T) => string): [T, T][] {
  const known = new Map<string, T>()
  return all.flatMap((one) => {
    const key = keyOf(one)
    const other = known.get(key)
    if (other === undefined) known.set(key, one)
    return other === undefined ? [] : [[one, other]]
  })
}
