import { protobufLibrary } from '../../protobuf/library/protobuf-library.js'
import { unescapedBytes } from '../../schema/literal-text.js'
import { isUsualName, ONEOF_NAME } from '../../schema/oneof-name.js'
import type { FeatureSet } from '../descriptor-options.js'
import { FieldLabel, FieldType, Visibility } from '../field-type.js'
import type { DescriptorProto, EnumDescriptorProto, FieldDescriptorProto } from '../file-descriptor.js'
import { featuresIn } from './features.js'

/** A type as the protobuf library reads it from JSON. */
export type Json = Readonly<Record<string, unknown>>

/** The file around a type. */
export interface FileFacts {
  /** `proto2`, `proto3`, or the edition. */
  readonly edition: string
  /** Features of the whole file; set at what stands at its top. */
  readonly features?: FeatureSet | undefined
}

const TYPE_NAMES = new Map<number, string>(Object.entries(FieldType).map(([name, number]) => [number, name]))

/** A message type, without what only describes it: that comes with `annotate`. */
export function messageJson(message: DescriptorProto, file: FileFacts): Json {
  const { options, field, oneofDecl, nestedType, enumType, extension, extensionRange } = message
  const entries = new Map(nestedType.filter(isEntry).map((entry) => [entry.name ?? '', entry]))
  const groups = groupsIn([...field, ...extension], file)
  const inner = { edition: file.edition }
  const nested = {
    ...named(
      nestedType.filter((type) => !isEntry(type)),
      (type) => ({
        ...messageJson(type, inner),
        ...(groups.has(type.name ?? '') && { group: true }),
      }),
    ),
    ...named(enumType, (type) => enumJson(type, inner)),
    ...fieldsJson(extension, inner),
  }
  const oneofs = oneofDecl.map((oneof, index) => {
    const cases = field.filter(({ oneofIndex }) => oneofIndex === index).map(nameOf)
    return [
      propertyOf(oneof.name),
      {
        oneof: cases,
        options: optionsJson({
          features: featuresIn(oneof.options?.features),
          [ONEOF_NAME]: isUsualName(oneof.name ?? '') ? undefined : oneof.name,
        }),
      },
    ]
  })
  return {
    options: optionsJson({
      features: featuresIn(file.features, options?.features),
      message_set_wire_format: options?.messageSetWireFormat,
    }),
    fields: fieldsJson(field, inner, entries),
    ...(oneofs.length > 0 && { oneofs: Object.fromEntries(oneofs) }),
    ...(Object.keys(nested).length > 0 && { nested }),
    ...(extensionRange.length > 0 && { extensions: extensionRange.map(({ start = 0, end = 0 }) => [start, end - 1]) }),
    ...visibilityJson(message),
    reserved: [...message.reservedRange.map(({ start = 0, end = 0 }) => [start, end - 1]), ...message.reservedName],
  }
}

/** An enum, without what only describes it. */
export function enumJson(type: EnumDescriptorProto, file: FileFacts): Json {
  const { options, value, reservedRange, reservedName } = type
  return {
    options: optionsJson({
      features: featuresIn(file.features, options?.features),
      allow_alias: options?.allowAlias || undefined,
    }),
    values: Object.fromEntries(value.map(({ name = '', number = 0 }) => [name, number])),
    ...visibilityJson(type),
    reserved: [...reservedRange.map(({ start = 0, end = 0 }) => [start, end]), ...reservedName],
  }
}

function visibilityJson({ visibility }: Pick<DescriptorProto, 'visibility'>): Json {
  const named = Object.entries(Visibility).find(([, number]) => number === visibility)
  return named ? { visibility: named[0] } : {}
}

/** Fields or extensions by property. */
export function fieldsJson(
  fields: readonly FieldDescriptorProto[],
  file: FileFacts,
  entries: ReadonlyMap<string, DescriptorProto> = new Map(),
): Json {
  return Object.fromEntries(
    fields.map((field) => {
      const entry = field.label === FieldLabel.repeated ? entries.get(lastOf(field.typeName)) : undefined
      return [nameOf(field), fieldJson(field, file, entry)]
    }),
  )
}

function fieldJson(field: FieldDescriptorProto, file: FileFacts, entry?: DescriptorProto): Json {
  const { name = '', number, extendee, options, proto3Optional } = field
  const [key, value = field] = entry?.field ?? []
  const rule = entry ? undefined : ruleOf(field)
  return {
    type: typeOf(value),
    id: number,
    protoName: name,
    ...(extendee !== undefined && { extend: extendee }),
    ...(rule && { rule }),
    ...(key && { keyType: typeOf(key) }),
    ...writtenJsonName(field),
    options: optionsJson({
      features: featuresIn(extendee === undefined ? undefined : file.features, options?.features),
      packed: options?.packed,
      default: defaultOf(field),
      proto3_optional: proto3Optional || undefined,
    }),
  }
}

function ruleOf({ label }: FieldDescriptorProto): string | undefined {
  if (label === FieldLabel.repeated) return 'repeated'
  return label === FieldLabel.required ? 'required' : undefined
}

/** The name in JSON, where it does not follow from the other. */
export function writtenJsonName({ name = '', jsonName }: FieldDescriptorProto): { readonly jsonName?: string } {
  const usual = name.replace(/_+([^_])?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? '')
  return jsonName === undefined || jsonName === usual ? {} : { jsonName }
}

const FLOATS: readonly (number | undefined)[] = [FieldType.float, FieldType.double]

/** What a field is when it is not set, as a value; `undefined` if that is the usual. */
export function defaultOf({ type, defaultValue }: FieldDescriptorProto): string | number | boolean | undefined {
  if (defaultValue === undefined) return undefined
  if (type === FieldType.bool) return defaultValue === 'true'
  // Of bytes, each character is a byte.
  if (type === FieldType.bytes) return Buffer.from(unescapedBytes(defaultValue)).toString('latin1')
  if (type === FieldType.string || type === FieldType.enum) return defaultValue
  const value = Number(defaultValue.replace(/inf$/, 'Infinity'))
  // Integers that no number holds stay text.
  return FLOATS.includes(type) || Number.isSafeInteger(value) ? value : defaultValue
}

/** What code calls a field. */
export function nameOf(field: FieldDescriptorProto): string {
  // A group is named after its type, whose first letter is in upper case.
  const { name = '', typeName } = field
  const group = lastOf(typeName)
  if (isGroup(field) && group.toLowerCase() === name) return group.charAt(0).toLowerCase() + group.slice(1)
  return propertyOf(name)
}

/** A name of the file as code writes it. */
export function propertyOf(name = ''): string {
  return protobufLibrary().util.camelCase(name)
}

/** True of the type that the entries of a map have. */
export function isEntry({ options }: DescriptorProto): boolean {
  return options?.mapEntry === true
}

function typeOf({ type = 0, typeName }: FieldDescriptorProto): string {
  return typeName ?? TYPE_NAMES.get(type) ?? String(type)
}

/** Names of the types that fields declare as groups. */
export function groupsIn(fields: readonly FieldDescriptorProto[], { edition }: FileFacts): ReadonlySet<string> {
  return new Set(edition === 'proto2' ? fields.filter(isGroup).map(({ typeName }) => lastOf(typeName)) : [])
}

function isGroup({ type }: FieldDescriptorProto): boolean {
  return type === FieldType.group
}

function lastOf(name = ''): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

function named<T extends { readonly name?: string | undefined }>(types: readonly T[], json: (type: T) => Json): Json {
  return Object.fromEntries(types.map((type) => [type.name ?? '', json(type)]))
}

function optionsJson(options: Json): Json {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
