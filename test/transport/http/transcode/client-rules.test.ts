import { Code } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { RequestBinder, requestOf } from '../../../../src/transport/http/bind.js'
import { CallForm } from '../../../../src/transport/http/call/call-form.js'
import { Router } from '../../../../src/transport/http/route/router.js'
import { callThrough, contract, Library, library } from './library.js'

const book = contract.codec('lib.v1.Book')
const update = contract.codec('lib.v1.UpdateBook')

type Rule = Readonly<Record<'method' | 'path', string>> & { readonly body?: string; readonly codec?: typeof book }

/** How a request looks by a rule. */
function write({ codec = book, ...rule }: Rule, request: unknown, options = {}) {
  const method = { ...Library.methods.create, request: codec, response: codec, http: [rule] }
  return new CallForm(method as never, { rules: true, ...options }).write(request)
}

/** What a server makes of it. */
function read({ codec = book, ...rule }: Rule, line: string, body: unknown, options = {}): unknown {
  const router = new Router<RequestBinder>(options)
  const binding = { maxQueryParameters: 100, unknownParameters: 'reject' } as const
  router.add(rule.method, rule.path, new RequestBinder(codec, rule, binding))
  const [path = '', query = ''] = line.split('?')
  const match = router.find(rule.method, path)
  if (!match) throw new Error(`${line} leads nowhere`)
  const bytes = Buffer.from((body ?? '') as string)
  return requestOf(match.target.bind({ values: match.values, query, body: bytes }), codec)
}

const full = {
  name: 'shelves/1/books/2',
  title: 'A & B/C?d#e+f%2F=ä😀',
  genre: 2,
  author: { first: 'S', last: 'L.', born: -1921n },
  tags: ['a', '', 'b,c'],
  ratings: { a: 1, 'b.c]': -2, '': 3 },
  pages: 9007199254740993n,
  lent: false,
  bought: { seconds: 1n, nanos: 5_000_000 },
  place: { case: 'box', value: 0 },
  cover: new Uint8Array([0, 255, 62, 63]),
  price: 1e-7,
}

const GET = 'GET'
const POST = 'POST'

describe('a request that is written by a rule', () => {
  it.each<[Rule, unknown, string, string?]>([
    [{ method: GET, path: '/b' }, {}, '/b'],
    [{ method: GET, path: '/b' }, { title: 'a b' }, '/b?title=a%20b'],
    [{ method: GET, path: '/b' }, { tags: ['a', 'b'], genre: 1 }, '/b?genre=NOVEL&tags=a&tags=b'],
    [{ method: GET, path: '/b' }, { ratings: { a: 1 } }, '/b?ratings%5Ba%5D=1'],
    [{ method: GET, path: '/b' }, { author: { born: 5n } }, '/b?author.born=5'],
    [{ method: GET, path: '/b' }, { lent: false }, '/b?lent=false'],
    [{ method: GET, path: '/b' }, { place: { case: 'room', value: '' } }, '/b?room='],
    [{ method: GET, path: '/b' }, { genre: 77 }, '/b?genre=77'],
    [{ method: GET, path: '/b' }, { price: Number.NaN }, '/b?price=NaN'],
    [{ method: GET, path: '/b/{title}' }, { title: 'a/b:c', pages: 1n }, '/b/a%2Fb%3Ac?pages=1'],
    [{ method: GET, path: '/b/{pages}/{genre}' }, {}, '/b/0/0'],
    [{ method: GET, path: '/b/{lent}' }, { lent: true }, '/b/true'],
    [{ method: GET, path: '/b/{bought}' }, { bought: { seconds: 0n, nanos: 0 } }, '/b/1970-01-01T00%3A00%3A00Z'],
    [{ method: GET, path: '/b/{author.last}' }, { author: { first: 'S', last: 'L' } }, '/b/L?author.first=S'],
    [{ method: GET, path: '/b/{box}' }, { place: { case: 'box', value: 0 } }, '/b/0'],
    [{ method: GET, path: '/{name=shelves/*/books/*}' }, { name: 'shelves/1/books/2' }, '/shelves/1/books/2'],
    [{ method: GET, path: '/{name=shelves/*}/x' }, { name: "shelves/a:b@!$&'()*+,;=" }, "/shelves/a:b@!$&'()*+,;=/x"],
    [{ method: GET, path: '/{name=shelves/*}' }, { name: 'shelves/a%2Fb ä' }, '/shelves/a%252Fb%20%C3%A4'],
    [{ method: GET, path: '/f/{name=**}' }, { name: 'a/b/c' }, '/f/a/b/c'],
    [{ method: GET, path: '/f/{name=**}' }, {}, '/f'],
    [{ method: GET, path: '/f/{name=**}/end' }, { name: 'a//b' }, '/f/a//b/end'],
    [{ method: POST, path: '/{name=a/**}:go' }, { name: 'a/b:c' }, '/a/b:c:go'],
    [{ method: POST, path: '/b', body: '*' }, { title: 't' }, '/b', '{"title":"t"}'],
    [{ method: POST, path: '/b/{title}', body: '*' }, { title: 't', pages: 1n }, '/b/t', '{"pages":"1"}'],
    [{ method: POST, path: '/b/{title}', body: '*' }, { title: 't' }, '/b/t', '{}'],
    [{ method: POST, path: '/b', body: 'author' }, { author: { last: 'L' }, title: 't' }, '/b?title=t', '{"last":"L"}'],
    [{ method: POST, path: '/b', body: 'author' }, { title: 't' }, '/b?title=t'],
    [{ method: POST, path: '/b', body: 'tags' }, { tags: ['a'] }, '/b', '["a"]'],
    [{ method: POST, path: '/b', body: 'editors' }, { editors: [{ last: 'L' }, {}] }, '/b', '[{"last":"L"},{}]'],
    [{ method: POST, path: '/b', body: 'title' }, { title: 't' }, '/b', '"t"'],
    [
      { method: POST, path: '/b/{author.last}', body: 'author' },
      { author: { first: 'S', last: 'L' } },
      '/b/L',
      '{"first":"S"}',
    ],
    [
      { method: 'PATCH', path: '/v1/{book.name=shelves/*}', body: 'book', codec: update },
      { book: { name: 'shelves/1', title: 't' }, updateMask: { paths: ['title', 'author.last'] }, dryRun: true },
      '/v1/shelves/1?updateMask=title%2Cauthor.last&dryRun=true',
      '{"title":"t"}',
    ],
    [{ method: POST, path: '/b', body: '*' }, full, '/b', JSON.stringify(book.toJson(full))],
  ])('%j of %o is %s, and is read as it was', (rule, request, path, body) => {
    const codec = rule.codec ?? book
    const written = write(rule, request)
    expect([written.method, written.path, written.body]).toEqual([rule.method, path, body])
    expect(read(rule, written.path, written.body)).toEqual(codec.decode(codec.encode(request)))
  })

  it('has all that a query can say', () => {
    for (const path of ['/b', '/b/{title}', '/{name=**}', '/{name=shelves/*/books/*}/{author.last}/{pages}/{price}']) {
      const rule = { method: GET, path }
      expect(read(rule, write(rule, full).path, undefined)).toEqual(book.decode(book.encode(full)))
    }
  })

  it.each<[string, unknown, string, string]>([
    ['/b/{title}', {}, 'title', 'it does not fit "*"'],
    ['/b/{title}', { title: '..' }, 'title', 'a segment of a path cannot be . or ..'],
    ['/b/{title}', { title: '.' }, 'title', 'a segment of a path cannot be . or ..'],
    ['/b/{lent}', {}, 'lent', 'it is not set'],
    ['/b/{box}', {}, 'box', 'it is not set'],
    ['/b/{bought}', {}, 'bought', 'it is not set'],
    ['/b/{author.last}', {}, 'author.last', 'author is not set'],
    ['/{name=shelves/*}', { name: 'shelves' }, 'name', 'it does not fit "shelves/*"'],
    ['/{name=shelves/*}', { name: 'shelves/' }, 'name', 'it does not fit "shelves/*"'],
    ['/{name=shelves/*}', { name: 'shelf/1' }, 'name', 'it does not fit "shelves/*"'],
    ['/{name=shelves/*}', { name: 'shelves/1/2' }, 'name', 'it does not fit "shelves/*"'],
    ['/{name=shelves/*}', { name: 'shelves/..' }, 'name', 'a segment of a path cannot be . or ..'],
    ['/{name=a/**/b}', { name: 'a' }, 'name', 'it does not fit "a/**/b"'],
    ['/{name=**}', { name: '../../etc' }, 'name', 'a segment of a path cannot be . or ..'],
    [
      '/{name=**}',
      { name: 'a?b' },
      'name',
      'the characters ? # [ ] do not come back decoded from several segments of a path',
    ],
    ['/{name=**}', { name: 'a/b:drop' }, 'name', 'a colon in the last segment reads as a verb'],
    ['/b', { editors: [{ last: 'L' }] }, 'editors', 'messages in lists and maps cannot be in a query'],
  ])('by %s cannot carry %o: %s: %s', (path, request, field, problem) => {
    expect(() => write({ method: GET, path }, request)).toThrow(
      expect.objectContaining({
        code: Code.INVALID_ARGUMENT,
        rawMessage: `GET ${path} cannot carry ${field}: ${problem}`,
      }),
    )
  })

  it('has every character for a server that decodes fully', () => {
    const rule = { method: GET, path: '/{name=**}' }
    const options = { fullyDecodeReservedExpansion: true }
    const request = { name: 'a?#[]:@/b:c' }
    const { path } = write(rule, request, options)
    expect(read(rule, path, undefined, options)).toMatchObject(request)
  })
})

describe('a channel that calls by rules', () => {
  it.each([
    ['create', { title: 't' }, { title: 't' }],
    ['get', { name: 'shelves/1/books/2', title: 't' }, { name: 'shelves/1/books/2', title: 't' }],
    ['move', { name: 'shelves/1', title: 't', author: { last: 'L' } }, { title: 't', author: { last: 'L' } }],
    ['drop', { name: 'a/b' }, {}],
    ['tags', { tags: ['a'], title: 't' }, { tags: ['a'], title: '' }],
    ['any', { title: 't' }, { title: 't' }],
    ['lock', { title: 't' }, { title: 't' }],
    ['list', { title: 't', pages: 3n }, [{ title: 't', pages: 3n }, { title: 't' }]],
  ] as const)('calls %s with %o', async (name, request, expected) => {
    const { url } = await library()
    expect(await callThrough(url, name, request, { rules: true })).toMatchObject(expected)
  })

  it('asks for what the rules say', async () => {
    const seen: string[] = []
    const { createServer } = await import('node:http')
    const server = createServer((request, response) => {
      seen.push(
        `${request.method} ${request.url} ${request.headers['content-type']} ${request.headers['content-length']}`,
      )
      response.setHeader('Content-Type', 'application/json').end('{}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const url = `http://127.0.0.1:${port}/api`
    await callThrough(url, 'get', { name: 'shelves/1/books/2', pages: 3n }, { rules: true })
    await callThrough(url, 'update', { book: { name: 'shelves/1/books/2', title: 't' } }, { rules: true })
    await callThrough(url, 'move', { name: 'shelves/1', title: 't' }, { rules: true })
    await callThrough(url, 'get', { title: 't' }, {})
    server.close()
    expect(seen).toEqual([
      'GET /api/v1/shelves/1/books/2?pages=3 undefined undefined',
      'PATCH /api/v1/shelves/1/books/2 application/json 13',
      'POST /api/v1/shelves/1/t:move undefined 0',
      'POST /api/lib.v1.Library/Get application/json 13',
    ])
  })

  it('refuses a request that the rule cannot carry, before it is sent', async () => {
    const { url } = await library()
    await expect(callThrough(url, 'get', { name: 'x' }, { rules: true })).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
      rawMessage: 'GET /v1/{name=shelves/*/books/*} cannot carry name: it does not fit "shelves/*/books/*"',
    })
  })
})
