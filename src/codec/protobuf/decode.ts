import type { Type } from 'protobufjs/light.js'
import { RECURSION_LIMIT } from './encode.js'
import type { MapKey } from './map-key.js'
import { type FieldPlan, type MessagePlan, type OneofPlan, planOf, tagOf } from './plan.js'
import { creatorOf, type Default, type Fields, propertyOf } from './property.js'
import { type Scalar, scalarOf } from './scalar.js'
import { type ReadFields, type ReadLinks, readFromSource } from './source/read-source.js'
import { keepUnknown } from './unknown-fields.js'
import { Reader } from './wire/reader.js'
import { wireOf } from './wire/scalar-wire.js'
import { TagTable } from './wire/tag-table.js'
import { Writer } from './wire/writer.js'

/** Reads messages of one type. */
export interface MessageReader {
  /** A message with every default in place. */
  readonly create: () => Fields
  /** Throws an `Error` on bytes that are not of the type. */
  readonly read: ReadFields
  /** Reads fields up to the tag that ends a group. */
  readonly readGroup: (message: Fields, reader: Reader, endTag: number) => void
}

/** Reads what follows a tag into the message. False if the field is to be kept as one that is not known. */
type ReadField = (message: Fields, reader: Reader) => boolean
/** Reads one value, `undefined` if it is not known; a message is merged into the one that is there already. */
type ReadValue = (reader: Reader, present: unknown) => unknown

// Text is most of what messages hold.
const TEXT = scalarOf('string')

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

/** Reads a whole message. Throws an `Error` on bytes that are not of the type. */
export function readMessage({ create, read }: MessageReader, bytes: Uint8Array, depth: number): Fields {
  const message = create()
  read(message, new Reader(bytes, depth), bytes.length)
  return message
}

function compile(plan: MessagePlan): MessageReader {
  let table: TagTable<ReadField> | undefined
  const byTag = (): TagTable<ReadField> => {
    table ??= tableOf(plan)
    return table
  }
  const other = (message: Fields, reader: Reader): void => readField(byTag(), message, reader)
  const links = { readerOf, emptyValue, other, checkDepth, checkRequired: requirement(plan) }
  return {
    create: creator(plan),
    read: readFromSource(plan, links) ?? readWith(links),
    readGroup(message, reader, endTag) {
      checkDepth(reader)
      readGroup(byTag(), message, { reader, endTag })
      links.checkRequired?.(message)
    },
  }
}

function readWith({ other, checkRequired }: ReadLinks): ReadFields {
  return (message, reader, end) => {
    checkDepth(reader)
    reader.end = end
    while (reader.at < end) other(message, reader)
    checkRequired?.(message)
  }
}

function checkDepth({ depth }: Reader): void {
  if (depth > RECURSION_LIMIT) throw new Error(`messages are nested deeper than ${RECURSION_LIMIT}`)
}

/** Throws if a field that is required is missing. */
function requirement({ typeName, fields }: MessagePlan): ((message: Fields) => void) | undefined {
  const required = fields.filter((field) => field.required).map((field) => field.name)
  if (required.length === 0) return undefined
  return (message) => {
    const missing = required.find((name) => !Object.hasOwn(message, name))
    if (missing !== undefined) throw new Error(`the required field ${typeName}.${missing} is missing`)
  }
}

function tableOf(plan: MessagePlan): TagTable<ReadField> {
  const byTag = new TagTable<ReadField>()
  for (const field of plan.fields) addProperty(byTag, field)
  for (const oneof of plan.oneofs) addChoice(byTag, oneof)
  return byTag
}

function creator({ fields, oneofs }: MessagePlan): () => Fields {
  const implicit = fields.filter((field) => !field.presence)
  const others = [...fields.filter((field) => field.presence), ...oneofs].map(({ name }) => name)
  return creatorOf(new Map(implicit.map((field) => [field.name, implicitDefault(field)])), others)
}

function implicitDefault(field: FieldPlan): Default {
  if (field.key) return 'map'
  return field.repeated ? 'list' : { value: field.scalar?.zero }
}

function readField(byTag: TagTable<ReadField>, message: Fields, reader: Reader): void {
  const start = reader.at
  const read = byTag.get(reader.tag())
  if (read?.(message, reader)) return
  reader.at = start
  readUnknown(byTag, message, reader)
}

/** Keeps the field that the reader is at as one piece with those that follow it, as far as none of them is known. */
function readUnknown(byTag: TagTable<ReadField>, message: Fields, reader: Reader): void {
  const first = reader.at
  let next = first
  do {
    reader.at = next
    reader.skip(reader.tag(), reader.depth)
    next = reader.at
  } while (next < reader.end && byTag.get(reader.tag()) === undefined)
  reader.at = next
  keepUnknown(message, reader.between(first, next))
}

function readGroup(byTag: TagTable<ReadField>, message: Fields, group: Group): void {
  const { reader, endTag } = group
  while (reader.at < reader.end) {
    const start = reader.at
    const tag = reader.tag()
    if (tag === endTag) return
    const read = byTag.get(tag)
    if (read?.(message, reader)) continue
    reader.at = start
    reader.skip(reader.tag(), reader.depth)
    keepUnknown(message, reader.between(start, reader.at))
  }
  throw new Error('a group does not end')
}

interface Group {
  readonly reader: Reader
  readonly endTag: number
}

function addProperty(byTag: TagTable<ReadField>, field: FieldPlan): void {
  if (field.key) byTag.set(tagOf(field, 2), mapEntry(field, field.key))
  else if (field.repeated) addList(byTag, field)
  else byTag.set(tagOf(field), single(field))
}

function single(field: FieldPlan): ReadField {
  const { get, set } = propertyOf(field.name)
  if (field.scalar === TEXT)
    return (message, reader) => {
      set(message, reader.text())
      return true
    }
  const read = valueReader(field)
  // A scalar replaces what was read before, a message is merged into it.
  if (field.message)
    return (message, reader) => {
      set(message, read(reader, get(message)))
      return true
    }
  return (message, reader) => {
    const value = read(reader, undefined)
    if (value === undefined) return false
    set(message, value)
    return true
  }
}

function addChoice(byTag: TagTable<ReadField>, oneof: OneofPlan): void {
  const { get, set } = propertyOf(oneof.name)
  for (const field of oneof.fields) {
    const { name } = field
    const read = valueReader(field)
    byTag.set(tagOf(field), (message, reader) => {
      const present = get(message) as { readonly case: string; readonly value: unknown } | undefined
      const value = read(reader, present?.case === name ? present.value : undefined)
      if (value === undefined) return false
      set(message, { case: name, value })
      return true
    })
  }
}

function addList(byTag: TagTable<ReadField>, field: FieldPlan): void {
  const { scalar } = field
  const { get } = propertyOf(field.name)
  const read = valueReader(field)
  byTag.set(tagOf(field), (message, reader) => {
    const value = read(reader, undefined)
    if (value === undefined) return false
    ;(get(message) as unknown[]).push(value)
    return true
  })
  // A reader takes both forms of a list of numbers, whichever the file asks writers for.
  if (!scalar || scalar.wireType === 2) return
  const readAny = wireOf(scalar).read
  const { known } = field
  byTag.set(tagOf(field, 2), (message, reader) => {
    const values = get(message) as unknown[]
    const outer = reader.enter()
    while (reader.at < reader.end) {
      const value = readAny(reader)
      if (known === undefined || known.has(value as number)) values.push(value)
      else keepUnknown(message, enumField(tagOf(field), value as number))
    }
    reader.leave(outer)
    return true
  })
}

/** A field of an enum in binary form, a character a byte. */
function enumField(tag: number, value: number): string {
  const writer = new Writer()
  writer.int32(tag, value)
  return String.fromCharCode(...writer.finish())
}

function mapEntry(field: FieldPlan, key: MapKey): ReadField {
  const readKey = wireOf(key.scalar).read
  const keyTag = (1 << 3) | key.scalar.wireType
  const valueTag = tagOf({ ...field, id: 2, delimited: false })
  const { get } = propertyOf(field.name)
  const read = valueReader({ ...field, id: 2, delimited: false })
  return (message, reader) => {
    const outer = reader.enter()
    let name = key.scalar.zero
    let value: unknown
    let known = true
    while (reader.at < reader.end) {
      const tag = reader.tag()
      if (tag === keyTag) name = readKey(reader)
      else if (tag === valueTag) {
        value = read(reader, value)
        known = value !== undefined
      } else reader.skip(tag, reader.depth)
    }
    reader.leave(outer)
    if (known) (get(message) as Fields)[String(name)] = value ?? emptyValue(field)
    return known
  }
}

function emptyValue({ message, scalar, known }: FieldPlan): unknown {
  if (message) return readerOf(message).create()
  return known && !known.has(0) ? [...known][0] : scalar?.zero
}

function valueReader(field: FieldPlan): ReadValue {
  if (field.message) return field.delimited ? group(field, field.message) : nested(field.message)
  const { read } = wireOf(field.scalar as Scalar)
  const { known } = field
  if (!known) return read
  return (reader) => {
    const value = read(reader) as number
    return known.has(value) ? value : undefined
  }
}

function nested(type: Type): ReadValue {
  let messages: MessageReader | undefined
  return (reader, present) => {
    // Not compiled before it is needed: types may contain themselves.
    messages ??= readerOf(type)
    const message = (present as Fields | undefined) ?? messages.create()
    const outer = reader.enter()
    const { end } = reader
    reader.depth++
    messages.read(message, reader, end)
    reader.depth--
    reader.at = end
    reader.end = outer
    return message
  }
}

function group(field: FieldPlan, type: Type): ReadValue {
  const endTag = tagOf(field, 4)
  return (reader, present) => {
    const messages = readerOf(type)
    const message = (present as Fields | undefined) ?? messages.create()
    reader.depth++
    messages.readGroup(message, reader, endTag)
    reader.depth--
    return message
  }
}
