import type { MessageCodec } from './message-codec.js'

/** A message in ProtoJSON, as text. */
export function jsonText<T, Init>(codec: MessageCodec<T, Init>, message: T | Init): string {
  return codec.toJsonText?.(message) ?? JSON.stringify(codec.toJson(message))
}
