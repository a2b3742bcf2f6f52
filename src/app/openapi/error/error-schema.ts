import type { OpenApiSchema } from '../document-types.js'
import type { Schemas } from '../schema/schemas.js'

/** Shapes of errors that servers write. */
export type ErrorShapeName = 'status' | 'aip193' | 'rfc9457' | 'kratos'

/** How an error looks: its schema, and media type. */
export interface ErrorLook {
  readonly schema: OpenApiSchema
  readonly contentType: string
}

const JSON_TYPE = 'application/json'
const TEXT = { type: 'string' }
const TEXTS = { type: 'object', additionalProperties: TEXT }
const HTTP_STATUS = { type: 'integer', description: 'The HTTP status.' }
const CODE_NAME = { type: 'string', description: 'Name of the code of `google.rpc.Code`: `NOT_FOUND`.' }
const REASON = { type: 'string', description: 'Why, for programs: `ORDER_NOT_FOUND`.' }

/** The `google.rpc.Status` in ProtoJSON, which is also what streams end with. */
export function statusSchema(schemas: Schemas): OpenApiSchema {
  return schemas.add('google.rpc.Status', () => ({
    type: 'object',
    properties: {
      code: { type: 'integer', format: 'int32', description: 'Number of the code of `google.rpc.Code`.' },
      message: TEXT,
      details: details(schemas),
    },
  }))
}

function details(schemas: Schemas): OpenApiSchema {
  return {
    type: 'array',
    description: 'Among them a `google.rpc.ErrorInfo` with the reason, if there is one.',
    items: schemas.any(),
  }
}

const SHAPES: Readonly<Record<ErrorShapeName, (schemas: Schemas, name: string) => ErrorLook>> = {
  status: (schemas) => ({ schema: statusSchema(schemas), contentType: JSON_TYPE }),
  aip193: (schemas, name) => ({
    contentType: JSON_TYPE,
    schema: schemas.add(name, () => ({
      type: 'object',
      properties: {
        error: {
          type: 'object',
          properties: { code: HTTP_STATUS, message: TEXT, status: CODE_NAME, details: details(schemas) },
          required: ['code', 'message', 'status'],
        },
      },
      required: ['error'],
    })),
  }),
  rfc9457: (schemas, name) => ({
    contentType: 'application/problem+json',
    schema: schemas.add(name, () => ({
      type: 'object',
      properties: {
        type: { type: 'string', format: 'uri-reference' },
        title: TEXT,
        status: HTTP_STATUS,
        detail: TEXT,
        code: CODE_NAME,
        reason: REASON,
        domain: { type: 'string', description: 'Who defines the reason.' },
        metadata: TEXTS,
        details: { type: 'array', items: schemas.any() },
      },
      required: ['type', 'title', 'status', 'detail', 'code'],
    })),
  }),
  kratos: (schemas, name) => ({
    contentType: JSON_TYPE,
    schema: schemas.add(name, () => ({
      type: 'object',
      properties: { code: HTTP_STATUS, reason: REASON, message: TEXT, metadata: TEXTS },
      required: ['code', 'reason', 'message', 'metadata'],
    })),
  }),
}

/** How errors of a shape look, with a schema of that name if it has no other. Throws a `TypeError` for a shape that is not known. */
export function errorLook(shape: ErrorShapeName, schemas: Schemas, name: string): ErrorLook {
  if (Object.hasOwn(SHAPES, shape)) return SHAPES[shape](schemas, name)
  throw new TypeError(`errorBody: '${shape}' is unknown; known are ${Object.keys(SHAPES).join(', ')}`)
}
