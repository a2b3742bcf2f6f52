import type { Root, Type } from 'protobufjs/light.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import type { FieldShape, FromJsonOptions, JsonValue, MessageCodec } from '../message-codec.js'
import type { MessageInit } from '../message-init.js'
import { addBundled, bundledCodec } from '../protobuf/bundled/bundled-root.js'
import { protobufLibrary } from '../protobuf/library/protobuf-library.js'
import { Reader } from '../protobuf/wire/reader.js'
import { Writer } from '../protobuf/wire/writer.js'
import type { MessageSchema } from '../schema/schema.js'
import { readKept, writeKept } from './kept-fields.js'

const DESCRIPTOR = 'google/protobuf/descriptor.proto'

// Made of constants when the first descriptor is read, and the same for everyone.
let root: Root | undefined

/** A type of `google/protobuf/descriptor.proto`. */
function descriptorType(name: string): Type {
  if (!root) {
    root = new (protobufLibrary().Root)()
    addBundled(root, DESCRIPTOR)
    root.resolveAll()
  }
  return root.lookupType(`google.protobuf.${name}`)
}

/**
 * The codec of a message of `google/protobuf/descriptor.proto`. Unlike those of other messages it keeps what it does not
 * know, extensions among it, in the property `unknown` of whatever has it, and writes it again; enums are numbers, those it
 * does not know too. JSON leaves `unknown` out.
 */
export function descriptorCodec<T>(name: string): MessageCodec<T> {
  return new DescriptorCodec<T>(name)
}

class DescriptorCodec<T> implements MessageCodec<T> {
  readonly typeName: string
  readonly #name: string
  readonly #json: MessageCodec<T>

  constructor(name: string) {
    this.typeName = `google.protobuf.${name}`
    this.#name = name
    this.#json = bundledCodec(this.typeName)
  }

  get fields(): readonly FieldShape[] | undefined {
    return this.#json.fields
  }

  get schema(): MessageSchema | undefined {
    return this.#json.schema
  }

  encode(message: T | MessageInit<T>): Uint8Array {
    const writer = Writer.take()
    try {
      writeKept(descriptorType(this.#name), message as Readonly<Record<string, unknown>>, writer)
      return writer.finish()
    } catch (error) {
      throw this.#failure('encode', error)
    } finally {
      writer.release()
    }
  }

  decode(bytes: Uint8Array): T {
    try {
      return readKept(descriptorType(this.#name), new Reader(bytes)) as T
    } catch (error) {
      throw this.#failure('decode', error)
    }
  }

  toJson(message: T): JsonValue {
    return this.#json.toJson(message)
  }

  fromJson(json: JsonValue, options?: FromJsonOptions): T {
    return this.#json.fromJson(json, options)
  }

  #failure(attempt: string, cause: unknown): RpcError {
    const problem = cause instanceof Error ? cause.message : String(cause)
    return new RpcError(Code.INTERNAL, `cannot ${attempt} ${this.typeName}: ${problem}`, { cause })
  }
}
