import type { MessageInit } from './message-init.js'
import type { MessageSchema } from './schema/schema.js'

/** A JSON value as `JSON.parse` returns it. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }

/**
 * How one value of a field is written in ProtoJSON. 64-bit integers are a `number` here although JSON has them as text;
 * well-known types that are written as one value (Timestamp, Duration, FieldMask, the wrappers) count as that value.
 */
export type FieldKind = 'string' | 'number' | 'bool' | 'bytes' | 'enum' | 'message' | 'map'

/** What has to be known of a field to fill it from text: from a path or a query. */
export interface FieldShape {
  /** As in the contract: `order_id`. */
  readonly name: string
  /** As in JSON: `orderId`. */
  readonly jsonName: string
  readonly kind: FieldKind
  /** Several values; `kind` is that of one. */
  readonly repeated: boolean
  /** Fields of a `message`; absent where its JSON form is not an object of its fields (Struct, Value, Any). Types may recur. */
  readonly fields?: readonly FieldShape[] | undefined
}

/** How strictly JSON is read. */
export interface FromJsonOptions {
  /**
   * Leaves out fields and enum names that the type lacks, instead of failing: for what a newer program may have written,
   * a response of its server, say. Off by default.
   */
  readonly ignoreUnknownFields?: boolean | undefined
}

/**
 * Turns messages of one type into bytes and JSON and back. Transports know messages only through this.
 *
 * Every method throws an `RpcError` on input that does not fit the type, naming the field path where it can.
 *
 * @typeParam T - A message as it is read: complete.
 * @typeParam Init - A message as it is written: what may be left out is optional. Generated code has a type for it.
 */
export interface MessageCodec<T = unknown, Init = MessageInit<T>> {
  /** Full name of the message type: `shop.v1.Order`. */
  readonly typeName: string
  /** Never there: it says of which type messages are when they are written. */
  readonly '~init'?: Init
  /** The fields, in the order of the contract; absent if the codec does not know them. */
  readonly fields?: readonly FieldShape[] | undefined
  /** Everything that the contract says of the type, its options and comments too; absent if the codec does not know. */
  readonly schema?: MessageSchema | undefined
  /** Protobuf binary form. */
  encode(message: T | Init): Uint8Array
  /** Reads the protobuf binary form. The result does not alias `bytes`. */
  decode(bytes: Uint8Array): T
  /** ProtoJSON form. */
  toJson(message: T | Init): JsonValue
  /**
   * ProtoJSON form as text: what `JSON.stringify(toJson(message))` is, and faster, but with the sign of minus zero (`-0`);
   * absent if the codec has no such way.
   */
  toJsonText?(message: T | Init): string
  /** Reads the ProtoJSON form. */
  fromJson(json: JsonValue, options?: FromJsonOptions): T
}
