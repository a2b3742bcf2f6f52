import type { FieldKind, FieldSchema, FieldShape, JsonValue, MessageCodec, MessageSchema } from '../../kernel.js'
import { pathName } from './fill.js'

/** What the values of a map are; `message` if they are messages, `string` where the codec does not tell. */
export function mapKind(codec: MessageCodec, shapes: readonly FieldShape[]): FieldKind {
  const field = fieldAt(codec, shapes)
  return field ? kindOf(field.type) : 'string'
}

/** The path of an entry of a map, in words of the contract: `labels["color"]`, `sizes[5]`. */
export function entryPath(codec: MessageCodec, shapes: readonly FieldShape[], key: string): string {
  const isText = (fieldAt(codec, shapes)?.mapKey ?? 'string') === 'string' || !/^(-?\d+|true|false)$/.test(key)
  return `${pathName(shapes)}[${isText ? JSON.stringify(key) : key}]`
}

/** True if a field that is not in the JSON of its message is not the same as one with its default. */
export function hasPresence(codec: MessageCodec, shapes: readonly FieldShape[]): boolean {
  const field = fieldAt(codec, shapes)
  const parent = shapes.length > 1 ? fieldAt(codec, shapes.slice(0, -1))?.type : undefined
  const schema = typeof parent === 'object' && parent.kind === 'message' ? parent.schema : codec.schema
  const isCase = schema?.members.some(
    (member) => member.kind === 'oneof' && member.fields.includes(field as FieldSchema),
  )
  return field !== undefined && (field.presence || isCase === true)
}

/**
 * What a field is that is not in the JSON of its message: `null` if it is absent, else the default of its type as ProtoJSON
 * writes it.
 */
export function unwritten(codec: MessageCodec, shape: FieldShape): JsonValue {
  if (shape.repeated) return []
  const field = fieldAt(codec, [shape])
  if (!field || shape.kind === 'map') return DEFAULTS[shape.kind] ?? null
  const { type } = field
  if (hasPresence(codec, [shape]) || (typeof type === 'object' && type.kind === 'message')) return null
  if (typeof type === 'object') return zeroName(type)
  return LONG.test(type) ? '0' : (DEFAULTS[shape.kind] ?? null)
}

const DEFAULTS: Readonly<Partial<Record<FieldKind, JsonValue>>> = {
  string: '',
  bytes: '',
  number: 0,
  bool: false,
  map: {},
}
/** Integers of 64 bits, which JSON has as text. */
const LONG = /64$/

/** How the enum value of number zero is written. */
function zeroName({ fullName, schema }: Extract<FieldSchema['type'], { kind: 'enum' }>): JsonValue {
  if (fullName === 'google.protobuf.NullValue') return null
  const zero = schema.values.find(({ number }) => number === 0)
  const written = (zero?.options['(pb.enumvalue.json)'] as { readonly string?: unknown } | undefined)?.string
  return typeof written === 'string' ? written : (zero?.name ?? 0)
}

/** What the contract says of the last field of a path. */
function fieldAt(codec: MessageCodec, shapes: readonly FieldShape[]): FieldSchema | undefined {
  let schema = codec.schema
  let field: FieldSchema | undefined
  for (const { name } of shapes) {
    field = schema && fieldOf(schema, name)
    schema = typeof field?.type === 'object' && field.type.kind === 'message' ? field.type.schema : undefined
  }
  return field
}

/** A field of a message, those in oneofs included, by contract or JSON name. */
export function fieldOf({ members }: MessageSchema, name: string): FieldSchema | undefined {
  const fields = members.flatMap((member) => (member.kind === 'oneof' ? member.fields : [member]))
  return fields.find(({ protoName, jsonName }) => protoName === name || jsonName === name)
}

/** Well-known types that stand in JSON as one value that is no `true` or `false`. */
const WRITTEN = /^google\.protobuf\.(Timestamp|Duration|FieldMask|(String|Bytes|Double|Float|U?Int(32|64))Value)$/

function kindOf(type: FieldSchema['type']): FieldKind {
  if (typeof type === 'string') return type === 'bool' ? 'bool' : 'string'
  if (type.kind === 'enum') return 'enum'
  if (type.fullName === 'google.protobuf.BoolValue') return 'bool'
  return WRITTEN.test(type.fullName) ? 'string' : 'message'
}
