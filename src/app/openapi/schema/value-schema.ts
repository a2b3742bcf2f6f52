import type { OpenApiSchema } from '../document-types.js'

const TEXT_NUMBERS = { type: 'string', enum: ['NaN', 'Infinity', '-Infinity'] }

/** Numbers that JSON has, and those that it lacks as texts. */
function floating(format: string): OpenApiSchema {
  return { oneOf: [{ type: 'number', format }, TEXT_NUMBERS] }
}

const INT32 = { type: 'integer', format: 'int32' }
const UINT32 = { type: 'integer', format: 'int64', minimum: 0, maximum: 4294967295 }
const INT64 = { type: 'string', format: 'int64' }
const UINT64 = { type: 'string', format: 'uint64' }

const SCALARS: Readonly<Record<string, OpenApiSchema>> = {
  bool: { type: 'boolean' },
  string: { type: 'string' },
  bytes: { type: 'string', contentEncoding: 'base64' },
  double: floating('double'),
  float: floating('float'),
  int32: INT32,
  sint32: INT32,
  sfixed32: INT32,
  uint32: UINT32,
  fixed32: UINT32,
  int64: INT64,
  sint64: INT64,
  sfixed64: INT64,
  uint64: UINT64,
  fixed64: UINT64,
}

/** The schema of a scalar in ProtoJSON. */
export function scalarSchema(type: string): OpenApiSchema {
  return SCALARS[type] ?? {}
}

const WRAPPED: Readonly<Record<string, string>> = {
  BoolValue: 'bool',
  BytesValue: 'bytes',
  DoubleValue: 'double',
  FloatValue: 'float',
  Int32Value: 'int32',
  Int64Value: 'int64',
  StringValue: 'string',
  UInt32Value: 'uint32',
  UInt64Value: 'uint64',
}

const WELL_KNOWN: Readonly<Record<string, OpenApiSchema>> = {
  Any: {
    type: 'object',
    description: 'A message of any type, with its fields beside `@type`; of a well-known type, in `value`.',
    properties: { '@type': { type: 'string', description: 'Its type: `type.googleapis.com/` and the full name.' } },
    additionalProperties: true,
  },
  Duration: { type: 'string', pattern: '^-?[0-9]{1,12}(\\.[0-9]{1,9})?s$' },
  Empty: { type: 'object' },
  FieldMask: { type: 'string', description: 'Paths of fields with commas between them: `title,author.name`.' },
  ListValue: { type: 'array', items: {} },
  NullValue: { type: 'null' },
  Struct: { type: 'object', additionalProperties: true },
  Timestamp: { type: 'string', format: 'date-time' },
  Value: { description: 'Any JSON.' },
}

/** The schema of a type of `google.protobuf` whose JSON is of its own; `undefined` for others. */
export function wellKnownSchema(fullName: string): OpenApiSchema | undefined {
  if (!fullName.startsWith('google.protobuf.')) return undefined
  const name = fullName.slice('google.protobuf.'.length)
  const wrapped = WRAPPED[name]
  return wrapped === undefined ? WELL_KNOWN[name] : nullable(scalarSchema(wrapped))
}

function nullable(schema: OpenApiSchema): OpenApiSchema {
  const { type, oneOf } = schema as { readonly type?: string; readonly oneOf?: readonly OpenApiSchema[] }
  return oneOf ? { oneOf: [...oneOf, { type: 'null' }] } : { ...schema, type: [type, 'null'] }
}

/** True of a type that text of a path or a query can fill: a scalar, an enum, a well-known type that is one value. */
export function isText(type: string | { readonly kind: string; readonly fullName: string }): boolean {
  if (typeof type === 'string' || type.kind === 'enum') return true
  const name = type.fullName.replace(/^google\.protobuf\./, '')
  if (name === type.fullName) return false
  return ['Timestamp', 'Duration', 'FieldMask'].includes(name) || Object.hasOwn(WRAPPED, name)
}
