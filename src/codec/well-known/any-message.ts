import type { MessageCodec } from '../message-codec.js'
import type { Any } from '../well-known.js'

const PREFIX = 'type.googleapis.com/'

/** Puts a message into an `Any`, with the name of its type. */
export function packAny<T, Init>(codec: MessageCodec<T, Init>, message: T | Init): Any {
  return { typeUrl: PREFIX + codec.typeName, value: codec.encode(message) }
}

/**
 * Takes a message out of an `Any`; `undefined` if it holds one of another type, or is not there.
 *
 * Throws an `RpcError` if it holds what is no message of the type that it names.
 */
export function unpackAny<T>(codec: MessageCodec<T>, any: Any | undefined): T | undefined {
  if (any?.typeUrl.slice(any.typeUrl.lastIndexOf('/') + 1) !== codec.typeName) return undefined
  return codec.decode(any.value)
}
