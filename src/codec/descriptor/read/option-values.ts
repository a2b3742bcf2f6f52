import type { Enum, Field, MapField, Reader, Type } from 'protobufjs/light.js'
import { protobufLibrary } from '../../protobuf/library/protobuf-library.js'
import type { Options, OptionValue } from '../../schema/schema.js'

/** What the library knows of a field once its type was resolved. */
type Known = Field & Partial<Pick<MapField, 'keyType'>> & { readonly protoName?: string }

const WIRE_BYTES = 2
const WIRE_GROUP = 3
const WIRE_GROUP_END = 4

/**
 * Reads an options message in binary form: what was set, by name, extensions in brackets, within messages in square ones. Messages have the field names of
 * the contract, enums the names of their values, repeated fields are lists. What the type does not know is left out.
 */
export function optionValues(type: Type, bytes: Uint8Array): Options {
  const reader = protobufLibrary().Reader.create(bytes)
  const values = Object.entries(readFields(type, reader, reader.len))
  return Object.fromEntries(values.map(([name, value]) => [name.replace(/^\[(.*)\]$/, '($1)'), value]))
}

function readFields(type: Type, reader: Reader, end: number): Options {
  const values: Record<string, OptionValue> = Object.create(null)
  while (reader.pos < end) {
    const tag = reader.uint32()
    const wire = tag & 7
    if (wire === WIRE_GROUP_END) break
    const field: Known | undefined = type.fieldsById[tag >>> 3]
    if (!field) {
      reader.skipType(wire, 0, tag >>> 3)
      continue
    }
    const name = nameOf(field.resolve())
    const read = readValues(field, reader, wire)
    values[name] = field.repeated || field.map ? [values[name] ?? [], read].flat(2) : (read[0] ?? '')
  }
  return values
}

/** The name of a field in the contract; of an extension its full name, in square brackets. */
function nameOf(field: Known): string {
  const declared: Known = field.declaringField ?? field
  const { protoName = declared.name } = declared
  if (!field.declaringField) return protoName
  const scope = declared.parent?.fullName.slice(1) ?? ''
  return `[${scope === '' ? protoName : `${scope}.${protoName}`}]`
}

/** The values that one tag brings: several of a packed field. */
function readValues(field: Known, reader: Reader, wire: number): OptionValue[] {
  if (field.keyType !== undefined) return [readEntry(field, field.keyType, reader)]
  const scalar = typeof field.resolvedType === 'object' && field.resolvedType ? undefined : field.type
  const packable = field.repeated && scalar !== 'string' && scalar !== 'bytes' && !isMessage(field.resolvedType)
  if (!packable || wire !== WIRE_BYTES) return [readValue(field, reader, wire)]
  const end = reader.uint32() + reader.pos
  const values: OptionValue[] = []
  while (reader.pos < end) values.push(readValue(field, reader, wire))
  return values
}

function readValue({ resolvedType, type }: Known, reader: Reader, wire: number): OptionValue {
  if (isMessage(resolvedType)) {
    if (wire === WIRE_GROUP) return readFields(resolvedType, reader, reader.len)
    return readFields(resolvedType, reader, reader.uint32() + reader.pos)
  }
  if (resolvedType) {
    const number = reader.int32()
    return (resolvedType as Enum).valuesById[number] ?? number
  }
  return readScalar(type, reader)
}

/** An entry of a map, as text formats write it. */
function readEntry(field: Known, keyType: string, reader: Reader): OptionValue {
  const end = reader.uint32() + reader.pos
  const entry: Record<string, OptionValue> = {}
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag >>> 3 === 1) entry.key = readScalar(keyType, reader)
    else entry.value = readValue(field, reader, tag & 7)
  }
  return entry
}

function readScalar(type: string, reader: Reader): OptionValue {
  if (type === 'bytes') return Buffer.from(reader.bytes()).toString('latin1')
  const value = reader[type as 'string' | 'bool' | 'double']() as string | boolean | number | { toString(): string }
  if (typeof value !== 'object') return value
  // Integers of 64 bits are objects; those that no number holds stay text.
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
}

function isMessage(type: Field['resolvedType']): type is Type {
  return type instanceof protobufLibrary().Type
}
