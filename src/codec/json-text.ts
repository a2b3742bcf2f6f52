import type { JsonValue, MessageCodec } from './message-codec.js'

/** A message in ProtoJSON, as text. */
export function jsonText<T, Init>(codec: MessageCodec<T, Init>, message: T | Init): string {
  return codec.toJsonText?.(message) ?? textOfJson(codec.toJson(message))
}

/** JSON as text: what `JSON.stringify` makes of it, but with the sign of minus zero, which that leaves out. */
export function textOfJson(json: JsonValue): string {
  return hasMinusZero(json) ? signedText(json) : JSON.stringify(json)
}

function hasMinusZero(json: JsonValue): boolean {
  if (typeof json !== 'object' || json === null) return Object.is(json, -0)
  return Array.isArray(json) ? json.some(hasMinusZero) : Object.values(json).some(hasMinusZero)
}

function signedText(json: JsonValue): string {
  if (typeof json !== 'object' || json === null) return Object.is(json, -0) ? '-0' : (JSON.stringify(json) ?? 'null')
  if (Array.isArray(json)) return `[${json.map(signedText).join(',')}]`
  const members = Object.entries(json).filter(([, value]) => value !== undefined)
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${signedText(value)}`).join(',')}}`
}
