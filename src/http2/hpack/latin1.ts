import { Buffer } from 'node:buffer'

// What `toString('latin1')` and `write` are made of; these take any Uint8Array.
const { latin1Slice, latin1Write } = Buffer.prototype as Buffer & {
  latin1Slice(this: Uint8Array, start: number, end: number): string
  latin1Write(this: Uint8Array, text: string, at: number, length: number): number
}
const chars = String.fromCharCode

/** A string with one character for each byte from `start` to `end`. */
export function readLatin1(bytes: Uint8Array, start: number, end: number): string {
  // Up to here, a call into the runtime costs more than it saves.
  if (end - start > 12) return latin1Slice.call(bytes, start, end)
  let text = ''
  let at = start
  for (; end - at >= 4; at += 4) text += quad(bytes, at)
  for (; at < end; at++) text += chars(bytes[at] as number)
  return text
}

/** Writes one byte for each character of `text` at `at`: the lower eight bits. */
export function writeLatin1(bytes: Uint8Array, at: number, text: string): void {
  const length = text.length
  if (length > 24) latin1Write.call(bytes, text, at, length)
  else for (let index = 0; index < length; index++) bytes[at + index] = text.charCodeAt(index)
}

function quad(bytes: Uint8Array, at: number): string {
  return chars(bytes[at] as number, bytes[at + 1] as number, bytes[at + 2] as number, bytes[at + 3] as number)
}
