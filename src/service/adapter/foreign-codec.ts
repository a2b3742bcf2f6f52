import type { FieldShape, FromJsonOptions, JsonValue, MessageCodec } from '../../codec/message-codec.js'
import type { MessageSchema } from '../../codec/schema/schema.js'
import { Code, type ErrorCode } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'

/** What another library does with messages of one type. */
export interface ForeignMessage<T> {
  readonly typeName: string
  encode(message: T): Uint8Array
  decode(bytes: Uint8Array): T
  toJson?: ((message: T) => JsonValue) | undefined
  fromJson?: ((json: JsonValue, options: FromJsonOptions) => T) | undefined
  /** A codec of the same type that knows the contract. It also does the JSON of a library that has none. */
  readonly own?: (() => MessageCodec) | undefined
}

/** A codec whose messages are those of another library. What that throws becomes an `RpcError`. */
export class ForeignCodec<T, Init> implements MessageCodec<T, Init> {
  readonly typeName: string
  readonly #message: ForeignMessage<T>

  constructor(message: ForeignMessage<T>) {
    this.typeName = message.typeName
    this.#message = message
  }

  get fields(): readonly FieldShape[] | undefined {
    return this.#message.own?.().fields
  }

  get schema(): MessageSchema | undefined {
    return this.#message.own?.().schema
  }

  encode(message: T | Init): Uint8Array {
    return this.#attempt('encode', Code.INTERNAL, () => this.#message.encode(message as T))
  }

  decode(bytes: Uint8Array): T {
    return this.#attempt('decode', Code.INTERNAL, () => this.#message.decode(bytes))
  }

  toJson(message: T | Init): JsonValue {
    const { toJson } = this.#message
    if (toJson) return this.#attempt('write as JSON', Code.INTERNAL, () => toJson(message as T))
    return this.#own().toJson(this.#own().decode(this.encode(message)))
  }

  fromJson(json: JsonValue, options: FromJsonOptions = {}): T {
    const { fromJson } = this.#message
    if (fromJson) return this.#attempt('read from JSON', Code.INVALID_ARGUMENT, () => fromJson(json, options))
    return this.decode(this.#own().encode(this.#own().fromJson(json, options)))
  }

  #own(): MessageCodec {
    const own = this.#message.own?.()
    if (own) return own
    throw new RpcError(
      Code.UNIMPLEMENTED,
      `${this.typeName} has no JSON: its definition does not say what its fields are`,
    )
  }

  #attempt<R>(what: string, code: ErrorCode, run: () => R): R {
    try {
      return run()
    } catch (cause) {
      if (cause instanceof RpcError) throw cause
      const problem = cause instanceof Error ? cause.message : String(cause)
      throw new RpcError(code, `cannot ${what} ${this.typeName}: ${problem}`, { cause })
    }
  }
}
