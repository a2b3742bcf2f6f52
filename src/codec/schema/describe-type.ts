import type { Enum, Field, OneOf, Type } from 'protobufjs/light.js'
import { type MessagePlan, planOf } from '../protobuf/plan.js'
import { fileOf, fullName, isType, pathOf, typesOf } from './locate.js'
import { declaration, mergeOptions } from './options.js'
import type {
  EnumSchema,
  FieldSchema,
  MessageSchema,
  OneofSchema,
  OptionValue,
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
  return { ...declaration(oneof), kind: 'oneof', name: oneof.name, fields }
}

/** What `resolve` fills in. */
type ResolvedField = Field & { readonly protoName?: string; readonly jsonName?: string; readonly keyType?: string }

function fieldSchema(field: Field, presence: boolean): FieldSchema {
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
    required,
  }
}

function describeEnum(type: Enum): EnumSchema {
  let file: TypeFile | undefined
  const values = Object.entries(type.values).map(([name, number]) => {
    const options = mergeOptions(Object.entries((type.valuesOptions?.[name] ?? {}) as Record<string, OptionValue>))
    return { name, number, comment: type.comments[name] ?? undefined, deprecated: options.deprecated === true, options }
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
  }
}

function reservedOf({ reserved = [] }: Pick<Type, 'reserved'>): Reserved {
  return {
    numbers: reserved.flatMap((one) => (typeof one === 'string' ? [] : [[one[0] ?? 0, one[1] ?? 0] as const])),
    names: reserved.filter((one) => typeof one === 'string'),
  }
}

/** The types that a file declares, by one of them. */
export function typeFile(declared: Type | Enum): TypeFile {
  const name = fileOf(declared)
  const types = typesOf(declared.root, name)
  const top = types.find(({ parent }) => !(parent && isType(parent)))
  return {
    name,
    package: top?.parent?.fullName.slice(1) ?? '',
    edition: String((declared as { readonly _edition?: string | null })._edition ?? 'proto3'),
    get messages() {
      return types.filter(isType).map(messageSchema)
    },
    get enums() {
      return types.filter((type) => !isType(type)).map((type) => enumSchema(type as Enum))
    },
  }
}
