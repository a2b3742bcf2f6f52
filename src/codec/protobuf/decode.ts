import type { Reader, Type } from 'protobufjs/light.js'
import { RECURSION_LIMIT } from './encode.js'
import type { MapKey } from './map-key.js'
import { type FieldPlan, type MessagePlan, type OneofPlan, planOf } from './plan.js'
import { creatorOf, type Default, type Fields, propertyOf } from './property.js'
import type { Scalar } from './scalar.js'

/** Where reading has come to. */
export interface Cursor {
  readonly reader: Reader
  /** How many messages the present one is inside of. */
  depth: number
}

/** Reads messages of one type. */
export interface MessageReader {
  /** A message with every default in place. */
  create(): Fields
  /**
   * Reads fields into a message, up to the reader's limit or, in a group, to its end tag. Throws an `Error` on bytes
   * that are not of the type.
   */
  read(message: Fields, cursor: Cursor, endTag?: number): void
}

/** Reads what follows a tag into the message. */
type ReadField = (message: Fields, cursor: Cursor) => void
/** Reads one value; a message is merged into the one that is there already. */
type ReadValue = (cursor: Cursor, present: unknown) => unknown

// Holds nothing but what follows from the type: so that types which refer to each other are compiled once.
const readers = new WeakMap<Type, MessageReader>()

/** The reader of a type, compiled when it is first asked for. */
export function readerOf(type: Type): MessageReader {
  let reader = readers.get(type)
  if (!reader) {
    reader = compile(planOf(type))
    readers.set(type, reader)
  }
  return reader
}

function compile(plan: MessagePlan): MessageReader {
  const byTag = new Map<number, ReadField>()
  for (const field of plan.fields) addProperty(byTag, field)
  for (const oneof of plan.oneofs) addChoice(byTag, oneof)
  const required = plan.fields.filter((field) => field.required).map((field) => field.name)
  return {
    create: creator(plan.fields),
    read(message, cursor, endTag) {
      if (cursor.depth > RECURSION_LIMIT) throw new Error(`messages are nested deeper than ${RECURSION_LIMIT}`)
      readFields(byTag, message, cursor, endTag)
      for (const name of required) {
        if (!Object.hasOwn(message, name)) throw new Error(`the required field ${plan.typeName}.${name} is missing`)
      }
    },
  }
}

function creator(fields: readonly FieldPlan[]): () => Fields {
  const implicit = fields.filter((field) => !field.presence)
  return creatorOf(new Map(implicit.map((field) => [field.name, implicitDefault(field)])))
}

function implicitDefault(field: FieldPlan): Default {
  if (field.key) return 'map'
  return field.repeated ? 'list' : { value: field.scalar?.zero }
}

function readFields(byTag: Map<number, ReadField>, message: Fields, cursor: Cursor, endTag: number | undefined): void {
  const { reader } = cursor
  while (reader.pos < reader.len) {
    const tag = reader.tag()
    const read = byTag.get(tag)
    if (read) read(message, cursor)
    else if (tag === endTag) return
    else reader.skipType(tag & 7, cursor.depth, tag >>> 3)
  }
  if (endTag !== undefined) throw new Error('a group does not end')
}

function addProperty(byTag: Map<number, ReadField>, field: FieldPlan): void {
  if (field.key) byTag.set(tagOf(field, 2), mapEntry(field, field.key))
  else if (field.repeated) addList(byTag, field)
  else byTag.set(tagOf(field), single(field))
}

function single(field: FieldPlan): ReadField {
  const { get, set } = propertyOf(field.name)
  const read = valueReader(field)
  // A scalar replaces what was read before, a message is merged into it.
  const merges = field.message !== undefined
  return (message, cursor) => {
    const value = read(cursor, merges ? get(message) : undefined)
    if (value !== undefined) set(message, value)
  }
}

function addChoice(byTag: Map<number, ReadField>, oneof: OneofPlan): void {
  const { get, set } = propertyOf(oneof.name)
  for (const field of oneof.fields) {
    const read = valueReader(field)
    byTag.set(tagOf(field), (message, cursor) => {
      const present = get(message) as { readonly case: string; readonly value: unknown } | undefined
      const value = read(cursor, present?.case === field.name ? present.value : undefined)
      if (value !== undefined) set(message, { case: field.name, value })
    })
  }
}

function addList(byTag: Map<number, ReadField>, field: FieldPlan): void {
  const { scalar } = field
  const { get } = propertyOf(field.name)
  const read = valueReader(field)
  const one: ReadField = (message, cursor) => {
    const value = read(cursor, undefined)
    if (value !== undefined) (get(message) as unknown[]).push(value)
  }
  byTag.set(tagOf(field), one)
  // A reader takes both forms of a list of numbers, whichever the file asks writers for.
  if (!scalar || scalar.wireType === 2) return
  byTag.set(tagOf(field, 2), (message, cursor) => {
    const { reader } = cursor
    const limit = enter(reader)
    while (reader.pos < reader.len) one(message, cursor)
    leave(reader, limit)
  })
}

function mapEntry(field: FieldPlan, key: MapKey): ReadField {
  const { scalar } = key
  const keyTag = (1 << 3) | scalar.wireType
  const valueTag = tagOf({ ...field, id: 2, delimited: false })
  const { get } = propertyOf(field.name)
  const read = valueReader(field)
  return (message, cursor) => {
    const { reader } = cursor
    const limit = enter(reader)
    let name = scalar.zero
    let value: unknown
    let dropped = false
    while (reader.pos < reader.len) {
      const tag = reader.tag()
      if (tag === keyTag) name = scalar.read(reader)
      else if (tag === valueTag) {
        value = read(cursor, value)
        dropped = value === undefined
      } else reader.skipType(tag & 7, cursor.depth, tag >>> 3)
    }
    leave(reader, limit)
    if (!dropped) (get(message) as Fields)[String(name)] = value ?? emptyValue(field)
  }
}

function emptyValue({ message, scalar }: FieldPlan): unknown {
  return message ? readerOf(message).create() : scalar?.zero
}

function valueReader(field: FieldPlan): ReadValue {
  if (field.message) return nested(field, field.message)
  const scalar = field.scalar as Scalar
  const { known } = field
  if (!known) return ({ reader }) => scalar.read(reader)
  return ({ reader }) => {
    const value = scalar.read(reader) as number
    return known.has(value) ? value : undefined
  }
}

function nested(field: FieldPlan, type: Type): ReadValue {
  const endTag = field.delimited ? tagOf(field, 4) : undefined
  let messages: MessageReader | undefined
  return (cursor, present) => {
    // Not compiled before it is needed: types may contain themselves.
    messages ??= readerOf(type)
    const message = (present as Fields | undefined) ?? messages.create()
    const limit = endTag === undefined ? enter(cursor.reader) : undefined
    cursor.depth++
    messages.read(message, cursor, endTag)
    cursor.depth--
    if (limit !== undefined) leave(cursor.reader, limit)
    return message
  }
}

function tagOf(field: FieldPlan, wireType = field.scalar?.wireType ?? (field.delimited ? 3 : 2)): number {
  return ((field.id << 3) | wireType) >>> 0
}

/** Narrows the reader to what follows a length; returns the limit to go back to. */
function enter(reader: Reader): number {
  const limit = reader.len
  const end = reader.size() + reader.pos
  if (end > limit) throw new RangeError(`a length of ${end - reader.pos} bytes where ${limit - reader.pos} are left`)
  reader.len = end
  return limit
}

function leave(reader: Reader, limit: number): void {
  if (reader.pos !== reader.len) throw new RangeError('a field is longer than its message')
  reader.len = limit
}
