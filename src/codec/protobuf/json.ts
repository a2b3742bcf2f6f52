import type { Message, Type } from 'protobufjs/light.js'
import type { FromJsonOptions, JsonValue } from '../message-codec.js'
import { pathOfFailure } from './json-path.js'
import { protojsonLibrary } from './library/protobuf-library.js'
import { Misfit } from './misfit.js'

// JSON goes by way of the binary form: one shape to convert, one set of checks.

/** ProtoJSON of a message in its binary form. */
export function binaryToJson(type: Type, bytes: Uint8Array): JsonValue {
  return protojsonLibrary().toJson(type, type.decode(bytes)) as JsonValue
}

/** The binary form of a message in ProtoJSON. Throws a `Misfit` that names the member if it does not fit the type. */
export function jsonToBinary(type: Type, json: JsonValue, options: FromJsonOptions): Uint8Array {
  const { ignoreUnknownFields = false } = options
  const read = (value: JsonValue): Message => protojsonLibrary().fromJson(type, value, { ignoreUnknownFields })
  try {
    return type.encode(read(json)).finish()
  } catch (error) {
    throw new Misfit(problemOf(error), shorten(pathOfFailure(json, read)))
  }
}

/** The library's text without the name of the type or field in front, which the path says better. */
function problemOf(error: unknown): string {
  if (error instanceof RangeError && error.message.includes('call stack')) return 'it is nested too deeply'
  const text = error instanceof Error ? error.message : String(error)
  return shorten(text.replace(/^\.[\w.]+: /, ''))
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
