import type { Enum, Field, MapField, Type } from 'protobufjs/light.js'
import { protobufLibrary } from '../../protobuf/library/protobuf-library.js'
import { lenientString, scalarOf } from '../../protobuf/scalar.js'
import { Reader } from '../../protobuf/wire/reader.js'
import { wireOf } from '../../protobuf/wire/scalar-wire.js'
import type { Options, OptionValue } from '../../schema/schema.js'

/** What the library knows of a field once its type was resolved. */
type Known = Field & Partial<Pick<MapField, 'keyType'>> & { readonly protoName?: string }

const WIRE_BYTES = 2
const WIRE_GROUP = 3
const WIRE_GROUP_END = 4

/** How deep messages may nest. */
const RECURSION_LIMIT = 100

/**
 * Reads an options message in binary form: what was set, by name, extensions in brackets, within messages in square ones.
 * Messages have the field names of the contract, enums the names of their values, repeated fields are lists. What the type
 * does not know is left out.
 */
export function optionValues(type: Type, bytes: Uint8Array): Options {
  const values = Object.entries(readFields(type, new Reader(bytes)))
  return Object.fromEntries(values.map(([name, value]) => [name.replace(/^\[(.*)\]$/, '($1)'), value]))
}

/** A message that comes in pieces is one: later pieces add to what is there. */
function readFields(type: Type, reader: Reader, present?: OptionValue): Options {
  if (++reader.depth > RECURSION_LIMIT) throw new Error(`options are nested deeper than ${RECURSION_LIMIT}`)
  const values: Record<string, OptionValue> = Object.assign(Object.create(null), present)
  while (reader.at < reader.end) {
    const tag = reader.tag()
    const wire = tag & 7
    if (wire === WIRE_GROUP_END) break
    const field: Known | undefined = type.fieldsById[tag >>> 3]
    if (field) readField(field.resolve(), values, { reader, wire })
    else reader.skip(tag, reader.depth)
  }
  reader.depth--
  return values
}

interface Place {
  readonly reader: Reader
  readonly wire: number
}

/** A list grows; of what else comes twice, the last counts. */
function readField(field: Known, values: Record<string, OptionValue>, { reader, wire }: Place): void {
  const name = nameOf(field)
  const known = values[name]
  if (field.repeated || field.map) values[name] = [known ?? [], readValues(field, reader, wire)].flat(2)
  else if (isMessage(field.resolvedType)) values[name] = readMessage(field.resolvedType, { reader, wire }, known)
  else values[name] = readScalar(field, reader)
}

/** The name of a field in the contract; of an extension its full name, in square brackets. */
function nameOf(field: Known): string {
  const declared: Known = field.declaringField ?? field
  const { protoName = declared.name } = declared
  if (!field.declaringField) return protoName
  const scope = declared.parent?.fullName.slice(1) ?? ''
  return `[${scope === '' ? protoName : `${scope}.${protoName}`}]`
}

/** The values that one tag of a list or map brings: several of a packed field. */
function readValues(field: Known, reader: Reader, wire: number): OptionValue[] {
  if (field.keyType !== undefined) return [within(reader, () => readEntry(field, field.keyType as string, reader))]
  const { resolvedType, repeated } = field
  if (isMessage(resolvedType)) return [readMessage(resolvedType, { reader, wire })]
  const packed = repeated && wire === WIRE_BYTES && field.type !== 'string' && field.type !== 'bytes'
  if (!packed) return [readScalar(field, reader)]
  const values: OptionValue[] = []
  within(reader, () => {
    while (reader.at < reader.end) values.push(readScalar(field, reader))
  })
  return values
}

function readMessage(type: Type, { reader, wire }: Place, present?: OptionValue): OptionValue {
  const read = (): OptionValue => readFields(type, reader, present)
  return wire === WIRE_GROUP ? read() : within(reader, read)
}

/** Reads what follows a length. */
function within<T>(reader: Reader, read: () => T): T {
  const outer = reader.enter()
  const value = read()
  reader.leave(outer)
  return value
}

/** An entry of a map, as text formats write it. */
function readEntry(field: Known, keyType: string, reader: Reader): OptionValue {
  const entry: Record<string, OptionValue> = {}
  const { resolvedType } = field
  while (reader.at < reader.end) {
    const no = reader.tag() >>> 3
    if (no === 1) entry.key = readScalar({ type: keyType }, reader)
    else if (isMessage(resolvedType)) entry.value = within(reader, () => readFields(resolvedType, reader))
    else entry.value = readScalar(field, reader)
  }
  return entry
}

function readScalar({ type, resolvedType }: Pick<Field, 'type'> & Partial<Field>, reader: Reader): OptionValue {
  if (resolvedType) {
    const number = reader.int32()
    return (resolvedType as Enum).valuesById[number] ?? number
  }
  const scalar = scalarOf(type)
  if (!scalar) throw new Error(`there is no type ${type}`)
  // Files say what they like in options of proto2: bytes that are no UTF-8 too.
  const value = wireOf(type === 'string' ? lenientString : scalar).read(reader) as
    | string
    | boolean
    | number
    | bigint
    | Uint8Array
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
  if (type === 'float') return shortest(value as number)
  if (typeof value !== 'bigint') return value
  // Integers that no number holds stay text.
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}

/** The number with the fewest digits that is the same in 32 bits: what was written, most likely. */
function shortest(value: number): number {
  const digits = [6, 7, 8].find((count) => Math.fround(Number(value.toPrecision(count))) === value)
  return digits === undefined ? value : Number(value.toPrecision(digits))
}

function isMessage(type: Field['resolvedType'] | undefined): type is Type {
  return type instanceof protobufLibrary().Type
}
