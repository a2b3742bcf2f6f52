import protobuf, { type Enum, type Field, type OneOf, type ReflectionObject, type Type } from 'protobufjs'
import { INTERNAL, optionsOf } from '../../codec/schema/options.js'

type Json = Readonly<Record<string, unknown>>

/** Messages, enums and extensions as the library describes them in JSON, with options and comments. */
export function describeTypes(declared: readonly ReflectionObject[]): Record<string, object> {
  return Object.fromEntries(
    declared.flatMap((object) => {
      if (object instanceof protobuf.Type) return [[object.name, describeType(object)]]
      if (isExtension(object)) return [[object.name, describeField(object)]]
      return object instanceof protobuf.Enum ? [[object.name, describeEnum(object)]] : []
    }),
  )
}

/** A message. What may extend it is said too, for the files that do. */
function describeType(type: Type): Json {
  const { edition, group, reserved, extensions, visibility } = type.toJSON()
  const nested = describeTypes(type.nestedArray)
  // Those that only `optional` makes come behind the others, as compilers have it.
  const oneofs = type.oneofsArray
    .toSorted((a, b) => Number(isOptional(a)) - Number(isOptional(b)))
    .map((oneof) => [oneof.name, describeOneof(oneof)] as const)
  const fields = type.fieldsArray.filter((field) => !field.declaringField)
  return {
    ...(edition !== undefined && { edition }),
    ...(group === true && { group }),
    ...(visibility && { visibility }),
    ...(extensions && { extensions }),
    ...(reserved && { reserved }),
    ...spoken(type),
    fields: Object.fromEntries(fields.map((field) => [field.name, describeField(field)])),
    ...(oneofs.length > 0 && { oneofs: Object.fromEntries(oneofs) }),
    ...(Object.keys(nested).length > 0 && { nested }),
  }
}

function describeField(field: Field): Json {
  const { options: _, ...rest } = field.toJSON()
  const { resolvedType } = field.resolve()
  const extended = field.extensionField?.parent?.fullName
  // The full name: that of the file depends on what stands around it.
  return {
    ...rest,
    ...(resolvedType && { type: resolvedType.fullName }),
    ...(extended !== undefined && { extend: extended }),
    ...spoken(field),
  }
}

function isExtension(object: ReflectionObject): object is Field {
  return object instanceof protobuf.Field && object.extend !== undefined
}

function isOptional({ fieldsArray: [first] }: OneOf): boolean {
  return first?.options?.proto3_optional === true
}

function describeOneof(oneof: OneOf): Json {
  return { oneof: oneof.oneof, ...spoken(oneof) }
}

function describeEnum(type: Enum): Json {
  const { edition, values, valuesOptions, reserved, visibility } = type.toJSON()
  const comments = Object.entries(type.comments).filter(([, comment]) => comment)
  return {
    ...(edition !== undefined && { edition }),
    ...(visibility && { visibility }),
    ...(reserved && { reserved }),
    ...spoken(type),
    values,
    ...(valuesOptions && { valuesOptions }),
    ...(comments.length > 0 && { comments: Object.fromEntries(comments) }),
  }
}

/** Options and comment of a declaration, as far as it has them. */
function spoken(object: ReflectionObject): { readonly options?: Json; readonly comment?: string } {
  const noted = Object.entries(object.options ?? {}).filter(([name]) => INTERNAL.includes(name))
  const options = { ...Object.fromEntries(noted), ...optionsOf(object) }
  return {
    ...(Object.keys(options).length > 0 && { options }),
    ...(object.comment && { comment: object.comment }),
  }
}
