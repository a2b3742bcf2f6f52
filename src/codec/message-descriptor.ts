/** Scalar types of protobuf, as in a `.proto` file. */
export const SCALAR_TYPES = [
  'double',
  'float',
  'int32',
  'int64',
  'uint32',
  'uint64',
  'sint32',
  'sint64',
  'fixed32',
  'fixed64',
  'sfixed32',
  'sfixed64',
  'bool',
  'string',
  'bytes',
] as const

/** A scalar type of protobuf. */
export type ScalarType = (typeof SCALAR_TYPES)[number]

/** A type that the key of a map can have. */
export type MapKeyType = Exclude<ScalarType, 'double' | 'float' | 'bytes'>

/** Messages of Google's that a field can have without their being described. */
export const WELL_KNOWN_TYPES = [
  'google.protobuf.Any',
  'google.protobuf.BoolValue',
  'google.protobuf.BytesValue',
  'google.protobuf.DoubleValue',
  'google.protobuf.Duration',
  'google.protobuf.Empty',
  'google.protobuf.FieldMask',
  'google.protobuf.FloatValue',
  'google.protobuf.Int32Value',
  'google.protobuf.Int64Value',
  'google.protobuf.ListValue',
  'google.protobuf.StringValue',
  'google.protobuf.Struct',
  'google.protobuf.Timestamp',
  'google.protobuf.UInt32Value',
  'google.protobuf.UInt64Value',
  'google.protobuf.Value',
] as const

/** A message of Google's that a field can have without its being described. */
export type WellKnownType = (typeof WELL_KNOWN_TYPES)[number]

/** An enum: its names with their numbers, one of them 0. It is nested in the message that has it. */
export interface EnumDescriptor {
  /** Without the name of the message: `Status`. */
  readonly name: string
  readonly values: Readonly<Record<string, number>>
}

/** What one value of a field is. */
export type FieldTypeDescriptor = ScalarType | WellKnownType | EnumDescriptor | MessageDescriptor

/** A field of a message, in plain facts. */
export interface FieldDescriptor {
  /** Property in TypeScript: `orderId`. In the contract it is `order_id`. */
  readonly name: string
  /** Number on the wire. */
  readonly no: number
  /** The type, or how to get it once everything is defined: types may refer to each other. */
  readonly type: FieldTypeDescriptor | (() => FieldTypeDescriptor)
  /** Makes the field a map, with `type` for its values. */
  readonly mapKey?: MapKeyType | undefined
  readonly repeated?: boolean | undefined
  /** Absent is different from the default. Always so for messages. */
  readonly optional?: boolean | undefined
  /** Name of the oneof that the field is a case of: a property of its own. */
  readonly oneof?: string | undefined
}

/** A message, in plain facts. The same message is the same object. */
export interface MessageDescriptor {
  /** Full name: `shop.v1.Order`. */
  readonly name: string
  readonly fields: readonly FieldDescriptor[]
}

/** The name of a field in a contract: `order_id` for `orderId`. */
export function protoName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
