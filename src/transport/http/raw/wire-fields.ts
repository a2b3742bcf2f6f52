/** A field of protobuf that is written with its length: number, length, bytes. */
export function lengthDelimited(no: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint(no * 8 + 2), varint(bytes.length), bytes])
}

/** The fields of a well-formed message that are written with their length, the last of each number; others are left out. */
export function fieldsOf(message: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const fields = new Map<number, Uint8Array>()
  let groups = 0
  for (let at = 0; at < message.length; ) {
    const tag = readVarint(message, at)
    const wireType = tag.value % 8
    const length = lengthOf(message, wireType, tag.end)
    at = length.end + length.value
    if (wireType === START_GROUP) groups += 1
    else if (wireType === END_GROUP) groups -= 1
    else if (wireType === 2 && groups === 0) fields.set(Math.floor(tag.value / 8), message.subarray(length.end, at))
  }
  return fields
}

const START_GROUP = 3
const END_GROUP = 4
const FIXED: Readonly<Record<number, number>> = { 1: 8, 5: 4, [START_GROUP]: 0, [END_GROUP]: 0 }

/** How long the value behind a tag is, and where it begins. */
function lengthOf(message: Uint8Array, wireType: number, from: number): Varint {
  const fixed = FIXED[wireType]
  if (fixed !== undefined) return { value: fixed, end: from }
  const number = readVarint(message, from)
  return wireType === 0 ? { value: 0, end: number.end } : number
}

interface Varint {
  readonly value: number
  /** Where the next thing begins. */
  readonly end: number
}

function readVarint(bytes: Uint8Array, from: number): Varint {
  let value = 0
  let factor = 1
  let at = from
  for (; (bytes[at] ?? 0) >= 0x80; at += 1) {
    value += ((bytes[at] ?? 0) & 0x7f) * factor
    factor *= 0x80
  }
  return { value: value + (bytes[at] ?? 0) * factor, end: at + 1 }
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return Buffer.from([...bytes, rest])
}
