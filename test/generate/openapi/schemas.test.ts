import { openApiDocument } from 'tierkit/generate'
import { parseProto } from 'tierkit/service'
import { describe, expect, it } from 'vitest'
import { librarySource } from './contracts.js'

const { schemas } = openApiDocument(librarySource()).components
const FLOATING = (format: string) => ({
  oneOf: [
    { type: 'number', format },
    { type: 'string', enum: ['NaN', 'Infinity', '-Infinity'] },
  ],
})
const INT32 = { type: 'integer', format: 'int32' }
const UINT32 = { type: 'integer', format: 'int64', minimum: 0, maximum: 4294967295 }
const INT64 = { type: 'string', format: 'int64' }
const UINT64 = { type: 'string', format: 'uint64' }
const BYTES = { type: 'string', contentEncoding: 'base64' }
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

/** The schema of a message `M` of a contract. */
function schemaOf(declarations: string): Record<string, unknown> {
  const contract = parseProto(`syntax = "proto3"; package a.v1;
import "buf/validate/validate.proto"; import "google/protobuf/any.proto"; import "google/protobuf/wrappers.proto";
import "google/protobuf/timestamp.proto";
enum Color { COLOR_UNSPECIFIED = 0; COLOR_RED = 1; COLOR_BLUE = 2; }
${declarations}
service S { rpc Get(M) returns (M); }`)
  return openApiDocument([contract.service('a.v1.S')]).components.schemas['a.v1.M'] as Record<string, unknown>
}

/** The schema of a field of a type with rules, as the contract writes them. */
function fieldWith(type: string, rules: string): unknown {
  const options = rules.split('; ').map((rule) => `(buf.validate.field).${rule}`)
  const { properties } = schemaOf(`message M { ${type} v = 1 [${options.join(', ')}]; }`)
  return (properties as Record<string, unknown>).v
}

describe('the schemas of a document', () => {
  it('are ProtoJSON, field by field', () => {
    expect(schemas['library.v1.Everything']).toEqual({
      type: 'object',
      properties: {
        aDouble: FLOATING('double'),
        aFloat: FLOATING('float'),
        anInt32: INT32,
        anInt64: INT64,
        aUint32: UINT32,
        aUint64: UINT64,
        aSint32: INT32,
        aSint64: INT64,
        aFixed32: UINT32,
        aFixed64: UINT64,
        aSfixed32: INT32,
        aSfixed64: INT64,
        aBool: { type: 'boolean' },
        aString: { type: 'string' },
        someBytes: BYTES,
        maybe: { type: 'string' },
        genre: ref('library.v1.Genre'),
        texts: { type: 'array', items: { type: 'string' } },
        blobs: { type: 'array', items: BYTES },
        sums: { type: 'object', additionalProperties: INT64 },
        books: {
          type: 'object',
          additionalProperties: ref('library.v1.Book'),
          propertyNames: { pattern: '^-?[0-9]+$' },
        },
        genres: {
          type: 'object',
          additionalProperties: ref('library.v1.Genre'),
          propertyNames: { enum: ['true', 'false'] },
        },
        timestamp: { type: 'string', format: 'date-time' },
        duration: { type: 'string', pattern: '^-?[0-9]{1,12}(\\.[0-9]{1,9})?s$' },
        mask: { type: 'string', description: 'Paths of fields with commas between them: `title,author.name`.' },
        struct: { type: 'object', additionalProperties: true },
        value: { description: 'Any JSON.' },
        list: { type: 'array', items: {} },
        null: { type: 'null' },
        any: ref('google.protobuf.Any'),
        empty: { type: 'object' },
        stringValue: { type: ['string', 'null'] },
        int64Value: { type: ['string', 'null'], format: 'int64' },
        doubleValue: { oneOf: [...FLOATING('double').oneOf, { type: 'null' }] },
        bytesValue: { type: ['string', 'null'], contentEncoding: 'base64' },
        other: { type: 'string' },
        inner: ref('library.v1.Everything'),
        anys: { type: 'array', items: ref('google.protobuf.Any') },
      },
    })
    expect(schemas['google.protobuf.Any']).toMatchObject({
      properties: { '@type': { type: 'string' } },
      additionalProperties: true,
    })
  })

  it('have enums as names, with what is said of each', () => {
    expect(schemas['library.v1.Genre']).toEqual({
      type: 'string',
      description: 'What a book is about.\n\n- `GENRE_FICTION`: Made up.\n- `GENRE_OLD`: deprecated',
      enum: ['GENRE_UNSPECIFIED', 'GENRE_FICTION', 'GENRE_OLD'],
    })
  })

  it('hold cases of a oneof apart without becoming unions', () => {
    const { properties, not, required } = schemas['library.v1.Book'] as Record<string, Record<string, unknown>>
    const cases = ['email', 'phone', 'publisher'].map((name) => ({ required: [name] }))
    expect(not).toEqual({ not: { oneOf: [...cases, { not: { anyOf: cases } }] } })
    expect(properties?.publisher).toEqual({
      ...ref('library.v1.Book.Publisher'),
      description: 'At most one of `email`, `phone`, `publisher` is set.',
    })
    expect(required).toEqual(['title'])
    expect(
      schemaOf('message M { oneof a { option (buf.validate.oneof).required = true; string b = 1; string c = 2; } }'),
    ).toMatchObject({
      not: { not: { oneOf: [{ required: ['b'] }, { required: ['c'] }] } },
    })
  })

  it('take every name for what it is', () => {
    const { properties } = schemaOf('message M { string a = 1 [json_name = "__proto__"]; string constructor = 2; }')
    expect(Object.keys(properties as object)).toEqual(['__proto__', 'constructor'])
  })

  it('say what fields are at first, where the contract says so', () => {
    const contract = parseProto(`syntax = "proto2"; package a.v1; enum E { A = 0; B = 1; }
      message M { optional int64 a = 1 [default = 5]; optional E b = 2 [default = B]; required string c = 3; }
      service S { rpc Get(M) returns (M); }`)
    expect(openApiDocument([contract.service('a.v1.S')]).components.schemas['a.v1.M']).toEqual({
      type: 'object',
      properties: { a: { ...INT64, default: '5' }, b: { ...ref('a.v1.E'), default: 'B' }, c: { type: 'string' } },
      required: ['c'],
    })
  })

  it('say who may set a field, and what is deprecated', () => {
    expect(schemas['library.v1.Book']).toMatchObject({
      properties: {
        name: { readOnly: true },
        title: { description: 'What is on the cover.' },
        secret: { writeOnly: true },
        cents: { ...INT64, deprecated: true },
      },
    })
  })
})

describe('rules of buf.validate in a document', () => {
  it.each([
    ['string', 'string.min_len = 1; string.max_len = 9', { minLength: 1, maxLength: 9 }],
    ['string', 'string.len = 3', { minLength: 3, maxLength: 3 }],
    ['string', 'string.pattern = "^[a-z]+$"', { pattern: '^[a-z]+$' }],
    ['string', 'string.prefix = "a.b"; string.suffix = "c"', { pattern: '^a\\.b', allOf: [{ pattern: 'c$' }] }],
    ['string', 'string.not_contains = "x"', { not: { pattern: 'x' } }],
    ['string', 'string.const = "a"', { const: 'a' }],
    ['string', 'string.in = "a"; string.in = "b"', { enum: ['a', 'b'] }],
    ['string', 'string.not_in = "a"', { not: { enum: ['a'] } }],
    ['string', 'string.email = true', { format: 'email' }],
    ['string', 'string.uuid = true', { format: 'uuid' }],
    ['string', 'string.uri = true', { format: 'uri' }],
    ['string', 'string.uri_ref = true', { format: 'uri-reference' }],
    ['string', 'string.hostname = true', { format: 'hostname' }],
    ['string', 'string.ipv4 = true', { format: 'ipv4' }],
    ['string', 'string.ipv6 = true', { format: 'ipv6' }],
    ['string', 'string.tuuid = true', { format: 'tuuid', pattern: '^[0-9a-fA-F]{32}$' }],
    ['string', 'string.pattern = "(?i)^a$"', { description: 'Must match the RE2 pattern `(?i)^a$`.' }],
  ])('%s with %s', (type, rules, expected) => {
    expect(fieldWith(type, rules)).toEqual({ type: 'string', ...expected })
  })

  it.each([
    ['int32', 'int32 = { gt: 0, lte: 9 }', { ...INT32, exclusiveMinimum: 0, maximum: 9 }],
    ['int32', 'int32 = { gt: 9, lt: 1 }', { ...INT32, not: { type: 'number', maximum: 9, minimum: 1 } }],
    ['int32', 'int32 = { in: [1, 2] }', { ...INT32, enum: [1, 2] }],
    ['uint32', 'uint32.gte = 5', { ...UINT32, minimum: 5 }],
    ['int64', 'int64 = { gte: 1, lt: 9 }', { ...INT64, description: 'Must be at least 1 and less than 9.' }],
    ['int64', 'int64.const = 7', { ...INT64, const: '7' }],
    ['double', 'double.finite = true', { type: 'number', format: 'double' }],
    ['double', 'double = { gte: 0, lte: 1 }', { type: 'number', format: 'double', minimum: 0, maximum: 1 }],
    [
      'double',
      'double.gt = 0',
      { oneOf: [{ type: 'number', format: 'double', exclusiveMinimum: 0 }, FLOATING('double').oneOf[1]] },
    ],
    ['bool', 'bool.const = true', { type: 'boolean', const: true }],
    ['bytes', 'bytes = { min_len: 1, max_len: 4 }', { ...BYTES, minLength: 2, maxLength: 8 }],
    ['Color', 'enum.in = 1; enum.in = 2', { ...ref('a.v1.Color'), enum: ['COLOR_RED', 'COLOR_BLUE'] }],
    ['Color', 'enum.const = 1', { ...ref('a.v1.Color'), enum: ['COLOR_RED'] }],
    ['Color', 'enum.not_in = 0', { ...ref('a.v1.Color'), not: { enum: ['COLOR_UNSPECIFIED'] } }],
    ['google.protobuf.StringValue', 'string.min_len = 2', { type: ['string', 'null'], minLength: 2 }],
    [
      'repeated string',
      'repeated = { min_items: 1, max_items: 3, unique: true, items: { string: { min_len: 2 } } }',
      { type: 'array', items: { type: 'string', minLength: 2 }, minItems: 1, maxItems: 3, uniqueItems: true },
    ],
    [
      'map<string, int32>',
      'map = { min_pairs: 1, keys: { string: { max_len: 3 } }, values: { int32: { gt: 0 } } }',
      {
        type: 'object',
        additionalProperties: { ...INT32, exclusiveMinimum: 0 },
        propertyNames: { maxLength: 3 },
        minProperties: 1,
      },
    ],
    ['string', 'string.min_len = 1; ignore = IGNORE_ALWAYS', { type: 'string' }],
  ])('%s with %s', (type, rules, expected) => {
    expect(fieldWith(type, rules)).toEqual(expected)
  })

  it('make a field required that is refused when it is not there', () => {
    const { required } = schemaOf(`message M {
      string a = 1 [(buf.validate.field).required = true];
      string b = 2 [(buf.validate.field).string.min_len = 1];
      string c = 3 [(buf.validate.field).string.max_len = 1];
      optional string d = 4 [(buf.validate.field).string.min_len = 1];
      string e = 5 [(buf.validate.field).string.email = true, (buf.validate.field).ignore = IGNORE_IF_ZERO_VALUE];
      repeated int32 f = 6 [(buf.validate.field).repeated.min_items = 1];
      int32 g = 7 [(buf.validate.field).int32.gt = 0];
      google.protobuf.Timestamp h = 8 [(buf.validate.field).required = true];
      oneof i { string j = 9 [(buf.validate.field).string.min_len = 1]; }
    }`)
    expect(required).toEqual(['a', 'b', 'f', 'g', 'h'])
  })
})
