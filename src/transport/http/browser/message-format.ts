import { decodeWith, encodeWith } from '../../grpc-wire/message-error.js'
import { jsonText, type MessageCodec } from '../../kernel.js'
import { requestOf } from '../bind.js'
import { badRequest } from '../error.js'
import { parseRequest } from '../wire/json.js'

/** How messages are written: what a content type says of them. */
export interface MessageFormat {
  /** As content types have it. */
  readonly name: 'proto' | 'json'
  /** Reads a message; throws an `RpcError` if it is none. */
  decode(bytes: Uint8Array, codec: MessageCodec): unknown
  /** Writes a message; throws an `RpcError` if it is none. */
  encode(message: unknown, codec: MessageCodec): Uint8Array
}

/** Protobuf binary form. */
export const protoFormat: MessageFormat = {
  name: 'proto',
  decode: (bytes, codec) => decodeWith(codec, bytes),
  encode: (message, codec) => encodeWith(codec, message, Number.POSITIVE_INFINITY),
}

/** ProtoJSON. */
export const jsonFormat: MessageFormat = {
  name: 'json',
  decode(bytes, codec) {
    if (bytes.length === 0) throw badRequest('an empty message is not JSON')
    return requestOf(parseRequest(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)), codec)
  },
  encode: (message, codec) => Buffer.from(jsonText(codec, message)),
}

const formats = new Map([protoFormat, jsonFormat].map((format) => [format.name as string, format]))

/** The format of a name; `undefined` for one that is not known here. */
export function formatOf(name: string): MessageFormat | undefined {
  return formats.get(name)
}
