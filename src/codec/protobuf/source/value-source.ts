import { lenientString, type Scalar } from '../scalar.js'
import { SHORT } from '../wire/short-text.js'

/** Expressions for the text of `size` bytes behind a place: of any text, and of names, which come again. */
const TEXT = 'texts[size](bytes, at + 1)'
const NAME = 'nameText(bytes, at + 1, size)'

/** Statements that read a scalar at `at` into a target, and move `at` behind it: at most to the end. */
export function assign(scalar: Scalar, target: string, end: string): string {
  return assignAs(TEXT, scalar, { target, end })
}

/** The same, for a key of a map. */
export function assignKey(scalar: Scalar, target: string, end: string): string {
  return assignAs(NAME, scalar, { target, end })
}

function assignAs(shortText: string, scalar: Scalar, { target, end }: { target: string; end: string }): string {
  const slow = `{ reader.at = at; reader.end = ${end}; ${target} = ${methodSource(scalar)}; at = reader.at }`
  const oneByte = oneByteSource[scalar.name]
  if (oneByte) return `if (at < ${end} && bytes[at] < 128) ${target} = ${oneByte}; else ${slow}`
  if (scalar.name !== 'string' || scalar === lenientString) return slow
  return `{
    const size = at < ${end} ? bytes[at] : 128
    let text
    if (size <= ${SHORT} && at + size < ${end} && (text = ${shortText}) !== undefined) {
      ${target} = text
      at += size + 1
    } else ${slow}
  }`
}

/** Statements that read a length, and name the place where what it is the length of ends. */
export function sizeSource(end: string, next = 'next'): string {
  return `const from = at
    let ${next} = at < ${end} ? bytes[at++] : 128
    if (${next} < 128 && at + ${next} <= ${end}) ${next} += at
    else {
      reader.at = from
      reader.end = ${end}
      reader.enter()
      at = reader.at
      ${next} = reader.end
    }`
}

/** Expressions for a value of one byte. */
const oneByteSource: Readonly<Record<string, string>> = {
  int32: 'bytes[at++]',
  uint32: 'bytes[at++]',
  bool: 'bytes[at++] !== 0',
  int64: 'BigInt(bytes[at++])',
  uint64: 'BigInt(bytes[at++])',
}

const methods: Readonly<Record<string, string>> = {
  string: 'reader.longText()',
  bytes: 'reader.copy()',
  sfixed32: 'reader.fixed32() | 0',
}

function methodSource(scalar: Scalar): string {
  if (scalar === lenientString) return 'reader.lenientText()'
  return methods[scalar.name] ?? `reader.${scalar.name}()`
}
