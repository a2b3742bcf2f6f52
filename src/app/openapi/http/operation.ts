import { STATUS_CODES } from 'node:http'
import type { OpenApiOperation, OpenApiParameter, OpenApiSchema } from '../document-types.js'
import type { FieldSchema, HttpRule, MethodSchema } from '../kernel.js'
import { isRequired } from '../schema/message-object.js'
import type { Schemas } from '../schema/schemas.js'
import { summaryOf } from '../schema/texts.js'
import { requestContent, responseContent } from './bodies.js'
import { fieldsAlong } from './find-field.js'
import { pathParameters, queryParameters } from './parameters.js'
import type { OpenApiPath } from './path-of.js'

/** What an operation is made of, beside its method and rule. */
export interface OperationContext {
  /** Full name of the service. */
  readonly service: string
  readonly operationId: string
  readonly path: OpenApiPath
  readonly schemas: Schemas
  /** HTTP status of success. */
  readonly status: number
  readonly error: { readonly $ref: string }
  /** The schema of a response in what the server puts around it. */
  readonly envelop: (schema: OpenApiSchema) => OpenApiSchema
  /** What a stream of lines ends with that fails. */
  readonly errorInStream: () => OpenApiSchema
  /** The whole service is. */
  readonly deprecated: boolean
  /** Anybody may call it. */
  readonly open: boolean
}

/** Writes the operation of one binding of a method. Throws an `Error` if the binding names a field that there is not. */
export function operationOf(method: MethodSchema, rule: HttpRule, context: OperationContext): OpenApiOperation {
  const { service, operationId, path, schemas, status, error, open } = context
  const { request, comment } = method
  const parameters = parametersOf(method, rule, context)
  const bound = wholeFields(method, path)
  const content = requestContent(method, rule, { schemas, bound })
  const answer = responseContent(method, rule, { schemas, envelop: context.envelop, error: context.errorInStream })
  return {
    operationId,
    tags: [service],
    ...summaryOf(comment),
    ...((method.deprecated || context.deprecated) && { deprecated: true }),
    ...(parameters.length > 0 && { parameters }),
    ...(content && { requestBody: { required: rule.body === '*' || isNeeded(request.schema, rule.body), content } }),
    responses: {
      [String(status)]: { description: STATUS_CODES[status] ?? 'OK', ...(!isBodiless(status) && { content: answer }) },
      default: error,
    },
    ...(open && { security: [] }),
    'x-tierkit-method': `${service}.${method.name}`,
  }
}

function parametersOf({ request }: MethodSchema, { body }: HttpRule, at: OperationContext): OpenApiParameter[] {
  const { path, schemas } = at
  for (const { fieldPath } of path.variables)
    if (fieldPath.length > 0 && !fieldsAlong(request.schema, fieldPath))
      throw new Error(`{${fieldPath.join('.')}}: ${request.fullName} has no such field`)
  const inPath = pathParameters(path.variables, request.schema, schemas.context)
  if (body === '*') return inPath
  const taken = [...path.variables.map(({ fieldPath }) => fieldPath), ...(body ? [[body]] : [])]
  const paths = new Set(taken.map((one) => nameOf(fieldsAlong(request.schema, one) ?? [])))
  return [...inPath, ...queryParameters(request.schema, schemas.context, { paths })]
}

function nameOf(fields: readonly FieldSchema[]): string {
  return fields.map(({ protoName }) => protoName).join('.')
}

/** Fields of the request itself that the path fills. */
function wholeFields({ request }: MethodSchema, { variables }: OpenApiPath): ReadonlySet<FieldSchema> {
  const found = variables.flatMap(({ fieldPath }) => {
    const fields = fieldsAlong(request.schema, fieldPath) ?? []
    return fields.length === 1 ? fields : []
  })
  return new Set(found)
}

function isNeeded(schema: MethodSchema['request']['schema'], body = ''): boolean {
  const field = fieldsAlong(schema, [body])?.[0]
  return field !== undefined && isRequiredIn(schema, field)
}

function isRequiredIn(schema: MethodSchema['request']['schema'], field: FieldSchema): boolean {
  return schema.members.includes(field) && isRequired(field, schema)
}

function isBodiless(status: number): boolean {
  return status === 204 || status === 205
}
