import type { Type } from 'protobufjs/light.js'
import { readMessage } from '../decode.js'
import { encoderOf } from '../encode.js'
import { binaryToJson, jsonToBinary } from '../json.js'
import { Writer } from '../wire/writer.js'
import type { ValueJson } from './scalar-json.js'

/** The JSON of a type of `google.protobuf`, which is rarely an object of its fields: the library's own. */
export function wellKnownJson(type: Type): ValueJson | undefined {
  if (!type.fullName.startsWith('.google.protobuf.')) return undefined
  return {
    write: (value, depth) =>
      attempt(() => {
        const writer = new Writer()
        encoderOf(type)(value, writer, depth + 1)
        return binaryToJson(type, writer.finish())
      }),
    read: (json, depth) =>
      // The null of JSON is a value to some of them, and nothing to others.
      json === null
        ? undefined
        : attempt(() => {
            return readMessage(type, jsonToBinary(type, json, {}), depth + 1)
          }),
  }
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}
