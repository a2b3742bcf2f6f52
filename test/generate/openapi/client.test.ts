import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import openapiTs, { astToString } from 'openapi-typescript'
import { Code, RpcError } from 'tierkit/error'
import { openApiDocument } from 'tierkit/generate'
import { bindings, implement, parseProto } from 'tierkit/service'
import { httpServer } from 'tierkit/transport/http'
import { expect, it, onTestFinished } from 'vitest'
import { problemsIn } from '../compile.js'
import { library, librarySource } from './contracts.js'

const here = fileURLToPath(new URL('.', import.meta.url))

/** A folder inside of the project, so that imports of packages are found. */
function folder(): string {
  const path = join(here, `.client-${process.pid}`)
  mkdirSync(path, { recursive: true })
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

interface Request {
  readonly name: string
  readonly book?: Readonly<Record<string, unknown>>
}

/** A server that answers with what it was asked, and fails for what is missing. */
async function start(): Promise<{ readonly url: string; readonly seen: Record<string, unknown> }> {
  const seen: Record<string, unknown> = {}
  const note = (name: string, request: unknown): void => {
    seen[name] = request
  }
  const service = implement(parseProto(library).service('library.v1.Library'), {
    createBook: (request: Request) => {
      note('createBook', request)
      return { ...request.book, name: 'shelves/sf/books/1' }
    },
    getBook: ({ name }: Request) => {
      if (name === 'missing') throw new RpcError(Code.NOT_FOUND, 'no such book', { reason: 'BOOK_NOT_FOUND' })
      return { name, title: `title of ${name}` }
    },
    updateBook: ({ book }: Request) => book ?? {},
    moveBook: (request: unknown) => {
      note('moveBook', request)
      return {}
    },
    deleteBook: () => ({}),
    listBooks: (request: unknown) => {
      note('listBooks', request)
      return { books: [{ title: 'Solaris' }] }
    },
    async *watchBooks() {
      yield { title: 'one' }
      yield { title: 'two' }
    },
    upload: () => ({}),
    import: () => ({}),
    async *chat() {},
    readFile: () => ({}),
    writeFile: () => ({}),
    plain: (request: unknown) => request,
  })
  const server = httpServer({ host: '127.0.0.1' })
  const { url } = await server.listen(bindings([service]))
  onTestFinished(() => server.close())
  return { url, seen }
}

it('gives a client that compiles, and that a server understands', async () => {
  const out = folder()
  const document = openApiDocument(librarySource())
  writeFileSync(join(out, 'api.ts'), astToString(await openapiTs(JSON.stringify(document))))
  writeFileSync(join(out, 'client.ts'), readFileSync(join(here, 'typed-client.txt'), 'utf8'))
  expect(problemsIn([join(out, 'client.ts')])).toEqual([])

  const { url, seen } = await start()
  const { callAll } = (await import(pathToFileURL(join(out, 'client.ts')).href)) as {
    callAll(baseUrl: string): Promise<Record<string, never>>
  }
  const found: Record<string, unknown> = await callAll(url)
  expect(found).toMatchObject({
    created: {
      response: { status: 201 },
      data: {
        name: 'shelves/sf/books/1',
        title: 'Solaris',
        genre: 'GENRE_FICTION',
        cents: '900',
        email: 'lem@example.com',
      },
    },
    got: { data: { name: 'shelves/sf/books/7' } },
    onlyTitle: 'title of x y/z',
    listed: { data: { books: [{ title: 'Solaris' }] } },
    updated: { data: { name: 'n1', title: 'New' } },
    deleted: { response: { status: 204 } },
    watched: { data: '{"result":{"title":"one"}}\n{"result":{"title":"two"}}\n' },
    everything: {
      data: { aDouble: 'NaN', anInt64: '-9007199254740993', sums: { a: '1' }, value: [1, null], int64Value: '5' },
    },
    missing: { response: { status: 404 }, error: { code: 5 } },
    message: 'no such book',
  })
  expect(seen).toMatchObject({
    createBook: { parent: 'shelves/sf', dryRun: true },
    moveBook: { bookName: 'b1', shelf: 'attic' },
    listBooks: {
      query: 'lem',
      pageSize: 2,
      genres: [1, 2],
      filter: { author: 'Lem' },
      labels: { tier: 'gold' },
      printed: { value: true },
    },
  })
}, 60_000)
