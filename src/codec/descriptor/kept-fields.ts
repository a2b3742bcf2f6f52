import type { Type } from 'protobufjs/light.js'
import { planOf, tagOf } from '../protobuf/plan.js'
import { latin1Slice } from '../protobuf/wire/native.js'
import type { Reader } from '../protobuf/wire/reader.js'
import { wireOf } from '../protobuf/wire/scalar-wire.js'
import type { WriteScalar } from '../protobuf/wire/scalar-write.js'
import type { Writer } from '../protobuf/wire/writer.js'

/** A message as an object; what its type does not know is in `unknown`, as it is on the wire. */
type Fields = Record<string, unknown>

/** How deep messages may nest. */
const RECURSION_LIMIT = 100

/** One field, with everything decided that does not depend on a message. */
interface FieldPlan {
  readonly name: string
  readonly id: number
  readonly repeated: boolean
  readonly packed: boolean
  /** In front of a value. */
  readonly tag: number
  /** What a value is, unless it is a message. */
  readonly scalar: ScalarPlan | undefined
  readonly message: Type | undefined
}

interface ScalarPlan {
  readonly name: string
  readonly wireType: number
  read(reader: Reader): unknown
  /** With its tag, unless the field is packed. False if it does not fit. */
  readonly write: WriteScalar
}

const plans = new WeakMap<Type, readonly FieldPlan[]>()

function fieldsOf(type: Type): readonly FieldPlan[] {
  const fields = plans.get(type) ?? planOf(type).fields.map(fieldPlan)
  plans.set(type, fields)
  return fields
}

function fieldPlan(field: Planned): FieldPlan {
  const { name, id, repeated, packed, scalar, message } = field
  const tag = tagOf(field, scalar && !packed ? scalar.wireType : 2)
  return { name, id, repeated, packed, tag, scalar: scalar && scalarPlan(scalar, packed ? 0 : tag), message }
}

function scalarPlan(scalar: NonNullable<Planned['scalar']>, tag: number): ScalarPlan {
  const { read, writer } = wireOf(scalar)
  return { name: scalar.name, wireType: scalar.wireType, read, write: writer(tag, false) }
}

type Planned = ReturnType<typeof planOf>['fields'][number]

/** Reads a message without maps, oneofs and groups, and keeps what it does not know. */
export function readKept(type: Type, reader: Reader, depth = 0): Fields {
  if (depth > RECURSION_LIMIT) throw new Error(`messages are nested deeper than ${RECURSION_LIMIT}`)
  const fields = fieldsOf(type)
  const message: Fields = Object.fromEntries(fields.flatMap(({ name, repeated }) => (repeated ? [[name, []]] : [])))
  const unknown: Uint8Array[] = []
  while (reader.at < reader.end) {
    const start = reader.at
    const tag = reader.tag()
    const field = fields.find(({ id }) => id === tag >>> 3)
    if (field && readField({ message, field, wireType: tag & 7, depth }, reader)) continue
    reader.skip(tag, depth)
    unknown.push(reader.bytes.subarray(start, reader.at))
  }
  if (unknown.length > 0) message.unknown = concatenated(unknown)
  return message
}

interface Place {
  readonly message: Fields
  readonly field: FieldPlan
  readonly wireType: number
  readonly depth: number
}

/** Reads the value behind a tag; false if it is not of the field's type. */
function readField({ message, field, wireType, depth }: Place, reader: Reader): boolean {
  const { name, scalar, repeated } = field
  const packed = repeated && scalar !== undefined && scalar.wireType !== 2 && wireType === 2
  if (!packed && wireType !== (scalar?.wireType ?? 2)) return false
  const add = (value: unknown): void => {
    if (repeated) (message[name] as unknown[]).push(value)
    else message[name] = value
  }
  if (scalar && !packed) add(scalar.read(reader))
  else {
    const outer = reader.enter()
    if (scalar) while (reader.at < reader.end) add(scalar.read(reader))
    else add(readMessage(field, message, { reader, depth }))
    reader.leave(outer)
  }
  return true
}

/** A message that comes in pieces is one: the later pieces add to it. */
function readMessage(
  { name, repeated, message: type }: FieldPlan,
  owner: Fields,
  { reader, depth }: { readonly reader: Reader; readonly depth: number },
): Fields {
  const read = readKept(type as Type, reader, depth + 1)
  const present = repeated ? undefined : (owner[name] as Fields | undefined)
  return present ? merged(present, read) : read
}

function merged(first: Fields, second: Fields): Fields {
  const result = { ...first, ...second }
  for (const [name, value] of Object.entries(first)) {
    const other = second[name]
    if (Array.isArray(value)) result[name] = [...value, ...((other ?? []) as unknown[])]
    else if (value instanceof Uint8Array && name === 'unknown' && other)
      result[name] = concatenated([value, other as Uint8Array])
    else if (isMessage(value) && isMessage(other)) result[name] = merged(value, other)
  }
  return result
}

function isMessage(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Writes a message, in the order of its numbers, and behind it what was kept. */
export function writeKept(type: Type, message: Readonly<Fields>, writer: Writer): void {
  for (const field of [...fieldsOf(type)].sort((a, b) => a.id - b.id)) {
    const value = message[field.name]
    if (value !== undefined) writeField(field, field.repeated ? (value as unknown[]) : [value], writer)
  }
  if (message.unknown instanceof Uint8Array) writer.fields(latin1Slice.call(message.unknown, 0, message.unknown.length))
}

function writeField(
  { name, tag, scalar, message, packed }: FieldPlan,
  values: readonly unknown[],
  writer: Writer,
): void {
  if (packed && values.length === 0) return
  const start = packed ? writer.open(tag, 1) : 0
  for (const value of values) {
    if (!scalar) writeMessage(message as Type, { tag, value: value as Fields }, writer)
    else if (!scalar.write(writer, value)) throw new TypeError(`${name} is no ${scalar.name}`)
  }
  if (packed) writer.close(start, 1)
}

function writeMessage(
  type: Type,
  { tag, value }: { readonly tag: number; readonly value: Fields },
  writer: Writer,
): void {
  const start = writer.open(tag, 1)
  writeKept(type, value, writer)
  writer.close(start, 1)
}
