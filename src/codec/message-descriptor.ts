import type { Options } from './schema/schema.js'

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

/** What can be said of anything in a contract, beside what it is. */
export interface DeclarationOptions {
  /** What it is for, in words: for documents and files made from the contract. */
  readonly comment?: string | undefined
  /** It should not be used any more. */
  readonly deprecated?: boolean | undefined
  /** Options of the contract by name, extensions in brackets: `{ '(buf.validate.field)': { string: { min_len: 1 } } }`. */
  readonly options?: Options | undefined
}

/** What may not be used again: a number, numbers from the first to the last, or a name as in the contract. */
export type ReservedDescriptor = number | readonly [first: number, last: number] | string

/** What can be said of something that has numbers and names. */
export interface NumberedOptions extends DeclarationOptions {
  /** Numbers and names that were used once and must not come back: `[4, [6, 9], 'old_name']`. */
  readonly reserved?: readonly ReservedDescriptor[] | undefined
  /** The package, where it does not end at the first part of the full name that starts with an upper-case letter. */
  readonly package?: string | undefined
}

/** An enum: its names with their numbers, one of them 0. Without a full name it is nested in the message that has it. */
export interface EnumDescriptor extends NumberedOptions {
  /** Without the name of the message: `Status`. */
  readonly name: string
  /** Full name of an enum that stands on its own: `shop.v1.Status`. The same enum is the same object. */
  readonly fullName?: string | undefined
  readonly values: Readonly<Record<string, number>>
  /** What is said of values, by name. */
  readonly said?: Readonly<Record<string, DeclarationOptions | undefined>> | undefined
}

/** What one value of a field is. */
export type FieldTypeDescriptor = ScalarType | WellKnownType | EnumDescriptor | MessageDescriptor

/** A field of a message, in plain facts. */
export interface FieldDescriptor extends DeclarationOptions {
  /** Property in TypeScript: `orderId`. */
  readonly name: string
  /** Name in the contract; by default that of the property in snake case: `order_id`. */
  readonly protoName?: string | undefined
  /** Name in JSON; by default made of that in the contract: `orderId`. */
  readonly jsonName?: string | undefined
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
export interface MessageDescriptor extends NumberedOptions {
  /** Full name: `shop.v1.Order`. What stands behind the name of a message is nested in it: `shop.v1.Order.Item`. */
  readonly name: string
  readonly fields: readonly FieldDescriptor[]
  /** What is said of oneofs, by name. */
  readonly oneofs?: Readonly<Record<string, DeclarationOptions | undefined>> | undefined
}

/** The name of a field in a contract: `order_id` for `orderId`. */
export function protoName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** The name that a field has in its contract. */
export function contractName({ name, protoName: given }: Pick<FieldDescriptor, 'name' | 'protoName'>): string {
  return given ?? protoName(name)
}

/** How many parts of a full name are its package: those before the first that starts with an upper-case letter. */
export function packageParts(fullName: string, given?: string): number {
  if (given !== undefined) return given === '' ? 0 : given.split('.').length
  const parents = fullName.split('.').slice(0, -1)
  const first = parents.findIndex((part) => /^[A-Z]/.test(part))
  return first < 0 ? parents.length : first
}
