import { shortTexts } from './short-text.js'

/** How many names are kept: a power of two. */
const PLACES = 512

const kept = new Array<string>(PLACES).fill('')

/**
 * Text of at most `SHORT` bytes that is a name, the key of a map, say; `undefined` if one of its bytes is not ASCII. Names
 * are few and come again: one that was seen lately is found faster than made, and faster to use as a key.
 */
export function nameText(bytes: Uint8Array, at: number, size: number): string | undefined {
  const last = at + size - 1
  const mixed = (bytes[at] as number) * 31 + (bytes[at + (size >> 1)] as number) * 17 + (bytes[last] as number) * 7
  const place = (mixed + size) & (PLACES - 1)
  const name = kept[place] as string
  if (size > 0 && name.length === size && isAt(name, bytes, at)) return name
  const text = (shortTexts[size] as (typeof shortTexts)[0])(bytes, at)
  if (text !== undefined) kept[place] = text
  return text
}

function isAt(name: string, bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) !== bytes[at + i]) return false
  return true
}
