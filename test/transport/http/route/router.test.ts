import { describe, expect, it } from 'vitest'
import { Router } from '../../../../src/transport/http/route/router.js'

/** A router whose targets are the rules themselves. */
function routerOf(...rules: string[]): Router<string> {
  const router = new Router<string>()
  for (const rule of rules) {
    const [method = '', path = ''] = rule.split(' ')
    expect(router.add(method, path, rule)).toBeUndefined()
  }
  return router
}

/** What a request leads to, and the values of its path. */
function ask(router: Router<string>, request: string): string {
  const [method = '', path = ''] = request.split(' ')
  const match = router.find(method, path)
  if (!match) return 'nothing'
  const values = match.values.map(({ fieldPath, value }) => ` ${fieldPath.join('.')}=${value}`)
  return match.target + values.join('')
}

describe('precedence', () => {
  const router = routerOf(
    'GET /a/**',
    'GET /b/*',
    'GET /c/*/d/**',
    'GET /c/*/d/e',
    'GET /c/f/d/e',
    'GET /',
    'GET /x/{n=**}/tail',
    'GET /x/{n=**}/long/tail',
    'POST /c/f/d/e',
  )
  it.each([
    ['GET /a', 'GET /a/**'],
    ['GET /a/b', 'GET /a/**'],
    ['GET /a/b/c', 'GET /a/**'],
    ['GET /a/', 'GET /a/**'],
    ['GET /b/c', 'GET /b/*'],
    ['GET /b', 'nothing'],
    ['GET /b/', 'nothing'],
    ['GET /b/c/d', 'nothing'],
    ['GET /c/u/d/v', 'GET /c/*/d/**'],
    ['GET /c/u/d', 'GET /c/*/d/**'],
    ['GET /c/v/d/w/x', 'GET /c/*/d/**'],
    ['GET /c//d/w', 'nothing'],
    ['GET /c/x/d/e', 'GET /c/*/d/e'],
    ['GET /c/f/d/e', 'GET /c/f/d/e'],
    ['GET /', 'GET /'],
    ['GET ', 'GET /'],
    ['GET /x/1/2/tail', 'GET /x/{n=**}/tail n=1/2'],
    ['GET /x/1/long/tail', 'GET /x/{n=**}/long/tail n=1'],
    ['GET /x/tail', 'GET /x/{n=**}/tail n='],
    ['GET /A', 'nothing'],
    ['PUT /b/c', 'nothing'],
  ])('%s leads to %s', (request, expected) => expect(ask(router, request)).toBe(expected))

  it('goes on to a wildcard where the literal has another HTTP method', () => {
    const mixed = routerOf('POST /a/b', 'GET /a/{x}', 'DELETE /{y=**}')
    expect(ask(mixed, 'GET /a/b')).toBe('GET /a/{x} x=b')
    expect(ask(mixed, 'DELETE /a/b')).toBe('DELETE /{y=**} y=a/b')
  })
})

describe('values of a path', () => {
  it.each([
    ['/a/{x}/c', '/a/p%20q%2Fr/c', 'p q/r'],
    ['/a/{x}/c', '/a/%C3%A9/c', 'é'],
    ['/a/{x}/c', '/a/+/c', '+'],
    ['/a/{x=p/*/q/*}/c', '/a/p/foo%20foo/q/bar%2Fbar/c', 'p/foo foo/q/bar%2Fbar'],
    ['/a/{x=**}/c', '/a/p/%2f/%3A/%C3%A9%21/c', 'p/%2f/%3A/é%21'],
    ['/a/{x=**}', '/a/one', 'one'],
    ['/a/{x=**}', '/a', ''],
    ['/{x=b/*}', '/b/%', 'undefined'],
    ['/{x}', '/%zz', 'undefined'],
    ['/{x}', '/%ff', 'undefined'],
    ['/{x=**}', '/a/%ff', 'undefined'],
    ['/{x}', '/..', '..'],
    ['/{a}/{b=c/**}', '/1/c/2/3', '1'],
  ])('%s of %s is %s', (template, path, expected) => {
    const router = routerOf(`GET ${template}`)
    expect(String(router.find('GET', path)?.values[0]?.value)).toBe(expected)
  })

  it('matches the path as it came: an encoded slash does not part segments', () => {
    expect(ask(routerOf('GET /admin/{x}'), 'GET /admin%2Fx')).toBe('nothing')
  })
})

describe('a verb', () => {
  const router = routerOf('GET /person', 'GET /person/{id}', 'GET /{x=**}:verb', 'POST /v1/orders:search')
  it.each([
    ['GET /person:verb', 'GET /{x=**}:verb x=person'],
    ['GET /person/ada:verb', 'GET /{x=**}:verb x=person/ada'],
    ['GET /person/ada', 'GET /person/{id} id=ada'],
    ['GET /person/ada:other', 'GET /person/{id} id=ada:other'],
    ['GET /person/a:b:other', 'GET /person/{id} id=a:b:other'],
    ['GET /person:other', 'nothing'],
    ['GET /person/ada:search', 'nothing'],
    ['POST /v1/orders:search', 'POST /v1/orders:search'],
    ['GET /a:verb/b', 'nothing'],
  ])('%s leads to %s', (request, expected) => expect(ask(router, request)).toBe(expected))
})

describe('HTTP methods', () => {
  const router = routerOf('GET /a', 'POST /a', '* /b', 'GET /b', 'PUT /{x}')
  it('a HEAD falls back to GET', () => {
    expect(ask(router, 'HEAD /a')).toBe('GET /a')
    expect(ask(router, 'HEAD /b')).toBe('* /b')
  })

  it('any stands behind the ones that are named', () => {
    expect(ask(router, 'GET /b')).toBe('GET /b')
    expect(ask(router, 'PURGE /b')).toBe('* /b')
  })

  it('all that a path can be asked with are known', () => {
    expect(router.methods('/a')).toEqual(['GET', 'HEAD', 'POST', 'PUT'])
    expect(router.methods('/c/d')).toEqual([])
  })
})

describe('adding', () => {
  it('tells which target has the place already', () => {
    const router = routerOf('GET /v1/{a}', 'GET /v1/{a}:x')
    expect(router.add('GET', '/v1/{b.c}', 'second')).toBe('GET /v1/{a}')
    expect(router.add('POST', '/v1/{b}', 'third')).toBeUndefined()
    expect(router.add('GET', '/v1/*:x', 'fourth')).toBe('GET /v1/{a}:x')
    expect(ask(router, 'GET /v1/1')).toBe('GET /v1/{a} a=1')
  })

  it('a path of many segments takes no longer than the templates allow', () => {
    const letters = ['a', '*']
    const rules = letters.flatMap((one) =>
      letters.flatMap((two) => letters.map((three) => `GET /${one}/${two}/${three}/**/end`)),
    )
    const router = routerOf(...rules)
    expect(ask(router, `GET /${'a/'.repeat(4000)}x`)).toBe('nothing')
  })
})
