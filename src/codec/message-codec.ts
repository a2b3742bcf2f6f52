/** A JSON value as `JSON.parse` returns it. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }

/**
 * Turns messages of one type into bytes and JSON and back. Transports know messages only through this.
 *
 * Every method throws an `RpcError` on input that does not fit the type, naming the field path where it can.
 */
export interface MessageCodec<T = unknown> {
  /** Full name of the message type: `shop.v1.Order`. */
  readonly typeName: string
  /** Protobuf binary form. */
  encode(message: T): Uint8Array
  /** Reads the protobuf binary form. The result does not alias `bytes`. */
  decode(bytes: Uint8Array): T
  /** ProtoJSON form. */
  toJson(message: T): JsonValue
  /** Reads the ProtoJSON form. */
  fromJson(json: JsonValue): T
}
