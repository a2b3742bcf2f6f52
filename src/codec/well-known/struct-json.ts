import type { JsonValue } from '../message-codec.js'
import { Struct } from '../well-known.js'

/** A JSON object as a `google.protobuf.Struct`. Throws an `RpcError` for what JSON does not have: NaN, functions. */
export function structFromJson(json: { readonly [key: string]: JsonValue }): Struct {
  return Struct.fromJson(json as JsonValue)
}

/** The JSON object of a `google.protobuf.Struct`. Throws an `RpcError` if it holds numbers that JSON does not have. */
export function structToJson(struct: Struct): { [key: string]: JsonValue } {
  return Struct.toJson(struct) as { [key: string]: JsonValue }
}
