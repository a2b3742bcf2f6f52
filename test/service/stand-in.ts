import type { MessageCodec } from '../../src/codec/message-codec.js'

/** A codec for tests that never encode. */
export function codec<T>(typeName: string): MessageCodec<T> {
  const refuse = (): never => {
    throw new Error(`the codec of ${typeName} is only a stand-in`)
  }
  return { typeName, encode: refuse, decode: refuse, toJson: refuse, fromJson: refuse }
}
