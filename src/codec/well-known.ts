import type { MessageCodec } from './message-codec.js'
import { bundledCodec } from './protobuf/bundled/bundled-root.js'

/** `google.protobuf.Any`: a message of a type that it names. */
export interface Any {
  /** Ends with the full name of the type, after a slash: `type.googleapis.com/shop.v1.Order`. */
  typeUrl: string
  /** The message in binary form. */
  value: Uint8Array
}

/** `google.protobuf.Duration`: a span of time. Both parts have the same sign. */
export interface Duration {
  seconds: bigint
  nanos: number
}

/** `google.protobuf.Empty`: nothing. */
export type Empty = Record<never, never>

/** `google.protobuf.FieldMask`: a set of field paths. */
export interface FieldMask {
  /** As in the `.proto` file: `order.shipping_address`. */
  paths: string[]
}

/** `google.protobuf.ListValue`: a list of JSON values. */
export interface ListValue {
  values: Value[]
}

/** `google.protobuf.Struct`: a JSON object. */
export interface Struct {
  fields: Record<string, Value>
}

/** `google.protobuf.Timestamp`: a point in time, in UTC. */
export interface Timestamp {
  /** Since 1970, negative before. */
  seconds: bigint
  /** From 0 to 999,999,999, counted forward also before 1970. */
  nanos: number
}

/** `google.protobuf.Value`: a JSON value. */
export interface Value {
  kind?:
    | { case: 'nullValue'; value: 0 }
    | { case: 'numberValue'; value: number }
    | { case: 'stringValue'; value: string }
    | { case: 'boolValue'; value: boolean }
    | { case: 'structValue'; value: Struct }
    | { case: 'listValue'; value: ListValue }
    | undefined
}

/** A message around one value, which so can be absent; in JSON the value alone. */
export interface Wrapper<T> {
  value: T
}

/** `google.protobuf.NullValue`. */
export const NullValue = { NULL_VALUE: 0 } as const
/** `google.protobuf.NullValue`. */
export type NullValue = (typeof NullValue)[keyof typeof NullValue]

/** `google.protobuf.BoolValue`. */
export type BoolValue = Wrapper<boolean>
/** `google.protobuf.BytesValue`. */
export type BytesValue = Wrapper<Uint8Array>
/** `google.protobuf.DoubleValue`. */
export type DoubleValue = Wrapper<number>
/** `google.protobuf.FloatValue`. */
export type FloatValue = Wrapper<number>
/** `google.protobuf.Int32Value`. */
export type Int32Value = Wrapper<number>
/** `google.protobuf.Int64Value`. */
export type Int64Value = Wrapper<bigint>
/** `google.protobuf.StringValue`. */
export type StringValue = Wrapper<string>
/** `google.protobuf.UInt32Value`. */
export type UInt32Value = Wrapper<number>
/** `google.protobuf.UInt64Value`. */
export type UInt64Value = Wrapper<bigint>

/** Codec of `google.protobuf.Any`. */
export const Any: MessageCodec<Any> = bundledCodec('google.protobuf.Any')
/** Codec of `google.protobuf.BoolValue`. */
export const BoolValue: MessageCodec<BoolValue> = bundledCodec('google.protobuf.BoolValue')
/** Codec of `google.protobuf.BytesValue`. */
export const BytesValue: MessageCodec<BytesValue> = bundledCodec('google.protobuf.BytesValue')
/** Codec of `google.protobuf.DoubleValue`. */
export const DoubleValue: MessageCodec<DoubleValue> = bundledCodec('google.protobuf.DoubleValue')
/** Codec of `google.protobuf.Duration`. */
export const Duration: MessageCodec<Duration> = bundledCodec('google.protobuf.Duration')
/** Codec of `google.protobuf.Empty`. */
export const Empty: MessageCodec<Empty> = bundledCodec('google.protobuf.Empty')
/** Codec of `google.protobuf.FieldMask`. */
export const FieldMask: MessageCodec<FieldMask> = bundledCodec('google.protobuf.FieldMask')
/** Codec of `google.protobuf.FloatValue`. */
export const FloatValue: MessageCodec<FloatValue> = bundledCodec('google.protobuf.FloatValue')
/** Codec of `google.protobuf.Int32Value`. */
export const Int32Value: MessageCodec<Int32Value> = bundledCodec('google.protobuf.Int32Value')
/** Codec of `google.protobuf.Int64Value`. */
export const Int64Value: MessageCodec<Int64Value> = bundledCodec('google.protobuf.Int64Value')
/** Codec of `google.protobuf.ListValue`. */
export const ListValue: MessageCodec<ListValue> = bundledCodec('google.protobuf.ListValue')
/** Codec of `google.protobuf.StringValue`. */
export const StringValue: MessageCodec<StringValue> = bundledCodec('google.protobuf.StringValue')
/** Codec of `google.protobuf.Struct`. */
export const Struct: MessageCodec<Struct> = bundledCodec('google.protobuf.Struct')
/** Codec of `google.protobuf.Timestamp`. */
export const Timestamp: MessageCodec<Timestamp> = bundledCodec('google.protobuf.Timestamp')
/** Codec of `google.protobuf.UInt32Value`. */
export const UInt32Value: MessageCodec<UInt32Value> = bundledCodec('google.protobuf.UInt32Value')
/** Codec of `google.protobuf.UInt64Value`. */
export const UInt64Value: MessageCodec<UInt64Value> = bundledCodec('google.protobuf.UInt64Value')
/** Codec of `google.protobuf.Value`. */
export const Value: MessageCodec<Value> = bundledCodec('google.protobuf.Value')
