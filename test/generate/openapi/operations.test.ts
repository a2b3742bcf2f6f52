import { openApiDocument } from 'tierkit/generate'
import { describe, expect, it } from 'vitest'
import type { OpenApiOptions } from '../../../src/app/openapi/openapi-options.js'
import { librarySource } from './contracts.js'

const documentWith = (options: OpenApiOptions = {}) => openApiDocument(librarySource(), options)
const { paths } = documentWith()
const namesOf = (path: string, verb: string): string[] =>
  (paths[path]?.[verb]?.parameters ?? []).map((parameter) => `${parameter.in} ${parameter.name}`)

describe('the operations of a document', () => {
  it('are the HTTP rules of methods, and the own paths of those without one', () => {
    const operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([verb, { operationId }]) => `${verb} ${path} ${operationId}`),
    )
    expect(operations).toEqual([
      'post /library.v1.Library/Import Library_Import',
      'post /library.v1.Library/Plain Library_Plain',
      'get /v1/books Library_ListBooks',
      'post /v1/books/{bookName}:move Library_MoveBook',
      'get /v1/books/{name} Library_GetBook_2',
      'delete /v1/books/{name} Library_DeleteBook',
      'patch /v1/books/{name} Library_UpdateBook',
      'get /v1/books:watch Library_WatchBooks',
      'post /v1/files Library_Upload',
      'get /v1/files/{path} Library_ReadFile',
      'put /v1/raw/{path} Library_WriteFile',
      'post /v1/shelves/{parent}/books Library_CreateBook',
      'get /v1/shelves/{shelf}/books/{book} Library_GetBook',
    ])
  })

  it('leave out what OpenAPI cannot tell of, and say so', () => {
    const warnings: string[] = []
    documentWith({ onWarning: (text) => warnings.push(text) })
    expect(warnings).toEqual([
      'library.v1.Library.GetBook: LOCK /v1/books/{name} is left out: OpenAPI has no method LOCK',
      'library.v1.Library.Chat is left out: what streams both ways is no plain HTTP request',
    ])
  })

  it.each([
    ['title', { type: 'string' }],
    ['genre', { $ref: '#/components/schemas/library.v1.Genre' }],
    ['sequels', { type: 'array', items: { $ref: '#/components/schemas/library.v1.Book' } }],
    ['publisher', { anyOf: [{ $ref: '#/components/schemas/library.v1.Book.Publisher' }, { type: 'null' }] }],
    ['phone', { anyOf: [{ type: 'string' }, { type: 'null' }] }],
  ])('say that a response body may be null where its field may be absent: %s', (response_body, schema) => {
    const httpRules = [{ selector: 'library.v1.Library.GetBook', get: '/v1/part', response_body }]
    const { responses } = documentWith({ httpRules }).paths['/v1/part']?.get ?? {}
    expect(responses?.['200']).toMatchObject({ content: { 'application/json': { schema } } })
  })

  it('leave out rules that servers refuse', () => {
    const warnings: string[] = []
    const selector = 'library.v1.Library.ListBooks'
    const httpRules = [{ selector, get: '/v1/a', body: '*', additional_bindings: [{ get: '/v1/b' }] }]
    const document = documentWith({ httpRules, onWarning: (text) => warnings.push(text) })
    expect(warnings).toContain(`${selector}: GET /v1/a is left out: a GET has no body`)
    expect(document.paths['/v1/a']).toBeUndefined()
    expect(document.paths['/v1/b']?.get?.operationId).toBe('Library_ListBooks')
  })

  it('have the own paths of all methods, or of none, where that is asked for', () => {
    const all = documentWith({ methodPaths: 'all' }).paths['/library.v1.Library/ListBooks']?.post
    expect(all?.operationId).toBe('Library_ListBooks_Rpc')
    expect(Object.keys(documentWith({ methodPaths: 'none' }).paths).filter((path) => path.includes('Library'))).toEqual(
      [],
    )
  })

  it('have the rules and statuses of a service config instead of those of the contract', () => {
    const options: OpenApiOptions = {
      httpRules: [{ selector: 'library.v1.Library.ListBooks', get: '/v2/books' }],
      successStatus: { 'library.v1.Library.ListBooks': 206 },
    }
    const document = documentWith(options)
    expect(document.paths['/v1/books']).toBeUndefined()
    expect(Object.keys(document.paths['/v2/books']?.get?.responses ?? {})).toEqual(['206', 'default'])
  })

  it('take from the path what its template says, each wildcard by itself', () => {
    expect(namesOf('/v1/shelves/{shelf}/books/{book}', 'get')).toEqual(['path shelf', 'path book'])
    const [shelf] = paths['/v1/shelves/{shelf}/books/{book}']?.get?.parameters ?? []
    expect(shelf).toMatchObject({ required: true, description: 'A part of `name`, which is `shelves/*/books/*`.' })
    const [path] = paths['/v1/files/{path}']?.get?.parameters ?? []
    expect(path?.description).toBe('May have several segments: slashes in it stay as they are.')
  })

  it('share one path where only the names of variables differ', () => {
    const [name] = paths['/v1/books/{name}']?.patch?.parameters ?? []
    expect(name).toMatchObject({ name: 'name', in: 'path', description: 'Fills `book.name`.' })
  })

  it('take from the query what path and body leave, as far as text can fill it', () => {
    expect(namesOf('/v1/books', 'get')).toEqual(
      ['pageSize', 'genres', 'filter.author', 'filter.minCents', 'labels', 'since', 'printed', 'query'].map(
        (name) => `query ${name}`,
      ),
    )
    expect(namesOf('/v1/shelves/{parent}/books', 'post')).toEqual(['path parent', 'query dryRun'])
    const parameters = Object.fromEntries((paths['/v1/books']?.get?.parameters ?? []).map((one) => [one.name, one]))
    expect(parameters.genres).toMatchObject({ style: 'form', explode: true, schema: { type: 'array' } })
    expect(parameters.labels).toMatchObject({ style: 'deepObject', explode: true, schema: { type: 'object' } })
    expect(parameters.printed?.schema).toEqual({ type: 'boolean' })
    expect(parameters.query?.required).toBe(true)
  })

  it('have a body without what the path fills', () => {
    expect(paths['/v1/books/{bookName}:move']?.post?.requestBody).toEqual({
      required: true,
      content: { 'application/json': { schema: { type: 'object', properties: { shelf: { type: 'string' } } } } },
    })
    expect(paths['/v1/shelves/{parent}/books']?.post?.requestBody).toEqual({
      required: true,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/library.v1.Book' } } },
    })
  })

  it('answer with the status of the contract, and with nothing where it has no body', () => {
    expect(Object.keys(paths['/v1/shelves/{parent}/books']?.post?.responses ?? {})).toEqual(['201', 'default'])
    expect(paths['/v1/books/{name}']?.delete?.responses['204']).toEqual({ description: 'No Content' })
    expect(paths['/v1/books/{name}']?.get?.responses['200']).toMatchObject({
      content: { 'application/json': { schema: { type: 'string' } } },
    })
  })

  it('have streams as lines and events', () => {
    const book = { $ref: '#/components/schemas/library.v1.Book' }
    expect(paths['/v1/books:watch']?.get?.responses['200']).toMatchObject({
      content: {
        'application/x-ndjson': {
          schema: { properties: { result: book, error: { $ref: '#/components/schemas/google.rpc.Status' } } },
        },
        'text/event-stream': { schema: book },
      },
    })
    const body = paths['/library.v1.Library/Import']?.post?.requestBody
    expect(body?.content).toEqual({ 'application/x-ndjson': { schema: book } })
  })

  it('have files as bytes, on their own and in forms', () => {
    const binary = { type: 'string', format: 'binary' }
    expect(paths['/v1/files/{path}']?.get?.responses['200']).toMatchObject({ content: { '*/*': { schema: binary } } })
    expect(paths['/v1/raw/{path}']?.put?.requestBody?.content).toEqual({
      '*/*': { schema: binary },
      'multipart/form-data': { schema: { type: 'object', properties: { content: binary } } },
    })
    expect(paths['/v1/files']?.post?.requestBody?.content['multipart/form-data']?.schema).toEqual({
      type: 'object',
      properties: {
        title: { type: 'string' },
        cover: binary,
        pages: { type: 'array', items: binary },
        by: { $ref: '#/components/schemas/library.v1.Book.Publisher' },
      },
    })
  })

  it('say in one sentence what they do, and then all of it', () => {
    expect(paths['/v1/shelves/{parent}/books']?.post).toMatchObject({
      summary: 'Makes a book',
      description: 'Makes a book. The name is chosen by the server.\n\nBooks are never lost.',
    })
    expect(paths['/v1/books']?.get?.summary).toBe('Lists books, e.g. those of an author')
    expect(paths['/v1/books']?.get).not.toHaveProperty('description')
    expect(paths['/v1/books/{name}']?.delete?.deprecated).toBe(true)
  })
})
