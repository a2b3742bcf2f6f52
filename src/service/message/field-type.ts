import type { DeclarationOptions, MapKeyType, ScalarType, WellKnownType } from '../../codec/message-descriptor.js'
import type * as wellKnown from '../../codec/well-known.js'
import type { MessageClass, MessageType } from './message-type.js'

/**
 * An enum in code: a const object `{ OPEN: 0, SHIPPED: 1 }`, or an `enum` of TypeScript. One value must be 0. It is nested in
 * the message that has it; one from `defineEnum` has a name of its own.
 */
export type EnumObject = Readonly<Record<string, number | string>>

/** What one value of a field can be. */
export type ValueType = ScalarType | WellKnownType | MessageClass | MessageType | EnumObject

/** A map: `{ map: ['string', 'int32'] }`. */
export interface MapType {
  /** Types of its keys and of its values. */
  readonly map: readonly [key: MapKeyType, value: ValueType | (() => ValueType)]
}

/** What a field can be: a type by name, a message, an enum, a map, or a function that returns what is defined only later. */
export type FieldType = ValueType | MapType | (() => ValueType)

/** What a field is beside its type. It is at most one of `repeated` and `optional`. */
export interface FieldOptions extends DeclarationOptions {
  /** A list. */
  readonly repeated?: boolean | undefined
  /** Absent is different from the default. Always so for messages. */
  readonly optional?: boolean | undefined
  /** Name in the contract; by default the property in snake case: `order_id` for `orderId`. */
  readonly name?: string | undefined
  /** Name in JSON; by default made of the name in the contract: `orderId`. */
  readonly jsonName?: string | undefined
}

/** What values of scalar and well-known types are in TypeScript. */
export interface NamedValues {
  double: number
  float: number
  int32: number
  int64: bigint
  uint32: number
  uint64: bigint
  sint32: number
  sint64: bigint
  fixed32: number
  fixed64: bigint
  sfixed32: number
  sfixed64: bigint
  bool: boolean
  string: string
  bytes: Uint8Array
  'google.protobuf.Any': wellKnown.Any
  'google.protobuf.BoolValue': wellKnown.BoolValue
  'google.protobuf.BytesValue': wellKnown.BytesValue
  'google.protobuf.DoubleValue': wellKnown.DoubleValue
  'google.protobuf.Duration': wellKnown.Duration
  'google.protobuf.Empty': wellKnown.Empty
  'google.protobuf.FieldMask': wellKnown.FieldMask
  'google.protobuf.FloatValue': wellKnown.FloatValue
  'google.protobuf.Int32Value': wellKnown.Int32Value
  'google.protobuf.Int64Value': wellKnown.Int64Value
  'google.protobuf.ListValue': wellKnown.ListValue
  'google.protobuf.StringValue': wellKnown.StringValue
  'google.protobuf.Struct': wellKnown.Struct
  'google.protobuf.Timestamp': wellKnown.Timestamp
  'google.protobuf.UInt32Value': wellKnown.UInt32Value
  'google.protobuf.UInt64Value': wellKnown.UInt64Value
  'google.protobuf.Value': wellKnown.Value
}

/** What one value of a type is in TypeScript. */
export type ValueOf<T> = T extends keyof NamedValues
  ? NamedValues[T]
  : T extends MessageClass<infer M>
    ? M
    : T extends MessageType<infer M>
      ? M
      : T extends EnumObject
        ? Extract<T[keyof T], number>
        : unknown

/** The type itself, where it is given as a function. */
export type GivenType<T> = T extends MessageClass ? T : T extends () => infer R ? R : T

/** What a field that is no list is in TypeScript: one value, or a map. */
export type SingleValue<T> = T extends MapType ? Record<string, ValueOf<GivenType<T['map'][1]>>> : ValueOf<GivenType<T>>

/** What a field is in TypeScript. */
export type FieldValue<T, O extends FieldOptions> = O extends { readonly repeated: true }
  ? SingleValue<T>[]
  : SingleValue<T>

/** Whether a field is in every message that was decoded. */
export type FieldPresence<T, O extends FieldOptions> = O extends { readonly repeated: true }
  ? 'always'
  : O extends { readonly optional: true }
    ? 'maybe'
    : GivenType<T> extends WellKnownType | MessageClass | MessageType
      ? 'maybe'
      : 'always'
