import { scalarOf } from '../../protobuf/scalar.js'
import { wireOf } from '../../protobuf/wire/scalar-wire.js'
import type { Writer } from '../../protobuf/wire/writer.js'
import type { EnumSchema, FieldSchema, MessageSchema, OptionValue } from '../../schema/schema.js'

/** What has to be known of a field to write it. */
export type WrittenField = Pick<FieldSchema, 'no' | 'type' | 'shape' | 'mapKey' | 'delimited'> &
  Partial<Pick<FieldSchema, 'options'>>

type Fields = Readonly<Record<string, OptionValue>>

/** Where options go, and what extensions there are in them. */
export interface OptionSink {
  readonly writer: Writer
  /** The extension of a full name, if it is one of the message. */
  extension(name: string, extendee: string): WrittenField | undefined
}

/**
 * Writes the value of an option, or of a field in one, as messages have it. Parts of a message that is said in several
 * pieces are written one after the other: readers merge them. Throws an `Error` if the value does not fit the field;
 * fields that the type lacks are left out, and those that are for sources only.
 */
export function writeOption(sink: OptionSink, field: WrittenField, value: OptionValue): void {
  if (field.options?.retention === 'RETENTION_SOURCE') return
  const values: readonly OptionValue[] = Array.isArray(value) ? value.flat() : [value]
  const { type, shape } = field
  // Of what is said twice, the last counts.
  const said = shape === 'singular' && (typeof type === 'string' || type.kind === 'enum') ? values.slice(-1) : values
  for (const one of said) writeValue(sink, field, one)
}

function writeValue(sink: OptionSink, field: WrittenField, value: OptionValue): void {
  const { writer } = sink
  const { no, type, shape, mapKey, delimited } = field
  if (shape === 'map' && mapKey !== undefined) {
    const entry = fieldsOf(value)
    writeBlock(writer, no, () => {
      writeOption(sink, { no: 1, type: mapKey, shape: 'singular', mapKey: undefined }, entry.key ?? zeroOf(mapKey))
      if (entry.value !== undefined) writeOption(sink, { ...field, no: 2, shape: 'singular' }, entry.value)
    })
  } else if (typeof type === 'string') writeScalar(writer, no, { type, value })
  else if (type.kind === 'enum') writeScalar(writer, no, { type: 'int32', value: numberOf(type.schema, value) })
  else if (delimited) {
    writer.tag(((no << 3) | 3) >>> 0)
    writeFields(sink, type.schema, fieldsOf(value))
    writer.tag(((no << 3) | 4) >>> 0)
  } else writeBlock(writer, no, () => writeFields(sink, type.schema, fieldsOf(value)))
}

/** Writes the fields of a message, named as in the file; extensions by their full name in square brackets. */
function writeFields(sink: OptionSink, { members, fullName }: MessageSchema, message: Fields): void {
  for (const field of members.flatMap((member) => (member.kind === 'oneof' ? member.fields : [member]))) {
    const value = message[field.protoName] ?? message[field.jsonName] ?? message[field.name]
    if (value !== undefined) writeOption(sink, field, value)
  }
  for (const [name, value] of Object.entries(message)) {
    const [, extension] = /^\[([\w.]+)\]$/.exec(name) ?? []
    const field = extension === undefined ? undefined : sink.extension(extension, fullName)
    if (field) writeOption(sink, field, value)
  }
}

function writeBlock(writer: Writer, no: number, write: () => void): void {
  const start = writer.open(((no << 3) | 2) >>> 0, 1)
  write()
  writer.close(start, 1)
}

interface Written {
  readonly type: string
  readonly value: OptionValue
}

function writeScalar(writer: Writer, no: number, { type, value }: Written): void {
  const scalar = scalarOf(type)
  if (!scalar) throw new Error(`there is no type ${type}`)
  const write = wireOf(scalar).writer(((no << 3) | scalar.wireType) >>> 0, false)
  if (!write(writer, converterOf(type)(value))) throw new Error(`${JSON.stringify(value)} is no ${type}`)
}

/** How an option that is written in a file becomes a value of a scalar type. */
function converterOf(name: string): (value: OptionValue) => unknown {
  if (/64$/.test(name)) return (value) => BigInt(value as string | number)
  if (/32$/.test(name)) return Number
  // What is beyond a float is infinite.
  if (name === 'float') return (value) => Math.fround(floatOf(value))
  if (name === 'double') return floatOf
  if (name === 'bytes') return bytesOf
  if (name === 'bool') return (value) => (value === 'true' ? true : value === 'false' ? false : value)
  return (value) => value
}

const FLOATS: Readonly<Record<string, number>> = { inf: Infinity, '-inf': -Infinity, nan: Number.NaN }

function floatOf(value: OptionValue): number {
  return FLOATS[String(value)] ?? Number(value)
}

/** Bytes stand in files as text with escapes, whose characters are the bytes. */
function bytesOf(value: OptionValue): Uint8Array {
  const text = String(value)
  const wide = [...text].some((character) => character.charCodeAt(0) > 255)
  return wide ? new TextEncoder().encode(text) : Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function zeroOf(type: string): OptionValue {
  return type === 'string' ? '' : type === 'bool' ? false : 0
}

function numberOf({ values, fullName }: EnumSchema, value: OptionValue): number {
  if (typeof value === 'number') return value
  const named = values.find(({ name }) => name === value)
  if (!named) throw new Error(`${fullName} has no ${JSON.stringify(value)}`)
  return named.number
}

function fieldsOf(value: OptionValue): Fields {
  if (typeof value !== 'object' || Array.isArray(value)) throw new Error(`${JSON.stringify(value)} is no message`)
  return value as Fields
}
