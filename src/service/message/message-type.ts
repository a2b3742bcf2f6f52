import type { MessageCodec } from '../../codec/message-codec.js'
import type { MessageDescriptor } from '../../codec/message-descriptor.js'
import type { MessageInit } from '../../codec/message-init.js'

/** A message that was defined in code: its codec, and what it was made of. */
export interface MessageType<T = unknown> extends MessageCodec<T> {
  readonly descriptor: MessageDescriptor
}

/** A class with `@message`. Its instances say what messages look like; messages themselves may be plain objects. */
export type MessageClass<T = unknown> = new () => T

/** Whatever says what a message looks like: a codec (generated, loaded, or from `defineMessage`) or a class with `@message`. */
export type MessageSource<T = unknown, Init = MessageInit<T>> = MessageCodec<T, Init> | MessageClass<T>

/** The messages of a source: `type Order = MessageOf<typeof Order>`. */
export type MessageOf<S> = S extends MessageClass<infer T> ? T : S extends MessageCodec<infer T, infer _> ? T : never

/** True of what `defineMessage` returns. */
export function isMessageType(value: unknown): value is MessageType {
  return isCodec(value) && 'descriptor' in value
}

/** True of codecs, wherever they are from. */
export function isCodec(value: unknown): value is MessageCodec {
  const codec = value as Partial<MessageCodec> | null | undefined
  return typeof codec?.typeName === 'string' && typeof codec.encode === 'function' && typeof codec.decode === 'function'
}
