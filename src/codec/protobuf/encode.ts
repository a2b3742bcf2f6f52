import type { Type } from 'protobufjs/light.js'
import type { MapKey } from './map-key.js'
import { Misfit, member, misfit } from './misfit.js'
import { type FieldPlan, type MessagePlan, type OneofPlan, planOf, tagOf } from './plan.js'
import { propertyOf } from './property.js'
import { unknownFields } from './unknown-fields.js'
import { wireOf } from './wire/scalar-wire.js'
import type { Writer } from './wire/writer.js'

/** Writes the fields of a message. Throws a `Misfit` that names the field if a value does not fit. */
export type EncodeMessage = (message: unknown, writer: Writer, depth: number) => void

/** How deep messages may nest, in either direction: the limit that protobuf recommends. */
export const RECURSION_LIMIT = 100

type Fields = Readonly<Record<string, unknown>>
/** Writes a property of a message. */
type WriteProperty = (message: Fields, writer: Writer, depth: number) => void
/** Writes tag and value. */
type WriteValue = (value: unknown, writer: Writer, depth: number) => void

// Holds nothing but what follows from the type: so that types which refer to each other are compiled once.
const encoders = new WeakMap<Type, EncodeMessage>()

/** The encoder of a type, compiled when it is first asked for. */
export function encoderOf(type: Type): EncodeMessage {
  let encoder = encoders.get(type)
  if (!encoder) {
    encoder = compile(planOf(type))
    encoders.set(type, encoder)
  }
  return encoder
}

function compile(plan: MessagePlan): EncodeMessage {
  const properties = [
    ...plan.fields.map((field) => ({ id: field.id, name: field.name, write: property(field) })),
    ...plan.oneofs.map((oneof) => ({ id: leastId(oneof), name: oneof.name, write: choice(oneof) })),
  ].sort((a, b) => a.id - b.id)
  const writers = properties.map(({ write }) => write)
  return (message, writer, depth) => {
    if (typeof message !== 'object' || message === null || Array.isArray(message)) throw misfit(plan.typeName, message)
    if (depth > RECURSION_LIMIT) throw new Misfit(`nested deeper than ${RECURSION_LIMIT} messages`)
    let at = 0
    try {
      for (; at < writers.length; at++) (writers[at] as WriteProperty)(message as Fields, writer, depth)
    } catch (error) {
      throw within(properties[at]?.name as string, error)
    }
    const unknown = unknownFields(message)
    if (unknown !== undefined) writer.fields(unknown)
  }
}

function leastId({ fields }: OneofPlan): number {
  return Math.min(...fields.map((field) => field.id))
}

function property(field: FieldPlan): WriteProperty {
  const { get } = propertyOf(field.name)
  const write = propertyValue(field)
  const { required } = field
  return (message, writer, depth) => {
    const value = get(message)
    if (value !== undefined && value !== null) write(value, writer, depth)
    else if (required) throw new Misfit('a required field is missing')
  }
}

function choice(oneof: OneofPlan): WriteProperty {
  const { get } = propertyOf(oneof.name)
  const cases = new Map(oneof.fields.map((field) => [field.name, singular(field, false)]))
  return (message, writer, depth) => {
    const chosen = get(message) as { readonly case?: string; readonly value?: unknown } | null | undefined
    if (chosen === undefined || chosen === null) return
    const write = cases.get(chosen.case as string)
    if (!write) throw misfit(`{ case, value } with case ${[...cases.keys()].join(' or ')}`, chosen.case)
    try {
      write(chosen.value, writer, depth)
    } catch (error) {
      throw within(chosen.case as string, error)
    }
  }
}

function propertyValue(field: FieldPlan): WriteValue {
  if (field.key) return map(field, field.key)
  if (field.repeated) return field.packed ? packedList(field) : list(field)
  return singular(field, !field.presence)
}

/** `implicit` leaves out the value that stands for an absent one. */
function singular(field: FieldPlan, implicit: boolean): WriteValue {
  const { scalar, message } = field
  if (message) return field.delimited ? group(field, message) : nested(field, message)
  if (!scalar) throw new Error(`${field.name} has a type that is not there`)
  const write = wireOf(scalar).writer(tagOf(field, scalar.wireType), implicit)
  return (value, writer) => {
    if (!write(writer, value)) throw misfit(scalar.name, value)
  }
}

function nested(field: FieldPlan, type: Type): WriteValue {
  const tag = tagOf(field, 2)
  let encode: EncodeMessage | undefined
  // Messages of a field are mostly of a size, and so is the room that their lengths take.
  let room = 1
  return (value, writer, depth) => {
    // Not compiled before it is needed: types may contain themselves.
    encode ??= encoderOf(type)
    const before = room
    const start = writer.open(tag, before)
    encode(value, writer, depth + 1)
    room = writer.close(start, before)
  }
}

function group(field: FieldPlan, type: Type): WriteValue {
  const start = tagOf(field, 3)
  const end = tagOf(field, 4)
  return (value, writer, depth) => {
    writer.tag(start)
    encoderOf(type)(value, writer, depth + 1)
    writer.tag(end)
  }
}

function list(field: FieldPlan): WriteValue {
  const write = singular(field, false)
  return (values, writer, depth) => {
    if (!Array.isArray(values)) throw misfit('an array', values)
    let at = 0
    try {
      for (; at < values.length; at++) write(values[at], writer, depth)
    } catch (error) {
      throw within(`[${at}]`, error)
    }
  }
}

function packedList(field: FieldPlan): WriteValue {
  const { scalar } = field
  if (!scalar) return list(field)
  const tag = tagOf(field, 2)
  const write = wireOf(scalar).writer(0, false)
  let room = 1
  return (values, writer) => {
    if (!Array.isArray(values)) throw misfit('an array', values)
    if (values.length === 0) return
    const before = room
    const start = writer.open(tag, before)
    for (let at = 0; at < values.length; at++) {
      if (!write(writer, values[at])) throw misfit(scalar.name, values[at]).within(`[${at}]`)
    }
    room = writer.close(start, before)
  }
}

function map(field: FieldPlan, key: MapKey): WriteValue {
  const tag = tagOf(field, 2)
  const writeKey = wireOf(key.scalar).writer((1 << 3) | key.scalar.wireType, false)
  const write = singular({ ...field, id: 2, delimited: false }, false)
  return (entries, writer, depth) => {
    if (typeof entries !== 'object' || Array.isArray(entries)) throw misfit('an object', entries)
    for (const name of Object.keys(entries as Fields)) {
      const parsed = key.parse(name)
      const start = writer.open(tag, 1)
      if (parsed === undefined || !writeKey(writer, parsed))
        throw new Misfit(`expected a key of type ${key.scalar.name}`).within(member(name, ''))
      try {
        write((entries as Fields)[name], writer, depth)
      } catch (error) {
        throw within(member(name, ''), error)
      }
      writer.close(start, 1)
    }
  }
}

function within(step: string, error: unknown): unknown {
  return error instanceof Misfit ? error.within(step) : error
}
