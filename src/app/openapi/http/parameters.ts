import type { OpenApiParameter, OpenApiSchema } from '../document-types.js'
import type { FieldSchema, MessageSchema } from '../kernel.js'
import { behaviorOf } from '../schema/field-behavior.js'
import { bareSchema } from '../schema/field-schema.js'
import { fieldsIn, isRequired, type MessageContext } from '../schema/message-object.js'
import { describe } from '../schema/texts.js'
import { isText } from '../schema/value-schema.js'
import { fieldsAlong, messageOf } from './find-field.js'
import type { PathVariable } from './path-of.js'

/** A parameter for each wildcard of a path. */
export function pathParameters(
  variables: readonly PathVariable[],
  request: MessageSchema,
  context: MessageContext,
): OpenApiParameter[] {
  return variables.map(({ name, fieldPath, pattern, isRest }) => {
    const fields = fieldsAlong(request, fieldPath) ?? []
    const field = fields.at(-1)
    const whole = field && pattern === undefined
    const schema = whole ? notNull(bareSchema(field, context)) : { type: 'string' }
    const path = fieldPath.join('.')
    const { description, ...rest } = schema as { readonly description?: string }
    const note = pattern !== undefined && `A part of \`${path}\`, which is \`${pattern}\`.`
    const other = whole && name !== fields.map(({ jsonName }) => jsonName).join('.') && `Fills \`${path}\`.`
    const many = isRest && 'May have several segments: slashes in it stay as they are.'
    return {
      name,
      in: 'path',
      ...describe(field?.comment, description, note, other, many),
      required: true,
      ...(field?.deprecated && { deprecated: true }),
      schema: rest,
    }
  })
}

/** Fields that path and body fill, as they are. */
export interface Taken {
  /** Dotted paths of contract names. */
  readonly paths: ReadonlySet<string>
}

/** Where a walk through the fields of a message is. */
interface Walk extends Taken {
  readonly context: MessageContext
  /** From the request down to the message that is walked through. */
  readonly above: readonly FieldSchema[]
  /** Everything above is there in each request. */
  readonly required: boolean
}

/** Deeper fields are left out: nobody writes them, and types that hold each other have more of them than there is room for. */
const MAX_DEPTH = 4

/** A parameter for each field that path and body leave, and that a query can fill. */
export function queryParameters(request: MessageSchema, context: MessageContext, taken: Taken): OpenApiParameter[] {
  return walk(request, { ...taken, context, above: [], required: true })
}

function walk(schema: MessageSchema, at: Walk): OpenApiParameter[] {
  return fieldsIn(schema.members).flatMap(({ field, oneof }) => {
    const path = [...at.above, field]
    if (at.paths.has(path.map(({ protoName }) => protoName).join('.')) || behaviorOf(field).outputOnly) return []
    const required = at.required && isRequired(field, oneof ? undefined : schema)
    if (isText(field.type)) return [parameter(path, required, at.context)]
    const inner = messageOf(field)
    const recurs = inner && (inner === schema || at.above.some((other) => messageOf(other) === inner))
    if (!inner || recurs || field.shape !== 'singular' || path.length >= MAX_DEPTH) return []
    if (inner.fullName.startsWith('google.protobuf.')) return []
    return walk(inner, { ...at, above: path, required })
  })
}

function parameter(path: readonly FieldSchema[], required: boolean, context: MessageContext): OpenApiParameter {
  const field = path.at(-1) as FieldSchema
  const { description, ...schema } = bareSchema(field, context) as { readonly description?: string }
  return {
    name: path.map(({ jsonName }) => jsonName).join('.'),
    in: 'query',
    ...describe(field.comment, description),
    ...(required && { required }),
    ...(field.deprecated && { deprecated: true }),
    ...STYLES[field.shape],
    schema: notNull(schema),
  }
}

const STYLES: Readonly<Record<FieldSchema['shape'], Pick<OpenApiParameter, 'style' | 'explode'>>> = {
  singular: {},
  list: { style: 'form', explode: true },
  // `labels[tier]=gold`
  map: { style: 'deepObject', explode: true },
}

/** Paths and queries have no null: what is not in them is not set. */
function notNull(schema: OpenApiSchema): OpenApiSchema {
  const { type, oneOf } = schema as { readonly type?: unknown; readonly oneOf?: readonly OpenApiSchema[] }
  if (Array.isArray(type)) return { ...schema, type: type.find((one) => one !== 'null') }
  return oneOf ? { ...schema, oneOf: oneOf.filter((one) => one.type !== 'null') } : schema
}
