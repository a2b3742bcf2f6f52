import type { MessageCodec } from '../../codec/message-codec.js'
import type { MessageInit } from '../../codec/message-init.js'
import { buildMessage } from '../../codec/protobuf/build-message.js'
import { describeClass } from './describe-message.js'
import { isCodec, isMessageType, type MessageSource } from './message-type.js'

// Holds nothing but what follows from the source: so that a message has one codec.
const built = new WeakMap<object, MessageCodec>()

/** The codec of a message source. Throws a `TypeError` if it is none, or describes what protobuf forbids. */
export function codecOf<T, Init = MessageInit<T>>(source: MessageSource<T, Init>): MessageCodec<T, Init> {
  if (isCodec(source) && !isMessageType(source)) return source as MessageCodec<T, Init>
  const known = built.get(source)
  if (known) return known as MessageCodec<T, Init>
  const descriptor = isMessageType(source)
    ? source.descriptor
    : typeof source === 'function'
      ? describeClass(source)
      : undefined
  if (!descriptor) throw new TypeError(`${nameOf(source)} is not a message: pass a codec, or a class with @message`)
  const codec = buildMessage<T>(descriptor) as MessageCodec<T, Init>
  built.set(source, codec as MessageCodec)
  return codec
}

function nameOf(source: unknown): string {
  return typeof source === 'function' ? `class ${source.name}` : (JSON.stringify(source) ?? String(source))
}
