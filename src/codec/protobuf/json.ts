import protojson from 'protobufjs/ext/protojson.js'
import type { Type } from 'protobufjs/light.js'
import type { FromJsonOptions, JsonValue } from '../message-codec.js'

// JSON goes by way of the binary form: one shape to convert, one set of checks.

/** ProtoJSON of a message in its binary form. */
export function binaryToJson(type: Type, bytes: Uint8Array): JsonValue {
  return protojson.toJson(type, type.decode(bytes)) as JsonValue
}

/** The binary form of a message in ProtoJSON. Throws an `Error` on JSON that does not fit the type. */
export function jsonToBinary(type: Type, json: JsonValue, options: FromJsonOptions): Uint8Array {
  const { ignoreUnknownFields = false } = options
  return type.encode(protojson.fromJson(type, json, { ignoreUnknownFields })).finish()
}
