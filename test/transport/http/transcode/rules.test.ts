import { Code } from 'tierkit/error'
import { type HttpRuleOverride, type HttpServerOptions, httpServer } from 'tierkit/transport/http'
import { describe, expect, it } from 'vitest'
import { binding, raw } from '../fixture.js'
import { library } from './library.js'

describe('a rule of a contract', () => {
  it.each([
    ['POST /v1/books', '{"title":"t"}', { title: 't' }],
    [
      'GET /v1/shelves/1/books/2?title=t&tags=a&tags=b',
      undefined,
      { name: 'shelves/1/books/2', title: 't', tags: ['a', 'b'] },
    ],
    ['GET /v1/titles/The%20Book?genre=POEM', undefined, { title: 'The Book', genre: 'POEM' }],
    ['GET /v1/authors/Lem/books/1921', undefined, { last: 'Lem', born: '1921' }],
    [
      'POST /v1/shelves/1/t:move?pages=3',
      '{"last":"Lem"}',
      { name: 'shelves/1', title: 't', author: { last: 'Lem' }, pages: '3' },
    ],
    [
      'PATCH /v1/shelves/1/books/2?updateMask=title',
      '{"title":"t"}',
      { book: { name: 'shelves/1/books/2', title: 't' }, updateMask: 'title' },
    ],
    ['PUT /v1/shelves/1/books/2?dry_run=true', '{"name":"x"}', { book: { name: 'shelves/1/books/2' }, dryRun: true }],
    ['DELETE /v1/drop/a/b/c', undefined, {}],
    ['GET /v1/tags?tags=a&title=t', undefined, ['a']],
    ['GET /v1/tags', undefined, []],
    ['GET /v1/any/t', undefined, { title: 't' }],
    ['OPTIONS /v1/any/t', undefined, { title: 't' }],
    ['QUERY /v1/any/t', undefined, { title: 't' }],
    ['LOCK /v1/lock/t?ratings[a]=5', undefined, { title: 't', ratings: { a: 5 } }],
    ['POST /lib.v1.Library/Tags', '{"tags":["a"]}', { tags: ['a'] }],
  ])('answers %s', async (line, body, expected) => {
    const { ask } = await library()
    const { status, json } = await ask(line, { body })
    expect([status, json]).toEqual([200, expected])
  })

  it.each([
    ['GET /v1/nothing', 404, undefined],
    ['GET /v1/books', 405, 'OPTIONS, POST'],
    ['POST /v1/drop/a', 405, 'DELETE, OPTIONS'],
    ['GET /v1/lock/t', 405, 'LOCK, OPTIONS'],
    ['POST /v1/shelves/1/books/2', 405, 'GET, HEAD, OPTIONS, PATCH, PUT'],
  ])('does not answer %s: %d', async (line, status, allow) => {
    const { ask } = await library()
    const reply = await ask(line)
    expect([reply.status, reply.json.code]).toEqual([status, status === 404 ? Code.NOT_FOUND : Code.UNIMPLEMENTED])
    expect(reply.headers.get('allow')?.split(', ').sort().join(', ')).toBe(allow)
  })

  it('without a body refuses one, and HEAD is GET without its body', async () => {
    const { ask } = await library()
    expect(await ask('DELETE /v1/drop/a', { body: '{}' })).toMatchObject({
      status: 400,
      json: { code: Code.INVALID_ARGUMENT, message: 'this route takes no body' },
    })
    const { status, text, headers } = await ask('HEAD /v1/titles/t')
    expect([status, text, headers.get('content-length')]).toEqual([200, '', '13'])
  })
})

/** How a server with a rule fails to start. */
async function failure(http: readonly object[], kind: 'unary' | 'client_stream' = 'unary'): Promise<unknown> {
  return httpServer()
    .listen([binding({ name: 'One', kind, http: http as never })])
    .catch((error: { rawMessage: string }) => error.rawMessage)
}

describe('a rule that makes no sense', () => {
  const route = (line: string) => `HTTP route ${line} of /shop.v1.Orders/One: `
  it.each([
    [{ method: 'GET', path: '/a', body: '*' }, `${route('GET /a')}a GET has no body, but the rule says body: "*"`],
    [
      { method: 'DELETE', path: '/a', body: 'item' },
      `${route('DELETE /a')}a DELETE has no body, but the rule says body: "item"`,
    ],
    [
      { method: 'POST', path: '/a', body: 'item.sku' },
      `${route('POST /a')}body item.sku: only a field of the request itself can be the body`,
    ],
    [{ method: 'POST', path: '/a', body: 'nope' }, `${route('POST /a')}body nope: shop.v1.Order has no such field`],
    [
      { method: 'GET', path: '/a', responseBody: 'item.sku' },
      `${route('GET /a')}response_body item.sku: shop.v1.Order has no such field`,
    ],
    [{ method: 'GET', path: '/{tags}' }, `${route('GET /{tags}')}{tags} of shop.v1.Order: it is repeated`],
    [
      { method: 'GET', path: '/{labels}' },
      `${route('GET /{labels}')}{labels} of shop.v1.Order: it is a map, which text cannot fill`,
    ],
    [
      { method: 'GET', path: '/{item}' },
      `${route('GET /{item}')}{item} of shop.v1.Order: it is a message, which text cannot fill`,
    ],
    [
      { method: 'GET', path: '/{items.sku}' },
      `${route('GET /{items.sku}')}{items.sku} of shop.v1.Order: items is not a single message`,
    ],
    [{ method: 'GET', path: '/{nope}' }, `${route('GET /{nope}')}{nope} of shop.v1.Order: there is no such field`],
    [
      { method: 'GET', path: '/a/{note' },
      `${route('GET /a/{note')}path template "/a/{note": expected . = or } at character 9`,
    ],
  ])('%j fails the start', async (rule, problem) => {
    expect(await failure([rule])).toBe(problem)
  })

  it('is one of two with one place, and both are named', async () => {
    const rules = [
      { method: 'GET', path: '/a/{note}' },
      { method: 'GET', path: '/a/{order_id=*}' },
    ]
    expect(await failure(rules)).toBe(
      'HTTP route GET /a/{order_id=*} of /shop.v1.Orders/One: /shop.v1.Orders/One has the same route, GET /a/{note}',
    )
  })

  it('has a stream of requests in something else than a body', async () => {
    expect(await failure([{ method: 'POST', path: '/a/{note}', body: '*' }], 'client_stream')).toMatch(/needs body: \*/)
  })
})

describe('a service config', () => {
  const start = (httpRules: readonly HttpRuleOverride[], options: HttpServerOptions = {}) =>
    library({ httpRules, ...options })
  const selector = 'lib.v1.Library.Get'

  it('takes the place of the contract, and of several rules the last wins', async () => {
    const { ask } = await start([
      { selector, get: '/first/{title}' },
      { selector, get: '/x/{title}', additional_bindings: [{ post: '/y', body: 'author', response_body: 'author' }] },
    ])
    expect((await ask('GET /x/t')).json).toEqual({ title: 't' })
    expect((await ask('POST /y', { body: '{"last":"Lem"}' })).json).toEqual({ last: 'Lem' })
    expect((await ask('GET /v1/titles/t')).status).toBe(404)
    expect((await ask('GET /first/t')).status).toBe(404)
    expect((await ask('POST /lib.v1.Library/Get', { body: '{}' })).status).toBe(200)
  })

  it('is read in the names of JSON too, and leaves alone what is of other services', async () => {
    const { ask } = await start([
      { selector, get: '/x', additionalBindings: [{ custom: { kind: 'lock', path: '/z' }, responseBody: 'tags' }] },
      { selector: 'other.v1.Service.Method', get: '/other' },
    ])
    expect((await ask('LOCK /z')).json).toEqual([])
    expect((await ask('GET /other')).status).toBe(404)
  })

  it.each([
    [{ selector: 'lib.v1.Library.Nope', get: '/x' }, 'httpRules: there is no method lib.v1.Library.Nope'],
    [{ selector, get: '/x', bdoy: '*' }, `httpRules: ${selector}: a google.api.http rule has no field "bdoy"`],
    [{ get: '/x' }, 'httpRules: a rule needs a selector, the full name of a method'],
    [
      { selector },
      `httpRules: ${selector}: a google.api.http rule needs one of get, put, post, delete, patch and custom`,
    ],
    [{ selector, get: '/x', put: '/y' }, `httpRules: ${selector}: a google.api.http rule needs one of get, put`],
    [{ selector, get: '' }, `httpRules: ${selector}: a google.api.http rule needs a path`],
    [{ selector, custom: { path: '/x' } }, `httpRules: ${selector}: a custom pattern of a google.api.http rule needs`],
    [
      { selector, custom: { kind: 'A B', path: '/x' } },
      `httpRules: ${selector}: a custom pattern of a google.api.http rule`,
    ],
    [
      { selector, get: '/x', additional_bindings: [{ get: '/y', additional_bindings: [{ get: '/z' }] }] },
      `httpRules: ${selector}: an additional binding of a google.api.http rule has bindings of its own`,
    ],
    [
      { selector, get: '/v1/tags' },
      'HTTP route GET /v1/tags of /lib.v1.Library/Tags: /lib.v1.Library/Get has the same',
    ],
  ])('%j fails the start', async (rule, problem) => {
    await expect(start([rule as never])).rejects.toMatchObject({
      code: Code.FAILED_PRECONDITION,
      rawMessage: expect.stringContaining(problem),
    })
  })

  it('with bindings whose bodies differ is warned of', async () => {
    const warnings: string[] = []
    const additional_bindings = [
      { post: '/y', body: 'author' },
      { post: '/z', body: '*' },
    ]
    await start([{ selector, post: '/x', body: '*', additional_bindings }], {
      onWarning: (text) => warnings.push(text),
    })
    expect(warnings.filter((text) => text.includes('Library/Get'))).toEqual([
      '/lib.v1.Library/Get: the binding POST /y has body: "author", but /x has body: "*"',
    ])
  })
})

describe('a path', () => {
  it.each([
    [false, 'a%2Fb%3Ac'],
    [true, 'a%2Fb:c'],
  ])('is decoded fully: %s', async (fullyDecodeReservedExpansion, last) => {
    const { ask } = await library({ fullyDecodeReservedExpansion })
    expect((await ask('GET /v1/shelves/1/books/a%2Fb%3Ac')).json.name).toBe(`shelves/1/books/${last}`)
  })

  it('may come with its origin', async () => {
    const { port } = await library()
    const target = `http://127.0.0.1:${port}/v1/titles/t?tags=+`
    const answer = await raw(port, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    expect(answer.split('\r\n\r\n')[1]).toBe('{"title":"t","tags":["+"]}')
  })
})
