import type { OpenApiContent, OpenApiSchema } from '../document-types.js'
import {
  type FieldSchema,
  type HttpRule,
  type MessageSchema,
  type MethodSchema,
  streamsRequests,
  streamsResponses,
} from '../kernel.js'
import { bareSchema } from '../schema/field-schema.js'
import { fieldsIn } from '../schema/message-object.js'
import type { Schemas } from '../schema/schemas.js'
import { isText } from '../schema/value-schema.js'
import { fieldNamed, messageOf } from './find-field.js'

const HTTP_BODY = 'google.api.HttpBody'
const BINARY: OpenApiSchema = { type: 'string', format: 'binary' }
const RAW: OpenApiContent = { '*/*': { schema: BINARY } }

/** The body of a request, without the fields that the path fills; `undefined` if the rule has none. */
export function requestContent(
  { request, kind }: MethodSchema,
  { body }: HttpRule,
  { schemas, bound }: { readonly schemas: Schemas; readonly bound: ReadonlySet<FieldSchema> },
): OpenApiContent | undefined {
  if (!body) return undefined
  const field = body === '*' ? undefined : fieldNamed(request.schema, body)
  if (body !== '*' && !field) throw new Error(`body ${body}: ${request.fullName} has no such field`)
  const message = field ? messageOf(field) : request.schema
  const isRaw = isRawBody(message, field) && !streamsRequests(kind)
  const whole = bound.size > 0 ? schemas.without(request.schema, bound) : schemas.of(request)
  const schema = field ? bareSchema(field, schemas.context) : whole
  const type = streamsRequests(kind) ? 'application/x-ndjson' : 'application/json'
  const fields = field ? [field] : fieldsIn(request.schema.members).map((one) => one.field)
  const parts = fields.filter((one) => !bound.has(one))
  return { ...(isRaw ? RAW : { [type]: { schema } }), ...(parts.some(isFile) && form(parts, schemas)) }
}

/** What a body is written with. */
export interface ResponseContext {
  readonly schemas: Schemas
  /** The schema of a response in what the server puts around it. */
  readonly envelop: (schema: OpenApiSchema) => OpenApiSchema
  /** What a stream of lines ends with that fails. */
  readonly error: () => OpenApiSchema
}

/** The body of an answer that tells of success. */
export function responseContent(
  { response, kind }: MethodSchema,
  { responseBody }: HttpRule,
  { schemas, envelop, error }: ResponseContext,
): OpenApiContent {
  const field = responseBody ? fieldNamed(response.schema, responseBody) : undefined
  if (responseBody && !field) throw new Error(`response_body ${responseBody}: ${response.fullName} has no such field`)
  const message = field ? messageOf(field) : response.schema
  if (isRawBody(message, field)) return RAW
  const schema = field ? partSchema(field, response.schema, schemas) : schemas.of(response)
  if (!streamsResponses(kind)) return { 'application/json': { schema: envelop(schema) } }
  const line = {
    type: 'object',
    description: 'A line each: a message, or at the end why there is no more.',
    properties: { result: schema, error: error() },
  }
  // Of an event the schema is that of its data.
  return { 'application/x-ndjson': { schema: line }, 'text/event-stream': { schema } }
}

/** The schema of a field that is a body: `null` where a field that can be absent is. */
function partSchema(field: FieldSchema, { members }: MessageSchema, { context }: Schemas): OpenApiSchema {
  const schema = bareSchema(field, context)
  const isCase = members.some((member) => member.kind === 'oneof' && member.fields.includes(field))
  const canBeAbsent = field.shape === 'singular' && !field.required && (field.presence || isCase)
  return canBeAbsent && !takesNull(schema) ? { anyOf: [schema, NULL] } : schema
}

const NULL: OpenApiSchema = { type: 'null' }

function takesNull(schema: OpenApiSchema): boolean {
  const { type, oneOf, $ref } = schema as {
    readonly type?: string | readonly string[]
    readonly oneOf?: readonly OpenApiSchema[]
    readonly $ref?: string
  }
  if (oneOf) return oneOf.some(takesNull)
  return type === undefined ? $ref === undefined : [type].flat().includes('null')
}

/** True of a `google.api.HttpBody`, which stands for itself: bytes of any type. */
function isRawBody(message: MessageSchema | undefined, field: FieldSchema | undefined): boolean {
  return message?.fullName === HTTP_BODY && (field?.shape ?? 'singular') === 'singular'
}

const CONTENT = ['data', 'content', 'chunk']

/** True of a field that the content of a file can fill: bytes, or a message around them. */
function isFile(field: FieldSchema): boolean {
  if (field.type === 'bytes') return field.shape === 'singular'
  const message = messageOf(field)
  if (!message || field.shape === 'map') return false
  return fieldsIn(message.members).some((one) => CONTENT.includes(one.field.protoName) && isBytes(one.field))
}

function isBytes({ type, shape }: FieldSchema): boolean {
  return type === 'bytes' && shape === 'singular'
}

/** A form, a part for each field. */
function form(fields: readonly FieldSchema[], schemas: Schemas): OpenApiContent {
  const parts = fields.flatMap((field) => {
    const schema = part(field, schemas)
    return schema ? [[field.jsonName, schema] as const] : []
  })
  return { 'multipart/form-data': { schema: { type: 'object', properties: Object.fromEntries(parts) } } }
}

function part(field: FieldSchema, { context }: Schemas): OpenApiSchema | undefined {
  if (isFile(field)) return field.shape === 'list' ? { type: 'array', items: BINARY } : BINARY
  if (field.shape === 'map' || (!isText(field.type) && field.shape === 'list')) return undefined
  return bareSchema(field, context)
}
