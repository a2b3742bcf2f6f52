import type { Type, Writer } from 'protobufjs/light.js'
import type { MapKey } from './map-key.js'
import { Misfit, member, misfit } from './misfit.js'
import { type FieldPlan, type MessagePlan, type OneofPlan, planOf } from './plan.js'
import { propertyOf } from './property.js'
import type { Scalar } from './scalar.js'

/** Writes the fields of a message. Throws a `Misfit` that names the field if a value does not fit. */
export type EncodeMessage = (message: unknown, writer: Writer, depth: number) => void

/** How deep messages may nest, in either direction: the limit that protobuf recommends. */
export const RECURSION_LIMIT = 100

type Fields = Readonly<Record<string, unknown>>
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
  const writers = [
    ...plan.fields.map((field) => ({ id: field.id, write: property(field) })),
    ...plan.oneofs.map((oneof) => ({ id: Math.min(...oneof.fields.map((field) => field.id)), write: choice(oneof) })),
  ]
    .sort((a, b) => a.id - b.id)
    .map(({ write }) => write)
  return (message, writer, depth) => {
    if (typeof message !== 'object' || message === null || Array.isArray(message)) throw misfit(plan.typeName, message)
    if (depth > RECURSION_LIMIT) throw new Misfit(`nested deeper than ${RECURSION_LIMIT} messages`)
    for (const write of writers) write(message as Fields, writer, depth)
  }
}

function property(field: FieldPlan): WriteProperty {
  const { name } = field
  const write = propertyValue(field)
  const { get } = propertyOf(name)
  return (message, writer, depth) => {
    const value = get(message)
    if (value === undefined || value === null) {
      if (field.required) throw new Misfit('a required field is missing').within(name)
      return
    }
    try {
      write(value, writer, depth)
    } catch (error) {
      throw within(name, error)
    }
  }
}

function choice(oneof: OneofPlan): WriteProperty {
  const { name } = oneof
  const { get } = propertyOf(name)
  const cases = new Map(oneof.fields.map((field) => [field.name, singular(field)]))
  return (message, writer, depth) => {
    const chosen = get(message) as { readonly case?: string; readonly value?: unknown } | null | undefined
    if (chosen === undefined || chosen === null) return
    const write = cases.get(chosen.case as string)
    if (!write) throw misfit(`{ case, value } with case ${[...cases.keys()].join(' or ')}`, chosen.case).within(name)
    try {
      write(chosen.value, writer, depth)
    } catch (error) {
      throw within(`${name}.${chosen.case}`, error)
    }
  }
}

function propertyValue(field: FieldPlan): WriteValue {
  if (field.key) return map(field, field.key)
  if (field.repeated) return field.scalar && field.packed ? packedList(field.id, field.scalar) : list(field)
  const write = singular(field)
  if (field.presence || !field.scalar) return write
  const { isZero } = field.scalar
  return (value, writer, depth) => {
    if (!isZero(value)) write(value, writer, depth)
  }
}

function singular(field: FieldPlan): WriteValue {
  return field.scalar ? scalar(field.id, field.scalar) : nested(field, field.message as Type)
}

function scalar(id: number, type: Scalar): WriteValue {
  const tag = ((id << 3) | type.wireType) >>> 0
  return (value, writer) => {
    if (!type.fits(value)) throw misfit(type.name, value)
    type.write(writer.uint32(tag), value as never)
  }
}

function nested(field: FieldPlan, type: Type): WriteValue {
  const start = ((field.id << 3) | (field.delimited ? 3 : 2)) >>> 0
  const end = ((field.id << 3) | 4) >>> 0
  let encode: EncodeMessage | undefined
  return (value, writer, depth) => {
    // Not compiled before it is needed: types may contain themselves.
    encode ??= encoderOf(type)
    writer.uint32(start)
    if (!field.delimited) writer.fork()
    encode(value, writer, depth + 1)
    if (field.delimited) writer.uint32(end)
    else writer.ldelim()
  }
}

function list(field: FieldPlan): WriteValue {
  const write = singular(field)
  return (values, writer, depth) => eachOf(values, (value) => write(value, writer, depth))
}

function packedList(id: number, type: Scalar): WriteValue {
  const tag = ((id << 3) | 2) >>> 0
  return (values, writer) => {
    if (Array.isArray(values) && values.length === 0) return
    writer.uint32(tag).fork()
    eachOf(values, (value) => {
      if (!type.fits(value)) throw misfit(type.name, value)
      type.write(writer, value as never)
    })
    writer.ldelim()
  }
}

function eachOf(values: unknown, write: (value: unknown) => void): void {
  if (!Array.isArray(values)) throw misfit('an array', values)
  let index = 0
  try {
    for (; index < values.length; index++) write(values[index])
  } catch (error) {
    throw within(`[${index}]`, error)
  }
}

function map(field: FieldPlan, key: MapKey): WriteValue {
  const tag = ((field.id << 3) | 2) >>> 0
  const keyTag = (1 << 3) | key.scalar.wireType
  const write = singular({ ...field, id: 2 })
  return (entries, writer, depth) => {
    if (typeof entries !== 'object' || Array.isArray(entries)) throw misfit('an object', entries)
    for (const [name, value] of Object.entries(entries as Fields)) {
      const parsed = key.parse(name)
      if (parsed === undefined) throw new Misfit(`expected a key of type ${key.scalar.name}`).within(member(name, ''))
      key.scalar.write(writer.uint32(tag).fork().uint32(keyTag), parsed as never)
      try {
        write(value, writer, depth)
      } catch (error) {
        throw within(member(name, ''), error)
      }
      writer.ldelim()
    }
  }
}

function within(step: string, error: unknown): unknown {
  return error instanceof Misfit ? error.within(step) : error
}
