import type { MessageCodec } from '../../codec/message-codec.js'

/** Whatever says what a message looks like: a codec, as generated, loaded or made by `defineMessage`. */
export type MessageSource<T> = MessageCodec<T>

/** The codec of a message source. */
export function codecOf<T>(source: MessageSource<T>): MessageCodec<T> {
  if (isCodec(source)) return source
  throw new TypeError(`${String(source)} is not a message: it needs a codec`)
}

function isCodec(value: unknown): value is MessageCodec {
  const codec = value as Partial<MessageCodec> | null | undefined
  return typeof codec?.typeName === 'string' && typeof codec.encode === 'function' && typeof codec.decode === 'function'
}
