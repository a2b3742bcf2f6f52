import { type OpenApiOptions, openApiDocument, readContract } from 'tierkit/generate'
import { parseProto } from 'tierkit/service'
import { describe, expect, it } from 'vitest'
import { folderWith } from '../fixtures.js'
import { librarySource } from './contracts.js'

const responsesOf = (options: OpenApiOptions = {}) =>
  openApiDocument(librarySource(), options).components.responses ?? {}

describe('the errors of a document', () => {
  it('are the reasons of the contract, by status', () => {
    const { 'library.v1.Error': error } = responsesOf()
    const domain = 'library.example.com'
    expect(error?.['x-tierkit-errors']).toEqual([
      { status: 404, code: 'NOT_FOUND', reason: 'BOOK_NOT_FOUND', domain, description: 'There is no such book.' },
      { status: 409, code: 'ALREADY_EXISTS', reason: 'TITLE_TAKEN', domain, description: 'the title is taken' },
      { status: 422, code: 'INVALID_ARGUMENT', reason: 'ISBN_WRONG', domain },
    ])
    expect(error?.description).toBe(
      'The call failed. Reasons:\n\n- 404 `NOT_FOUND`, `BOOK_NOT_FOUND`: There is no such book.\n' +
        '- 409 `ALREADY_EXISTS`, `TITLE_TAKEN`: the title is taken\n- 422 `INVALID_ARGUMENT`, `ISBN_WRONG`',
    )
  })

  it.each([
    ['status', 'application/json', 'google.rpc.Status', ['code', 'message', 'details']],
    ['aip193', 'application/json', 'Error', ['error']],
    [
      'rfc9457',
      'application/problem+json',
      'Error',
      ['type', 'title', 'status', 'detail', 'code', 'reason', 'domain', 'metadata', 'details'],
    ],
    ['kratos', 'application/json', 'Error', ['code', 'reason', 'message', 'metadata']],
  ] as const)('look as %s has them', (errorBody, type, name, properties) => {
    const { components } = openApiDocument(librarySource(), { errorBody })
    const schema = components.responses?.['library.v1.Error']?.content?.[type]?.schema
    expect(schema).toEqual({ $ref: `#/components/schemas/${name}` })
    expect(Object.keys(components.schemas[name]?.properties ?? {})).toEqual(properties)
  })

  it('look as a program says that writes them by itself', () => {
    const errorBody = { schema: { type: 'string' }, contentType: 'text/plain' }
    expect(responsesOf({ errorBody })['library.v1.Error']?.content).toEqual({
      'text/plain': { schema: { type: 'string' } },
    })
  })

  it('are the default answer of each operation', () => {
    const { paths } = openApiDocument(librarySource())
    const defaults = Object.values(paths).flatMap((item) =>
      Object.values(item).map(({ responses }) => responses.default),
    )
    expect(new Set(defaults.map((one) => JSON.stringify(one)))).toEqual(
      new Set(['{"$ref":"#/components/responses/library.v1.Error"}']),
    )
  })

  it('are without reasons where the contract names none', () => {
    const contract = parseProto('syntax = "proto3"; package a.v1; message M {} service S { rpc Get(M) returns (M); }')
    const { responses } = openApiDocument([contract.service('a.v1.S')]).components
    expect(responses).toEqual({
      Error: {
        description: 'The call failed.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/google.rpc.Status' } } },
      },
    })
  })

  it('are those of the package of a service, and of packages that have none', () => {
    const enumOf = (reason: string): string =>
      `import "tierkit/options.proto"; enum R { R_NONE = 0; ${reason} = 1 [(tierkit.error) = { code: ABORTED }]; }`
    const service = 'message M {} service S { rpc Get(M) returns (M); }'
    const folder = folderWith({
      'a.proto': `syntax = "proto3"; package a; ${enumOf('OF_A')} ${service}`,
      'b.proto': `syntax = "proto3"; package b; ${enumOf('OF_B')} ${service}`,
      'shared.proto': `syntax = "proto3"; package shared; ${enumOf('OF_ALL')}`,
    })
    const { responses = {} } = openApiDocument(readContract([folder])).components
    const reasons = Object.entries(responses).map(([name, response]) => [
      name,
      (response['x-tierkit-errors'] as { reason: string }[]).map(({ reason }) => reason),
    ])
    expect(reasons).toEqual([
      ['a.Error', ['OF_A', 'OF_ALL']],
      ['b.Error', ['OF_ALL', 'OF_B']],
    ])
  })

  it('do not take the name of a type of the contract', () => {
    const contract = parseProto(
      'syntax = "proto3"; message Error { string a = 1; } service S { rpc Get(Error) returns (Error); }',
    )
    const { schemas } = openApiDocument([contract.service('S')], { errorBody: 'kratos' }).components
    expect(schemas.Error).toEqual({ type: 'object', properties: { a: { type: 'string' } } })
    expect(schemas.Error_).toMatchObject({ required: ['code', 'reason', 'message', 'metadata'] })
  })

  it('refuse a shape that is not known', () => {
    expect(() => responsesOf({ errorBody: 'xml' as never })).toThrow("errorBody: 'xml' is unknown; known are status, ")
  })
})
