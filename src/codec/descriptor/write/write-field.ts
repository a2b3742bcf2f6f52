import type { MessageInit } from '../../message-init.js'
import { fieldFeatures, withFeatures } from '../../schema/features.js'
import type { ExtensionSchema, FieldSchema, OptionValue, TypeReference } from '../../schema/schema.js'
import type { FieldOptions } from '../descriptor-options.js'
import { FieldLabel, FieldType } from '../field-type.js'
import type { FieldDescriptorProto } from '../file-descriptor.js'
import type { FileWriter } from './file-writer.js'
import { floatText } from './float-text.js'
import { deprecatedToo } from './write-enum.js'

/** Where a field stands. */
export interface FieldPlace {
  /** Full name of its message. */
  readonly owner: string
  /** Index of its oneof, if it is a case of one. */
  readonly oneofIndex?: number | undefined
  /** It has a oneof to itself, to be told when it is absent. */
  readonly alone?: boolean | undefined
}

/** Describes a field of a message. */
export function writeField(
  field: FieldSchema,
  place: FieldPlace,
  { options, edition }: FileWriter,
): MessageInit<FieldDescriptorProto> {
  const { protoName, no, jsonName, shape } = field
  const features = fieldFeatures(field, place.oneofIndex !== undefined)
  const own = withFeatures(deprecatedToo(field), features, edition)
  const label = shape !== 'singular' ? 'repeated' : field.required && !edition.isEdition ? 'required' : 'optional'
  return {
    name: protoName,
    number: no,
    label: FieldLabel[label],
    ...(shape === 'map' ? mapType(field, place.owner) : typeOf(field, edition.isEdition)),
    defaultValue: defaultText(field),
    oneofIndex: place.oneofIndex,
    jsonName,
    options: options.write<FieldOptions>('FieldOptions', own),
    proto3Optional: place.alone ? true : undefined,
  }
}

/** Describes a field that a file adds to a message. */
export function writeExtension(extension: ExtensionSchema, writer: FileWriter): MessageInit<FieldDescriptorProto> {
  const { extendee, protoName, optional } = extension
  // `optional` says nothing of an extension, which is always told when it is absent, but it is noted.
  const alone = writer.edition.edition === 'proto3' && optional
  const { jsonName = protoName, ...field } = writeField(extension, { owner: '', alone }, writer)
  return { ...field, extendee: `.${extendee}`, jsonName }
}

function mapType({ protoName }: FieldSchema, owner: string) {
  return { type: FieldType.message, typeName: `.${owner}.${entryName(protoName)}` }
}

/** The name of the message that an entry of a map is. */
export function entryName(protoName: string): string {
  const camel = protoName.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())
  return `${camel.replaceAll('_', '')}Entry`
}

/** Type, and name of it, of a value of a field. */
export function typeOf({ type, delimited }: Pick<FieldSchema, 'type' | 'delimited'>, isEdition: boolean) {
  if (typeof type === 'string') return { type: FieldType[type as keyof typeof FieldType] }
  const kind = type.kind === 'message' && delimited && !isEdition ? 'group' : type.kind
  return { type: FieldType[kind], typeName: `.${type.fullName}` }
}

/** The default of a field as text, if its file names one. */
function defaultText({ options, type }: FieldSchema): string | undefined {
  const value = options.default
  if (value === undefined) return undefined
  if (typeof value === 'number') return numberText(value, type)
  return type === 'bytes' ? escaped(String(value)) : String(value as OptionValue)
}

function numberText(value: number, type: string | TypeReference): string {
  if (typeof type !== 'string') {
    const values = type.kind === 'enum' ? type.schema.values : []
    return values.find(({ number }) => number === value)?.name ?? String(value)
  }
  return type === 'float' || type === 'double' ? floatText(value, type) : String(value)
}

const SHORT: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  "'": "\\'",
  '\\': '\\\\',
}

/** Bytes as text of printable ASCII. */
function escaped(bytes: string): string {
  return bytes.replace(/[^ -~]|["'\\]/g, (character) => {
    return SHORT[character] ?? `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`
  })
}
