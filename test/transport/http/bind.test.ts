import { Code } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { type BindOptions, RequestBinder, responsePart } from '../../../src/transport/http/bind.js'
import { Router } from '../../../src/transport/http/route/router.js'
import { orderCodec } from './fixture.js'

const strict: BindOptions = { maxQueryParameters: 10, unknownParameters: 'reject' }

/** Binds a request to a rule, and gives the message. */
function bind(rule: { path: string; body?: string }, url: string, body = '', options = strict): unknown {
  const [path = '', query = ''] = url.split('?')
  const router = new Router<RequestBinder>()
  router.add('GET', rule.path, new RequestBinder(orderCodec as never, { method: 'GET', ...rule }, options))
  const match = router.find('GET', path)!
  return orderCodec.fromJson(match.target.bind({ values: match.values, query, body: Buffer.from(body) }))
}

const path = '/v1/orders'

describe('a query', () => {
  it.each([
    ['note=hi%20there', { note: 'hi there' }],
    ['order_id=1', { orderId: '1' }],
    ['orderId=1', { orderId: '1' }],
    ['tries=3', { attempts: 3 }],
    ['attempts=3', { attempts: 3 }],
    ['tags=a&tags=b', { tags: ['a', 'b'] }],
    ['sizes=1&sizes=-2', { sizes: [1, -2] }],
    ['color=RED', { color: 1 }],
    ['color=2', { color: 2 }],
    ['colors=RED&colors=2', { colors: [1, 2] }],
    ['express=true', { express: true }],
    ['express=false', { express: false }],
    ['raw=AQID', { raw: new Uint8Array([1, 2, 3]) }],
    ['raw=_-8', { raw: new Uint8Array([255, 239]) }],
    ['total=9223372036854775807', { total: 9223372036854775807n }],
    ['ratio=1.5e3', { ratio: 1500 }],
    ['ratio=NaN', { ratio: Number.NaN }],
    ['item.sku=a&item.count=2', { item: expect.objectContaining({ sku: 'a', count: 2 }) }],
    [
      'item.price.units=7&item.price.currency=EUR',
      { item: expect.objectContaining({ price: { currency: 'EUR', units: 7n } }) },
    ],
    ['item.parent.parent.sku=x', { item: expect.objectContaining({ parent: expect.anything() }) }],
    ['email=a%40b', { contact: { case: 'email', value: 'a@b' } }],
    ['at=1970-01-01T00:00:01Z', { at: { seconds: 1n, nanos: 0 } }],
    ['within=1.5s', { within: { seconds: 1n, nanos: 500_000_000 } }],
    ['mask=orderId,item.sku', { mask: { paths: ['order_id', 'item.sku'] } }],
    ['maybe=true', { maybe: { value: true } }],
    ['limit=5', { limit: { value: 5n } }],
  ])('%s fills its field', (query, expected) => {
    expect(bind({ path }, `${path}?${query}`)).toMatchObject(expected)
  })

  it.each([
    ['nope=1', /nope.*no such field/],
    ['item.nope=1', /item\.nope.*no such field/],
    ['note.x=1', /note\.x.*no such field/],
    ['item=1', /is a message/],
    ['labels=1', /is a map/],
    ['items.sku=1', /items is not a single message/],
    ['note=1&note=2', /twice/],
    ['orderId=1&order_id=2', /twice/],
    ['express=yes', /express: expected true or false/],
    ['total=12x', /total/],
    ['total=', /total/],
    ['color=GREEN', /color/],
    ['email=a&phone=b', /oneof|contact|phone/i],
    ['__proto__=1', /no such field/],
    ['item.__proto__.x=1', /no such field/],
    ['constructor.prototype.x=1', /no such field/],
    [`${'item.parent.'.repeat(200)}sku=1`, /./],
    [Array.from({ length: 11 }, (_, n) => `tags=${n}`).join('&'), /11 parameters, more than 10/],
  ])('%s is refused', (query, message) => {
    expect(() => bind({ path }, `${path}?${query}`)).toThrow(
      expect.objectContaining({ code: Code.INVALID_ARGUMENT, rawMessage: expect.stringMatching(message) }),
    )
  })

  it('may have unknown parameters if the server says so', () => {
    const options = { ...strict, unknownParameters: 'ignore' } as const
    expect(bind({ path }, `${path}?nope=1&note=n&note.x=1`, '', options)).toMatchObject({ note: 'n' })
  })
})

describe('a path', () => {
  it('fills nested fields, with numbers and enums as they are written', () => {
    const rule = { path: '/v1/{item.price.units}/{color}/{express}' }
    expect(bind(rule, '/v1/12/BLUE/true')).toMatchObject({
      item: { price: { units: 12n } },
      color: 2,
      express: true,
    })
  })

  it('leaves nothing to the query of what it fills', () => {
    expect(() => bind({ path: '/v1/{order_id}' }, '/v1/1?order_id=2')).toThrow(/the path or the body has it/)
    expect(() => bind({ path: '/v1/{order_id}' }, '/v1/1?orderId=2')).toThrow(/the path or the body has it/)
  })

  it('wins over the body, under either of the names', () => {
    const rule = { path: '/v1/{order_id}/{item.sku}', body: '*' }
    const body = '{"order_id":"body","note":"n","item":{"sku":"body","count":1}}'
    const message = bind(rule, '/v1/path/s', body)
    expect(message).toMatchObject({ orderId: 'path', note: 'n', item: { sku: 's', count: 1 } })
  })

  it('with a malformed escape is refused, naming the field', () => {
    expect(() => bind({ path: '/v1/{order_id}' }, '/v1/%zz')).toThrow(/order_id/)
  })
})

describe('a body', () => {
  it.each([
    [{ path, body: '*' }, '{"note":"n"}', { note: 'n' }],
    [{ path, body: '*' }, '', { note: '' }],
    [{ path, body: 'item' }, '{"sku":"s"}', { item: { sku: 's' } }],
    [{ path, body: 'items' }, '[{"sku":"s"}]', { items: [{ sku: 's' }] }],
    [{ path, body: 'note' }, '"text"', { note: 'text' }],
    [{ path, body: 'order_id' }, '"7"', { orderId: '7' }],
    [{ path, body: 'item' }, '', { orderId: '' }],
  ])('of %j reads %s', (rule, body, expected) => {
    expect(bind(rule, path, body)).toMatchObject(expected)
  })

  it('leaves the rest to the query, unless it is for all fields', () => {
    expect(bind({ path, body: 'item' }, `${path}?note=n`, '{"sku":"s"}')).toMatchObject({
      note: 'n',
      item: { sku: 's' },
    })
    expect(() => bind({ path, body: 'item' }, `${path}?item.sku=n`)).toThrow(/the path or the body has it/)
    expect(() => bind({ path, body: '*' }, `${path}?note=n`)).toThrow(/takes no query/)
  })

  it.each([
    ['{', /not JSON/],
    ['[]', /./],
    ['"x"', /./],
    ['{"nope":1}', /nope/],
    ['{"total":"x"}', /total/],
    ['{"__proto__":{"x":1}}', /__proto__/],
    [`{"item":${'{"parent":'.repeat(200)}{}${'}'.repeat(200)}}`, /./],
  ])('%s is refused', (body, message) => {
    for (const rule of [
      { path, body: '*' },
      { path: '/v1/{order_id}', body: '*' },
    ]) {
      expect(() => bind(rule, '/v1/orders', body)).toThrow(
        expect.objectContaining({ code: Code.INVALID_ARGUMENT, rawMessage: expect.stringMatching(message) }),
      )
    }
  })

  it('that is not UTF-8 is refused', () => {
    const binder = new RequestBinder(orderCodec as never, { method: 'POST', path, body: '*' }, strict)
    const parts = { values: [], query: '', body: Buffer.from([0x22, 0xff, 0x22]) }
    expect(() => binder.bind(parts)).toThrow(/not UTF-8/)
  })
})

describe('a rule', () => {
  it.each([
    ['/v1/{nope}', undefined, /\{nope\} of shop\.v1\.Order: there is no such field/],
    ['/v1/{tags}', undefined, /repeated/],
    ['/v1/{item}', undefined, /is a message/],
    ['/v1/{items.sku}', undefined, /items is not a single message/],
    ['/v1/{labels}', undefined, /is a map/],
    [path, 'nope', /body nope: shop\.v1\.Order has no such field/],
  ])('%s with body %s makes no sense', (template, body, message) => {
    const rule = { method: 'GET', path: template, body }
    expect(() => new RequestBinder(orderCodec as never, rule, strict)).toThrow(message)
  })

  it('works for a codec that does not tell its fields: all are text', () => {
    const codec = { typeName: 'x.Y' } as never
    const binder = new RequestBinder(codec, { method: 'GET', path: '/{a.b}' }, strict)
    const bound = binder.bind({ values: [{ fieldPath: ['a', 'b'], value: '1' }], query: 'c=2', body: Buffer.alloc(0) })
    expect(JSON.stringify(bound)).toBe('{"c":"2","a":{"b":"1"}}')
  })
})

describe('a response body', () => {
  const field = (name: string) => orderCodec.fields!.find((shape) => shape.name === name)
  it.each([
    ['note', { note: 'n' }, 'n'],
    ['note', {}, ''],
    ['tags', {}, []],
    ['total', {}, '0'],
    ['express', {}, false],
    ['labels', {}, {}],
    ['item', {}, null],
    ['order_id', { orderId: '1' }, '1'],
  ])('of the field %s of %j is %j', (name, json, expected) => {
    expect(responsePart(orderCodec as never, field(name))(json)).toEqual(expected)
  })
})
