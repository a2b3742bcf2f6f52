import protobuf, { type Enum, type Field, type ReflectionObject, type Type } from 'protobufjs'

type Json = Readonly<Record<string, unknown>>

/** Options that say how a field or enum is encoded. Others are of no use once the types are read. */
const ENCODING = ['proto3_optional', 'packed', 'features', 'default', 'allow_alias', '(pb.enumvalue.json).string']

/** Messages and enums as the library describes them in JSON, without what a codec does not need. */
export function describeTypes(declared: readonly ReflectionObject[]): Record<string, object> {
  return Object.fromEntries(
    declared.flatMap((object) => {
      if (object instanceof protobuf.Type) return [[object.name, describeType(object)]]
      return object instanceof protobuf.Enum ? [[object.name, describeEnum(object)]] : []
    }),
  )
}

function describeType(type: Type): Json {
  const { edition, group } = type.toJSON()
  const nested = describeTypes(type.nestedArray)
  const oneofs = type.oneofsArray.map((oneof) => [oneof.name, { oneof: oneof.oneof }] as const)
  const fields = type.fieldsArray.filter((field) => !field.declaringField)
  return {
    ...(edition !== undefined && { edition }),
    ...(group === true && { group }),
    ...encodingOptions(type.options),
    fields: Object.fromEntries(fields.map((field) => [field.name, describeField(field)])),
    ...(oneofs.length > 0 && { oneofs: Object.fromEntries(oneofs) }),
    ...(Object.keys(nested).length > 0 && { nested }),
  }
}

function describeField(field: Field): Json {
  const { options, ...rest } = field.toJSON()
  return { ...rest, ...encodingOptions(options) }
}

function describeEnum(type: Enum): Json {
  const { edition, options, values, valuesOptions } = type.toJSON()
  const named = Object.entries((valuesOptions ?? {}) as Record<string, unknown>)
    .map(([name, own]) => [name, encodingOptions(own).options] as const)
    .filter(([, own]) => own !== undefined)
  return {
    ...(edition !== undefined && { edition }),
    values,
    ...encodingOptions(options),
    ...(named.length > 0 && { valuesOptions: Object.fromEntries(named) }),
  }
}

function encodingOptions(options: unknown): { readonly options?: Json } {
  const kept = Object.entries((options ?? {}) as Json).filter(([name]) => ENCODING.includes(name))
  return kept.length > 0 ? { options: Object.fromEntries(kept) } : {}
}
