import { parseProto } from 'tierkit/service'
import { describe, expect, it } from 'vitest'
import { type BindOptions, RequestBinder } from '../../../../src/transport/http/bind.js'

const contract = parseProto(`syntax = "proto3"; package books;
  import "google/protobuf/field_mask.proto"; import "google/protobuf/struct.proto"; import "google/protobuf/timestamp.proto";
  import "google/protobuf/wrappers.proto";
  message Author { string first_name = 1; string line_1 = 2; Author editor = 3; }
  message Book {
    string name = 1; string title = 2; Author author = 3; repeated Author others = 4; map<string, Author> by_role = 5;
    google.protobuf.Struct extra = 6; google.protobuf.Timestamp printed_at = 7; google.protobuf.Int32Value pages = 8;
    oneof cover { string color = 9; Author drawn_by = 10; } string isbn = 11 [json_name = "ISBN"];
  }
  message UpdateBook { Book book = 1; google.protobuf.FieldMask update_mask = 2; bool allow_missing = 3; }
  message Unmasked { Book book = 1; string update_mask = 2; }
  message Masks { Book book = 1; repeated google.protobuf.FieldMask update_mask = 2; }
  message Texts { string book = 1; google.protobuf.FieldMask update_mask = 2; }`)

interface Asked {
  readonly type?: string
  readonly method?: string
  readonly body?: string
  readonly query?: string
  readonly options?: Partial<BindOptions>
}

/** The paths of the mask that a request has. */
function maskOf(
  json: string,
  { type = 'UpdateBook', method = 'PATCH', body = 'book', query = '', options }: Asked = {},
) {
  const path = '/v1/{book.name=books/*}'
  const binding: BindOptions = { maxQueryParameters: 10, unknownParameters: 'reject', ...options }
  const rule = { method, path: type === 'Texts' || body === '*' ? '/v1' : path, body }
  const binder = new RequestBinder(contract.codec(`books.${type}`), rule, binding)
  const values = rule.path === path ? [{ fieldPath: ['book'], value: 'books/1' }] : []
  const request = binder.bindJson({ values, query, body: Buffer.from(json) }) as { updateMask?: { paths: string[] } }
  return request.updateMask === undefined ? undefined : request.updateMask.paths
}

describe('a PATCH without an update mask', () => {
  it.each([
    ['{"title":"T"}', ['title']],
    ['{"title":""}', ['title']],
    ['{"title":null}', ['title']],
    ['{"author":{"firstName":"A"}}', ['author.first_name']],
    [
      '{"author":{"first_name":"A","line1":"x","editor":{"line_1":""}}}',
      ['author.first_name', 'author.line_1', 'author.editor.line_1'],
    ],
    ['{"author":{}}', ['author']],
    ['{"author":null}', ['author']],
    ['{"others":[{"firstName":"A"}]}', ['others']],
    ['{"byRole":{"editor":{"firstName":"A"}}}', ['by_role']],
    ['{"extra":{"a":{"b":1}}}', ['extra']],
    ['{"printedAt":"2026-01-01T00:00:00Z"}', ['printed_at']],
    ['{"pages":0}', ['pages']],
    ['{"color":"red"}', ['color']],
    ['{"drawnBy":{"firstName":"A"}}', ['drawn_by.first_name']],
    ['{"ISBN":"1"}', ['isbn']],
  ])('has one with what its body has: %s', (json, paths) => {
    expect(maskOf(json)).toEqual(paths)
  })

  it('has the one that its client sends, which may be empty to say that nothing was said', () => {
    expect(maskOf('{"title":"T"}', { query: 'updateMask=author' })).toEqual(['author'])
    expect(maskOf('{"title":"T"}', { query: 'update_mask=author.firstName,pages' })).toEqual([
      'author.first_name',
      'pages',
    ])
    expect(maskOf('{"title":"T"}', { query: 'updateMask=' })).toEqual(['title'])
  })

  it.each([
    ['of another method', { method: 'PUT' }],
    ['whose body is all of it', { body: '*' }],
    ['whose body is no message', { type: 'Texts' }],
    ['without such a field', { type: 'Unmasked' }],
    ['with several of them', { type: 'Masks' }],
    ['where that was turned off', { options: { fillUpdateMask: false } }],
  ] as [string, Asked][])('has none if it is one %s', (_, asked) => {
    const json = asked.body === '*' ? '{"book":{"title":"T"}}' : asked.type === 'Texts' ? '"T"' : '{"title":"T"}'
    expect([undefined, '', []]).toContainEqual(maskOf(json, asked))
  })

  it('has none if its body says nothing', () => {
    expect(maskOf('')).toBeUndefined()
    expect(maskOf('{}')).toBeUndefined()
  })

  it('says of nesting without end what is said of it elsewhere', () => {
    const json = `{"author":${'{"editor":'.repeat(20_000)}{}${'}'.repeat(20_001)}`
    expect(() => maskOf(json)).toThrow(/nested deeper than 100/)
  })
})
