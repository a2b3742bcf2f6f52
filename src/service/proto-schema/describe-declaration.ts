import protobuf, { type Enum, type Field, type OneOf, type ReflectionObject, type Service, type Type } from 'protobufjs'
import { type MessagePlan, planOf } from '../../codec/protobuf/plan.js'
import { methodFacts } from '../proto/method-facts.js'
import type {
  Declaration,
  EnumSchema,
  FieldSchema,
  MessageSchema,
  MethodSchema,
  OneofSchema,
  ServiceSchema,
  TypeReference,
} from './proto-schema.js'

/** Describes a message, without those nested in it. */
export function messageSchema(type: Type): MessageSchema {
  const plan = planOf(type)
  const members = type.fieldsArray.flatMap((field) => memberSchema(field, plan))
  return { ...declaration(type), fullName: fullName(type), path: pathOf(type), members }
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

function fieldSchema(field: Field, presence: boolean): FieldSchema {
  const { name, resolvedType } = field.resolve() as Field
  const shape = field.map ? 'map' : field.repeated ? 'list' : 'singular'
  const type = resolvedType ? reference(resolvedType) : field.type
  return { ...declaration(field), kind: 'field', name, type, shape, presence }
}

/** Describes an enum. */
export function enumSchema(type: Enum): EnumSchema {
  const values = Object.entries(type.values).map(([name, number]) => ({
    name,
    number,
    comment: type.comments[name] ?? undefined,
    deprecated: type.valuesOptions?.[name]?.deprecated === true,
  }))
  return { ...declaration(type), fullName: fullName(type), path: pathOf(type), values }
}

/** Describes a service. */
export function serviceSchema(service: Service): ServiceSchema {
  const methods = service.methodsArray.map((method): MethodSchema => {
    const request = reference(service.lookupType(method.requestType))
    const response = reference(service.lookupType(method.responseType))
    return { ...declaration(method), ...methodFacts(method), request, response }
  })
  return { ...declaration(service), fullName: fullName(service), name: service.name, methods }
}

/** The file of a declaration. Types inside of a bundled message have that of the message. */
export function fileOf(object: ReflectionObject): string {
  return object.filename ?? (object.parent ? fileOf(object.parent) : '')
}

function reference(type: Type | Enum): TypeReference {
  const kind = type instanceof protobuf.Enum ? 'enum' : 'message'
  return { kind, file: fileOf(type), fullName: fullName(type), path: pathOf(type) }
}

function fullName(object: ReflectionObject): string {
  return object.fullName.slice(1)
}

/** Names from the package down. */
function pathOf(object: ReflectionObject): string[] {
  const { parent } = object
  return [...(parent instanceof protobuf.Type ? pathOf(parent) : []), object.name]
}

function declaration(object: ReflectionObject): Declaration {
  return { comment: object.comment || undefined, deprecated: object.options?.deprecated === true }
}
