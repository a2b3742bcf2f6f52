import { bytesOf, joined } from './frames.js'
import { writeHuffman } from './huffman.js'
import type { Field } from './static-table.js'

/** An integer behind a prefix (RFC 7541, 5.1): `pattern` holds the bits above the prefix. */
export function integer(pattern: number, prefixBits: number, value: number): number[] {
  const limit = 2 ** prefixBits - 1
  if (value < limit) return [pattern | value]
  const bytes = [pattern | limit]
  let rest = value - limit
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
  return [...bytes, rest]
}

/** A string literal without Huffman code. */
export function plain(text: string): number[] {
  return [...integer(0, 7, text.length), ...bytesOf(text)]
}

/** A string literal in Huffman code. */
export function huffman(text: string): number[] {
  const coded = writeHuffman(text)
  return [...integer(128, 7, coded.length), ...coded]
}

/** A field that is not kept (RFC 7541, 6.2.2). */
export function literal(name: string, value: string): number[] {
  return [0, ...plain(name), ...plain(value)]
}

/** A field that enters the dynamic table (6.2.1). */
export function indexing(name: string, value: string): number[] {
  return [0x40, ...plain(name), ...plain(value)]
}

/** A field that enters the dynamic table under the name of another (6.2.1). */
export function indexingNamed(index: number, value: string): number[] {
  return [...integer(0x40, 6, index), ...plain(value)]
}

/** A field that is in a table (6.1). */
export function indexed(index: number): number[] {
  return integer(0x80, 7, index)
}

/** A change of the table's size (6.3). */
export function tableSize(bytes: number): number[] {
  return integer(0x20, 5, bytes)
}

/** A block that uses literals only, so that it says the same in every state of the connection. */
export function block(...fields: readonly Field[]): Uint8Array {
  return joined(fields.map(([name, value]) => bytesOf(literal(name, value))))
}

/** The fields that every request needs. */
export const requestFields: readonly Field[] = [
  [':method', 'POST'],
  [':scheme', 'http'],
  [':path', '/echo'],
  [':authority', 'test'],
]

/** A request with further fields. */
export function request(...more: readonly Field[]): Uint8Array {
  return block(...requestFields, ...more)
}

/** A request to another path. */
export function requestTo(path: string, ...more: readonly Field[]): Uint8Array {
  return block(...requestFields.map(([name, value]): Field => [name, name === ':path' ? path : value]), ...more)
}

/** A response with further fields. */
export function response(...more: readonly Field[]): Uint8Array {
  return block([':status', '200'], ...more)
}
