import type { FieldKind, FieldSchema, FieldShape, MessageCodec, MessageSchema } from '../../kernel.js'

/** What the values of a map are; `message` if they are messages, `string` where the codec does not tell. */
export function mapKind(codec: MessageCodec, shapes: readonly FieldShape[]): FieldKind {
  const field = fieldAt(codec, shapes)
  return field ? kindOf(field.type) : 'string'
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
