import type { Type } from 'protobufjs/light.js'
import { Code, type ErrorCode } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import { textOfJson } from './json-text.js'
import type { FieldShape, FromJsonOptions, JsonValue, MessageCodec } from './message-codec.js'
import type { MessageInit } from './message-init.js'
import { type MessageReader, readerOf, readMessage } from './protobuf/decode.js'
import { type EncodeMessage, encoderOf } from './protobuf/encode.js'
import { fieldShapes } from './protobuf/field-shapes.js'
import { messageJson } from './protobuf/json/message-json.js'
import type { ValueJson } from './protobuf/json/value-json.js'
import { Misfit, shortPath } from './protobuf/misfit.js'
import { messageText } from './protobuf/text/message-text.js'
import type { WriteText } from './protobuf/text/scalar-text.js'
import { Writer } from './protobuf/wire/writer.js'
import { messageSchema } from './schema/describe-type.js'
import type { MessageSchema } from './schema/schema.js'

/**
 * The codec of a message type of the protobuf library, compiled when it is first used.
 *
 * Messages are plain objects. Property names are the type's field names; fields without presence are always there after
 * `decode`, those with presence are absent when unset; 64-bit integers are `bigint`; enums are numbers; a oneof is one
 * property with `{ case, value }`; maps are objects without a prototype, keyed by string. `encode` takes partial
 * messages: what is missing is left at its default.
 *
 * What does not fit fails with `INTERNAL`, JSON that does not fit with `INVALID_ARGUMENT`.
 */
export function messageCodec<T = unknown, Init = MessageInit<T>>(type: Type): MessageCodec<T, Init> {
  return lazyCodec(type.fullName.replace(/^\./, ''), () => type)
}

/** A codec that asks for its type when it is first used. */
export function lazyCodec<T = unknown, Init = MessageInit<T>>(
  typeName: string,
  type: () => Type,
): MessageCodec<T, Init> {
  return new ProtobufCodec<T, Init>(typeName, type)
}

class ProtobufCodec<T, Init> implements MessageCodec<T, Init> {
  readonly typeName: string
  readonly #findType: () => Type
  #foundType: Type | undefined
  #encoder: EncodeMessage | undefined
  #reader: MessageReader | undefined
  #json: ValueJson | undefined
  #jsonText: WriteText | undefined

  constructor(typeName: string, type: () => Type) {
    this.typeName = typeName
    this.#findType = type
  }

  get #type(): Type {
    this.#foundType ??= this.#findType()
    return this.#foundType
  }

  get fields(): readonly FieldShape[] {
    return fieldShapes(this.#type)
  }

  get schema(): MessageSchema {
    return messageSchema(this.#type)
  }

  encode(message: T | Init): Uint8Array {
    const writer = Writer.take()
    try {
      this.#encoder ??= encoderOf(this.#type)
      this.#encoder(message, writer, 0)
      return writer.finish()
    } catch (error) {
      throw failure(Code.INTERNAL, `encode ${this.typeName}`, this.#encoder ? ownProblem(error) : error)
    } finally {
      writer.release()
    }
  }

  decode(bytes: Uint8Array): T {
    try {
      this.#reader ??= readerOf(this.#type)
      return readMessage(this.#reader, bytes, 0) as T
    } catch (error) {
      throw failure(Code.INTERNAL, `decode ${this.typeName}`, error)
    }
  }

  toJson(message: T | Init): JsonValue {
    try {
      this.#json ??= messageJson(this.#type)
      return this.#json.write(message, 0)
    } catch (error) {
      throw failure(Code.INTERNAL, `write ${this.typeName} as JSON`, this.#json ? ownProblem(error) : error)
    }
  }

  toJsonText(message: T | Init): string {
    try {
      this.#jsonText ??= messageText(this.#type)
      return this.#jsonText(message, 0)
    } catch {
      // Fails again, and says where.
      return textOfJson(this.toJson(message))
    }
  }

  fromJson(json: JsonValue, options: FromJsonOptions = {}): T {
    try {
      this.#json ??= messageJson(this.#type)
      return this.#json.read(json, { ignoreUnknown: options.ignoreUnknownFields ?? false, depth: 0 }) as T
    } catch (error) {
      // What is wrong with the type is not the fault of the JSON.
      const code = error instanceof Misfit ? Code.INVALID_ARGUMENT : Code.INTERNAL
      throw failure(code, `read ${this.typeName} from JSON`, error)
    }
  }
}

/** What a getter of a message throws is not for whoever the message is for. */
function ownProblem(error: unknown): unknown {
  return error instanceof Misfit ? error : new Error('a value cannot be read', { cause: error })
}

function failure(code: ErrorCode, attempt: string, cause: unknown): RpcError {
  const at = cause instanceof Misfit && cause.path !== '' ? ` at ${shortPath(cause.path)}` : ''
  const problem = cause instanceof Error ? cause.message : String(cause)
  return new RpcError(code, `cannot ${attempt}${at}: ${problem}`, { cause })
}
