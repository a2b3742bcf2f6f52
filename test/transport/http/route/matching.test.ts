import { describe, expect, it } from 'vitest'
import { Router, type RouterOptions } from '../../../../src/transport/http/route/router.js'

/** A router whose targets are the templates themselves, each for GET. */
function routerOf(templates: readonly string[], options: RouterOptions = {}): Router<string> {
  const router = new Router<string>(options)
  for (const template of templates) expect(router.add('GET', template, template)).toBeUndefined()
  return router
}

/** What a path leads to, with the values in it. */
function lead(router: Router<string>, path: string): string {
  const match = router.find('GET', path)
  if (!match) return 'nothing'
  const values = match.values.map(({ fieldPath, value }) => ` ${fieldPath.join('.')}=${value}`)
  return match.target + values.join('')
}

describe('templates that share their beginning', () => {
  const router = routerOf([
    '/v1/books',
    '/v1/books/{id}',
    '/v1/books/{id}/pages',
    '/v1/books/{id}/pages/{page}',
    '/v1/books/new',
    '/v1/{name=shelves/*}',
    '/v1/{name=shelves/*/books/*}',
    '/v1/{name=shelves/*/books/*}/notes',
    '/v1/{any=**}',
  ])
  it.each([
    ['/v1/books', '/v1/books'],
    ['/v1/books/new', '/v1/books/new'],
    ['/v1/books/7', '/v1/books/{id} id=7'],
    ['/v1/books/newer', '/v1/books/{id} id=newer'],
    ['/v1/books/7/pages', '/v1/books/{id}/pages id=7'],
    ['/v1/books/new/pages', '/v1/books/{id}/pages id=new'],
    ['/v1/books/7/pages/9', '/v1/books/{id}/pages/{page} id=7 page=9'],
    ['/v1/books/7/covers', '/v1/{any=**} any=books/7/covers'],
    ['/v1/books/7/pages/9/x', '/v1/{any=**} any=books/7/pages/9/x'],
    ['/v1/shelves/1', '/v1/{name=shelves/*} name=shelves/1'],
    ['/v1/shelves/1/books/2', '/v1/{name=shelves/*/books/*} name=shelves/1/books/2'],
    ['/v1/shelves/1/books/2/notes', '/v1/{name=shelves/*/books/*}/notes name=shelves/1/books/2'],
    ['/v1/shelves/1/books', '/v1/{any=**} any=shelves/1/books'],
    ['/v1/shelves', '/v1/{any=**} any=shelves'],
    ['/v1', '/v1/{any=**} any='],
    ['/v1/', '/v1/{any=**} any='],
    ['/v1/books/', '/v1/{any=**} any=books/'],
    ['/v1//books', '/v1/{any=**} any=/books'],
    ['/v2/books', 'nothing'],
    ['/V1/books', 'nothing'],
    ['/', 'nothing'],
    ['', 'nothing'],
    ['v1/books', 'nothing'],
  ])('%s leads to %s', (path, expected) => expect(lead(router, path)).toBe(expected))
})

describe('a search that has to come back', () => {
  const router = routerOf(['/a/b/c/{x}/end', '/a/*/c/{x}/other', '/a/{y=**}/tail', '/{z=**}/other', '/{w=*/b/**}/last'])
  it.each([
    ['/a/b/c/1/end', '/a/b/c/{x}/end x=1'],
    ['/a/b/c/1/other', '/a/*/c/{x}/other x=1'],
    ['/a/b/c/1/tail', '/a/{y=**}/tail y=b/c/1'],
    ['/a/b/other', '/{z=**}/other z=a/b'],
    ['/a/b/last', '/{w=*/b/**}/last w=a/b'],
    ['/a/b/c/last', '/{w=*/b/**}/last w=a/b/c'],
    ['/a/tail', '/a/{y=**}/tail y='],
    ['/other', '/{z=**}/other z='],
    ['/a/b/c/1/none', 'nothing'],
    ['/a/b', 'nothing'],
  ])('%s leads to %s', (path, expected) => expect(lead(router, path)).toBe(expected))
})

describe('literals behind **', () => {
  const router = routerOf(['/f/{x=**}', '/f/{x=**}/z', '/f/{x=**}/y/z', '/f/{x=g/**}/h', '/f/{x=*/**/k}/l'])
  it.each([
    ['/f/1/2', '/f/{x=**} x=1/2'],
    ['/f/1/2/z', '/f/{x=**}/z x=1/2'],
    ['/f/1/y/z', '/f/{x=**}/y/z x=1'],
    ['/f/y/z', '/f/{x=**}/y/z x='],
    ['/f/z', '/f/{x=**}/z x='],
    ['/f/g/1/h', '/f/{x=g/**}/h x=g/1'],
    ['/f/g/h', '/f/{x=g/**}/h x=g'],
    ['/f/1/2/k/l', '/f/{x=*/**/k}/l x=1/2/k'],
    ['/f/1/k/l', '/f/{x=*/**/k}/l x=1/k'],
    ['/f/k/l', '/f/{x=**} x=k/l'],
  ])('%s leads to %s', (path, expected) => expect(lead(router, path)).toBe(expected))
})

describe('verbs', () => {
  const router = routerOf(['/a/{x}', '/a/{x}:go', '/a/{x=**}/b:go', '/a/{x=**}:stop', '/c:go', '/d/{x=e/*}:go'])
  it.each([
    ['/a/1', '/a/{x} x=1'],
    ['/a/1:go', '/a/{x}:go x=1'],
    ['/a/1:2:go', '/a/{x}:go x=1:2'],
    ['/a/1:GO', '/a/{x} x=1:GO'],
    ['/a/1%3Ago', '/a/{x} x=1:go'],
    ['/a/1:go%20', '/a/{x} x=1:go '],
    ['/a/1:', '/a/{x} x=1:'],
    ['/a/1:run', '/a/{x} x=1:run'],
    ['/a/1/2/b:go', '/a/{x=**}/b:go x=1/2'],
    ['/a/1/2:stop', '/a/{x=**}:stop x=1/2'],
    ['/a:stop', '/a/{x=**}:stop x='],
    ['/a/1:go/b:go', '/a/{x=**}/b:go x=1:go'],
    ['/a/1/2:go', 'nothing'],
    ['/c:go', '/c:go'],
    ['/c', 'nothing'],
    ['/c:stop', 'nothing'],
    ['/d/e/5:go', '/d/{x=e/*}:go x=e/5'],
    ['/d/e:go/5', 'nothing'],
  ])('%s leads to %s', (path, expected) => expect(lead(router, path)).toBe(expected))
})

const RESERVED = '%21%23%24%26%27%28%29%2A%2B%2C%2F%3A%3B%3D%3F%40%5B%5D'

describe('escapes', () => {
  const single = routerOf(['/s/{x}', '/m/{x=**}', '/w/{x=a/*}'])
  const full = routerOf(['/s/{x}', '/m/{x=**}', '/w/{x=a/*}'], { fullyDecodeReservedExpansion: true })
  it.each([
    ['/s/a%20b', 'a b', 'a b'],
    ['/s/a+b', 'a+b', 'a+b'],
    [`/s/${RESERVED}`, "!#$&'()*+,/:;=?@[]", "!#$&'()*+,/:;=?@[]"],
    ['/s/%e2%82%ac', '€', '€'],
    ['/s/%E2%82%AC%F0%9F%98%80', '€😀', '€😀'],
    ['/s/%00', '\0', '\0'],
    ['/s/%252F', '%2F', '%2F'],
    ['/m/a%20b/c', 'a b/c', 'a b/c'],
    [`/m/${RESERVED}`, RESERVED, "!#$&'()*+,%2F:;=?@[]"],
    ['/m/%2f/%2F', '%2f/%2F', '%2f/%2F'],
    ['/m/%3a%41%3A', '%3aA%3A', ':A:'],
    ['/m/%252F', '%2F', '%2F'],
    ['/m/%E2%82%AC/%7E', '€/~', '€/~'],
    ['/w/a/%2F%20', 'a/%2F ', 'a/%2F '],
    ['/s/%', 'undefined', 'undefined'],
    ['/s/%4', 'undefined', 'undefined'],
    ['/s/%g1', 'undefined', 'undefined'],
    ['/s/%80', 'undefined', 'undefined'],
    ['/s/%C0%AF', 'undefined', 'undefined'],
    ['/s/%ED%A0%80', 'undefined', 'undefined'],
    ['/m/a/%', 'undefined', 'undefined'],
    ['/m/a/%C3/%A4', 'undefined', 'undefined'],
    ['/w/a/%FF', 'undefined', 'undefined'],
  ])('of %s are %j, or decoded fully %j', (path, value, decoded) => {
    expect(String(single.find('GET', path)?.values[0]?.value)).toBe(value)
    expect(String(full.find('GET', path)?.values[0]?.value)).toBe(decoded)
  })

  it('are not decoded before segments are told apart', () => {
    const router = routerOf(['/admin/{x}', '/{x=**}', '/{a}/{b}'])
    expect(lead(router, '/admin%2Fsecret')).toBe('/{x=**} x=admin%2Fsecret')
    expect(lead(router, '/%61dmin/secret')).toBe('/{a}/{b} a=admin b=secret')
    expect(lead(router, '/admin/..%2F..')).toBe('/admin/{x} x=../..')
  })
})

describe('HTTP methods', () => {
  const router = new Router<string>()
  for (const [method, path] of [
    ['GET', '/a/b'],
    ['*', '/a/{x}'],
    ['PURGE', '/a/{x}'],
    ['POST', '/{y=**}'],
    ['GET', '/{y=**}'],
  ] as const) {
    router.add(method, path, `${method} ${path}`)
  }
  it.each([
    ['GET', '/a/b', 'GET /a/b'],
    ['HEAD', '/a/b', '* /a/{x}'],
    ['DELETE', '/a/b', '* /a/{x}'],
    ['PURGE', '/a/b', 'PURGE /a/{x}'],
    ['PURGE', '/a/c', 'PURGE /a/{x}'],
    ['GET', '/a/c', '* /a/{x}'],
    ['HEAD', '/b', 'GET /{y=**}'],
    ['POST', '/b', 'POST /{y=**}'],
    ['PUT', '/b', undefined],
    ['get', '/b', undefined],
    ['GET', 'http://shop.example.com:80/a/b', 'GET /a/b'],
    ['GET', 'HTTPS://shop.example.com', 'GET /{y=**}'],
    ['GET', 'ftp://shop.example.com/a/b', undefined],
    ['GET', 'http:///a/b', undefined],
    ['GET', 'b', undefined],
    ['GET', '*', undefined],
  ])('%s %s leads to %s', (method, path, expected) => expect(router.find(method, path)?.target).toBe(expected))

  it.each([
    ['/a/b', ['*', 'GET', 'HEAD', 'POST', 'PURGE']],
    ['/b', ['GET', 'HEAD', 'POST']],
    ['http://shop.example.com/b', ['GET', 'HEAD', 'POST']],
    ['b', []],
    ['*', []],
  ])('of %s are %j', (path, methods) => expect(router.methods(path)).toEqual(methods))
})

describe('two templates with one place', () => {
  it.each([
    ['/a/{x}', '/a/{y}'],
    ['/a/{x}', '/a/*'],
    ['/a/{x=*}', '/a/{y.z}'],
    ['/a/{x=b/*}', '/{y=a/b/*}'],
    ['/a/**', '/{y=a/**}'],
    ['/a/{x}:go', '/a/*:go'],
    ['/a/b', '/a/b'],
  ])('are found: %s and %s', (one, other) => {
    expect(routerOf([one]).add('GET', other, other)).toBe(one)
  })

  it.each([
    ['/a/{x}', '/a/{x=**}'],
    ['/a/{x}', '/a/b'],
    ['/a/{x}', '/a/{x}:go'],
    ['/a/**/b', '/a/**/c'],
    ['/a/*/b', '/a/b/*'],
  ])('are not seen where there are two: %s and %s', (one, other) => {
    expect(routerOf([one]).add('GET', other, other)).toBeUndefined()
  })
})
