import type { Enum, Field, Type } from 'protobufjs/light.js'
import type { FieldKind, FieldShape } from '../message-codec.js'

/** Well-known types that ProtoJSON writes as one value. */
const written: Readonly<Record<string, FieldKind>> = {
  '.google.protobuf.Timestamp': 'string',
  '.google.protobuf.Duration': 'string',
  '.google.protobuf.FieldMask': 'string',
  '.google.protobuf.StringValue': 'string',
  '.google.protobuf.BytesValue': 'bytes',
  '.google.protobuf.BoolValue': 'bool',
  '.google.protobuf.DoubleValue': 'number',
  '.google.protobuf.FloatValue': 'number',
  '.google.protobuf.Int32Value': 'number',
  '.google.protobuf.UInt32Value': 'number',
  '.google.protobuf.Int64Value': 'number',
  '.google.protobuf.UInt64Value': 'number',
}

/** Well-known types whose JSON form is free. */
const free: ReadonlySet<string> = new Set([
  '.google.protobuf.Any',
  '.google.protobuf.Struct',
  '.google.protobuf.Value',
  '.google.protobuf.ListValue',
])

// Shapes are values: whoever asks first makes them, and a type that holds itself gets the same ones again.
const known = new WeakMap<Type, readonly FieldShape[]>()

/** The fields of a type, each with those of its own type when they are first asked for. */
export function fieldShapes(type: Type): readonly FieldShape[] {
  let shapes = known.get(type)
  if (!shapes) {
    shapes = type.fieldsArray.map((field) => shapeOf(field.resolve() as Field))
    known.set(type, shapes)
  }
  return shapes
}

function shapeOf(field: Field): FieldShape {
  const { protoName = field.name, jsonName = field.name, repeated } = field as NamedField
  const kind = field.map ? 'map' : kindOf(field)
  if (kind !== 'message' || free.has(typeName(field))) return { name: protoName, jsonName, kind, repeated }
  return {
    name: protoName,
    jsonName,
    kind,
    repeated,
    get fields() {
      return fieldShapes(field.resolvedType as Type)
    },
  }
}

/** What `resolve` fills in. */
type NamedField = Field & { readonly protoName?: string; readonly jsonName?: string }

function kindOf(field: Field): FieldKind {
  if (field.resolvedType) return isEnum(field.resolvedType) ? 'enum' : (written[typeName(field)] ?? 'message')
  if (field.type === 'string' || field.type === 'bytes' || field.type === 'bool') return field.type
  return 'number'
}

function isEnum(type: Type | Enum): type is Enum {
  return 'values' in type
}

function typeName(field: Field): string {
  return field.resolvedType?.fullName ?? ''
}
