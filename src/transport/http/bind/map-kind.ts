import type { FieldKind, FieldSchema, FieldShape, MessageCodec, MessageSchema } from '../../kernel.js'

/** What the values of a map are; `message` if they are messages, `string` where the codec does not tell. */
export function mapKind(codec: MessageCodec, shapes: readonly FieldShape[]): FieldKind {
  let schema = codec.schema
  let field: FieldSchema | undefined
  for (const { name } of shapes) {
    field = schema && fieldOf(schema, name)
    schema = typeof field?.type === 'object' && field.type.kind === 'message' ? field.type.schema : undefined
  }
  return field ? kindOf(field.type) : 'string'
}

/** A field of a message, those in oneofs included, by its name in the contract. */
export function fieldOf({ members }: MessageSchema, protoName: string): FieldSchema | undefined {
  const fields = members.flatMap((member) => (member.kind === 'oneof' ? member.fields : [member]))
  return fields.find((field) => field.protoName === protoName)
}

/** Well-known types that stand in JSON as one value that is no `true` or `false`. */
const WRITTEN = /^google\.protobuf\.(Timestamp|Duration|FieldMask|(String|Bytes|Double|Float|U?Int(32|64))Value)$/

function kindOf(type: FieldSchema['type']): FieldKind {
  if (typeof type === 'string') return type === 'bool' ? 'bool' : 'string'
  if (type.kind === 'enum') return 'enum'
  if (type.fullName === 'google.protobuf.BoolValue') return 'bool'
  return WRITTEN.test(type.fullName) ? 'string' : 'message'
}
