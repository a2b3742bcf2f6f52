import type { Enum, Field, OneOf, ReflectionObject, Root, Type } from 'protobufjs/light.js'
import { featuresOf, isDelimited, type MessagePlan, planOf } from '../protobuf/plan.js'
import { type FileFacts, factsOf } from './file-facts.js'
import { extensionFields, fileOf, fullName, isType, packageOf, pathOf, typesOf } from './locate.js'
import { valueNamed } from './named.js'
import { oneofName } from './oneof-name.js'
import { declaration, mergeOptions, RANGE_OPTIONS } from './options.js'
import type {
  EnumSchema,
  ExtensionSchema,
  FieldSchema,
  MessageSchema,
  OneofSchema,
  Reserved,
  TypeFile,
  TypeReference,
} from './schema.js'

// Descriptions are values: whoever asks first makes them, and a type that holds itself gets the same one again.
const messages = new WeakMap<Type, MessageSchema>()
const enums = new WeakMap<Enum, EnumSchema>()

/** Describes a message type. Throws if it refers to types that are not there. */
export function messageSchema(type: Type): MessageSchema {
  const known = messages.get(type) ?? describeMessage(type)
  messages.set(type, known)
  return known
}

/** Describes an enum. */
export function enumSchema(type: Enum): EnumSchema {
  const known = enums.get(type) ?? describeEnum(type)
  enums.set(type, known)
  return known
}

/** Refers to a type. */
export function referenceTo(type: Type): TypeReference & { readonly kind: 'message' }
export function referenceTo(type: Type | Enum): TypeReference
export function referenceTo(type: Type | Enum): TypeReference {
  const named = { file: fileOf(type), fullName: fullName(type), path: pathOf(type) }
  if (!isType(type)) return { ...named, kind: 'enum', schema: enumSchema(type) }
  return {
    ...named,
    kind: 'message',
    get schema() {
      return messageSchema(type)
    },
  }
}

function describeMessage(type: Type): MessageSchema {
  let file: TypeFile | undefined
  const plan = planOf(type)
  return {
    ...declaration(type),
    fullName: fullName(type),
    path: pathOf(type),
    get declaredIn() {
      file ??= typeFile(type)
      return file
    },
    members: type.fieldsArray.flatMap((field) => memberSchema(field, plan)),
    reserved: reservedOf(type),
    visibility: type.visibility,
    extensionRangeOptions: type.options?.[RANGE_OPTIONS] as MessageSchema['extensionRangeOptions'],
    extensionRanges: (type.extensions ?? []).map(([first = 0, last = first]) => [first, last] as const),
  }
}

/** A field, or with its first field a oneof. */
function memberSchema(field: Field, plan: MessagePlan): (FieldSchema | OneofSchema)[] {
  // Extensions are not properties that code knows of.
  if (field.extend !== undefined || field.declaringField) return []
  const planned = plan.fields.find(({ name }) => name === field.name)
  if (planned) return [fieldSchema(field, planned.presence && !planned.required)]
  const oneof = field.partOf
  return oneof?.fieldsArray[0] === field ? [oneofSchema(oneof)] : []
}

function oneofSchema(oneof: OneOf): OneofSchema {
  const fields = oneof.fieldsArray.map((field) => fieldSchema(field, false))
  return { ...declaration(oneof), kind: 'oneof', name: oneof.name, protoName: oneofName(oneof), fields }
}

/** What `resolve` fills in. */
type ResolvedField = Field & { readonly protoName?: string; readonly jsonName?: string; readonly keyType?: string }

/** Describes a field; `presence` if its being absent is told from its default. */
export function fieldSchema(field: Field, presence: boolean): FieldSchema {
  const resolved = field.resolve() as ResolvedField
  const { name, protoName = name, jsonName = name, id, keyType, resolvedType, required } = resolved
  return {
    ...declaration(field),
    kind: 'field',
    name,
    protoName,
    jsonName,
    no: id,
    type: resolvedType ? referenceTo(resolvedType) : field.type,
    shape: field.map ? 'map' : field.repeated ? 'list' : 'singular',
    mapKey: keyType,
    presence,
    optional: field.options?.proto3_optional === true || undefined,
    required,
    packed: field.repeated && field.packed,
    delimited: isDelimited(field),
  }
}

/** Describes the fields that a file adds to messages. */
export function extensionsOf(root: Root, file: string): ExtensionSchema[] {
  root.resolveAll()
  return extensionFields(root, file).map((field) => {
    const schema = fieldSchema(field, !field.repeated)
    const extended = field.extensionField?.parent ?? field
    return {
      ...schema,
      extendee: fullName(extended),
      extendeeFile: fileOf(extended),
      // By their names in the contract, not by those of properties.
      fullName: [...fullName(field).split('.').slice(0, -1), schema.protoName].join('.'),
      path: [...pathOf(field).slice(0, -1), schema.protoName],
    }
  })
}

function describeEnum(type: Enum): EnumSchema {
  let file: TypeFile | undefined
  const values = Object.entries(type.values).map(([name, number]) => {
    const options = mergeOptions(Object.entries(valueNamed(type.valuesOptions, name) ?? {}))
    return {
      name,
      number,
      comment: valueNamed(type.comments, name) ?? undefined,
      deprecated: options.deprecated === true,
      options,
    }
  })
  return {
    ...declaration(type),
    fullName: fullName(type),
    path: pathOf(type),
    get declaredIn() {
      file ??= typeFile(type)
      return file
    },
    values,
    reserved: reservedOf(type),
    visibility: type.visibility,
    // Asked for late: files are checked by their descriptions before features are resolved.
    get closed() {
      return featuresOf(type).enum_type === 'CLOSED'
    },
  }
}

function reservedOf({ reserved = [] }: Pick<Type, 'reserved'>): Reserved {
  return {
    numbers: reserved.flatMap((one) => (typeof one === 'string' ? [] : [[one[0] ?? 0, one[1] ?? 0] as const])),
    names: reserved.filter((one) => typeof one === 'string'),
  }
}

/** The types that a file declares, by something that it declares. */
export function typeFile(declared: Type | Enum | Field): TypeFile {
  const { root } = declared
  const name = fileOf(declared)
  return describeFile(root, name, factsOf(root, name) ?? { package: packageOf(declared), edition: editionOf(declared) })
}

/** The types that a file of a name declares, if it was noted what it says of itself. */
export function notedFile(root: Root, name: string): TypeFile | undefined {
  const facts = factsOf(root, name)
  return facts && describeFile(root, name, facts)
}

function describeFile(root: Root, name: string, facts: FileFacts): TypeFile {
  const types = typesOf(root, name)
  return {
    name,
    ...facts,
    get messages() {
      return types.filter(isType).map(messageSchema)
    },
    get enums() {
      return types.filter((type) => !isType(type)).map((type) => enumSchema(type as Enum))
    },
    get extensions() {
      return extensionsOf(root, name)
    },
    get importedFiles() {
      return (facts.imports ?? []).flatMap((imported) => notedFile(root, imported) ?? [])
    },
    get optionFiles() {
      return optionFilesOf(root).filter((file) => file.name !== name)
    },
  }
}

/** Options of contracts, and of protovalidate rules in them. */
const OPTIONS = /^\.?((google\.protobuf\.)?\w+Options|buf\.validate\.\w+Rules)$/

/** The files below a namespace that declare options of contracts. */
export function optionFilesOf(root: Root): TypeFile[] {
  const options = extensionFields(root).filter(({ extend = '' }) => OPTIONS.test(extend))
  const first = options.filter((field, index) => options.findIndex((it) => fileOf(it) === fileOf(field)) === index)
  return first.map(typeFile)
}

/** The library notes it at what stands in no message. */
function editionOf(declared: ReflectionObject): string {
  const { _edition: edition } = declared as { readonly _edition?: string | null }
  const { parent } = declared
  return edition ?? (parent && isType(parent) ? editionOf(parent) : 'proto3')
}
