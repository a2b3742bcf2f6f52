import { Validator } from '@seriousme/openapi-schema-validator'
import { openApiDocument, readContract } from 'tierkit/generate'
import { parseProto } from 'tierkit/service'
import { describe, expect, it } from 'vitest'
import type { OpenApiDocument } from '../../../src/app/openapi/document-types.js'
import { everything, folderWith } from '../fixtures.js'
import { librarySource } from './contracts.js'

/** What the schema of OpenAPI 3.1 objects to in a document. */
async function problemsOf(document: OpenApiDocument): Promise<unknown> {
  const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(document)))
  return valid ? [] : errors
}

/** Every `$ref` of a document that leads nowhere. */
function danglingIn(document: OpenApiDocument): string[] {
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]*)"/g)].map(([, path = '']) => path)
  const at = (path: string): unknown =>
    path.split('/').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document)
  return refs.filter((path) => at(path) === undefined)
}

describe('openApiDocument', () => {
  it('gives a valid document for fields and rules of every kind, in each shape of errors', async () => {
    for (const errorBody of ['status', 'aip193', 'rfc9457', 'kratos'] as const) {
      const document = openApiDocument(librarySource(), { errorBody, methodPaths: 'all' })
      expect(await problemsOf(document)).toEqual([])
      expect(danglingIn(document)).toEqual([])
    }
  })

  it('gives a valid document for files, a descriptor set, and code alike', async () => {
    const folder = folderWith(everything)
    const document = openApiDocument(readContract([folder]))
    expect(await problemsOf(document)).toEqual([])
    expect(danglingIn(document)).toEqual([])
    const shop = openApiDocument(readContract(['examples/shop/shop.proto']))
    expect(await problemsOf(shop)).toEqual([])
    expect(Object.keys(shop.paths)).toContain('/v1/orders/{orderId}')
  })

  it('is the same text whatever order services come in', () => {
    const text = (service: string): string => `service ${service} { rpc Get(M) returns (M); }`
    const contract = parseProto(
      `syntax = "proto3"; package a.v1; message M { string b = 1; } ${text('B')} ${text('A')}`,
    )
    const [a, b] = [contract.service('a.v1.A'), contract.service('a.v1.B')]
    const document = openApiDocument([a, b])
    expect(JSON.stringify(document)).toBe(JSON.stringify(openApiDocument([b, a])))
    expect(Object.keys(document.paths)).toEqual(['/a.v1.A/Get', '/a.v1.B/Get'])
    expect(document.paths['/a.v1.B/Get']?.post?.operationId).toBe('B_Get')
  })

  it('names operations apart whose services share a name', () => {
    const source = (pkg: string): string =>
      `syntax = "proto3"; package ${pkg}; message M {} service S { rpc Get(M) returns (M); }`
    const services = ['a.v1', 'a.v2'].map((pkg) =>
      parseProto(source(pkg), { name: `${pkg}.proto` }).service(`${pkg}.S`),
    )
    const { paths } = openApiDocument(services)
    expect(Object.values(paths).map((item) => item.post?.operationId)).toEqual(['a_v1_S_Get', 'a_v2_S_Get'])
  })

  it('says what it is told of title, version, servers and security', () => {
    const document = openApiDocument(librarySource(), {
      title: 'Books',
      version: '1.2.3',
      servers: ['https://api.example.com', { url: 'http://localhost:8000', description: 'here' }],
      security: {
        schemes: { bearer: { type: 'http', scheme: 'bearer' } },
        open: ['library.v1.Library.ListBooks'],
      },
    })
    expect(document).toMatchObject({
      info: { title: 'Books', version: '1.2.3' },
      servers: [{ url: 'https://api.example.com' }, { url: 'http://localhost:8000', description: 'here' }],
      security: [{ bearer: [] }],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    })
    expect(document.paths['/v1/books']?.get?.security).toEqual([])
    expect(document.paths['/v1/files']?.post).not.toHaveProperty('security')
  })

  it('names the method whose rule makes no sense', () => {
    const source = `syntax = "proto3"; package a.v1; import "google/api/annotations.proto"; message M { string b = 1; }
      service S { rpc Get(M) returns (M) { option (google.api.http) = { get: "/v1/{c}" }; } }`
    const contract = parseProto(source)
    expect(() => openApiDocument([contract.service('a.v1.S')])).toThrow(
      'a.v1.S.Get: GET /v1/{c}: {c}: a.v1.M has no such field',
    )
  })
})
