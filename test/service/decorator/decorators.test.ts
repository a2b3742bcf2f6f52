import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { MessageCodec } from 'tierkit/codec'
import { Context } from 'tierkit/endpoint'
import { bindings, codecOf, definitionOf, toService } from 'tierkit/service'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Compiled, compileWithEsbuild, compileWithTsc } from './compile.js'
import type * as emittedFixture from './emitted.fixture.js'
import type * as shopFixture from './shop.fixture.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tierkit-decorators-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function load<T>(name: string, { text }: Compiled): Promise<T> {
  const file = join(folder, `${name.replaceAll(' ', '-')}.js`)
  await writeFile(file, text)
  return import(pathToFileURL(file).href)
}

async function collect(stream: unknown): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const one of stream as AsyncIterable<unknown>) all.push(one)
  return all
}

function call(instance: object, name: string, request: unknown): Promise<unknown> {
  const { method, endpoint } = bindings([instance]).find((binding) => binding.method.name === name)!
  return endpoint(request, new Context({ method, side: 'server' }))
}

/** Runs with `Symbol.metadata`, as with a polyfill. */
async function withSymbolMetadata<T>(run: () => Promise<T>): Promise<T> {
  Object.defineProperty(Symbol, 'metadata', { value: Symbol('metadata'), configurable: true })
  try {
    return await run()
  } finally {
    Reflect.deleteProperty(Symbol, 'metadata')
  }
}

const shop = 'shop.fixture.ts'
const ways: [string, () => Promise<Compiled>][] = [
  ['tsc legacy', async () => compileWithTsc(shop, { experimentalDecorators: true })],
  ['tsc standard', async () => compileWithTsc(shop, {})],
  ['tsc standard with Symbol.metadata', async () => compileWithTsc(shop, {})],
  ['esbuild legacy', () => compileWithEsbuild(shop, true)],
  ['esbuild standard', () => compileWithEsbuild(shop, false)],
]

describe.each(ways)('decorators, %s', (way, compile) => {
  let compiled: Compiled
  let fixture: typeof shopFixture
  beforeAll(async () => {
    compiled = await compile()
    const loaded = () => load<typeof shopFixture>(way, compiled)
    fixture = await (way.includes('Symbol.metadata') ? withSymbolMetadata(loaded) : loaded())
  }, 120_000)
  beforeEach(() => {
    fixture.trail.length = 0
  })

  const order = () => Object.assign(new fixture.Order(), { id: 'a', items: [{ sku: 'x', quantity: 2 }] })

  it('compile as they should, and not where types do not fit', () => {
    expect(compiled.problems).toEqual([])
  })

  it('serve a contract with the methods of an instance', async () => {
    const instance = new fixture.OrderService('no-')
    expect(toService(instance).definition).toBe(fixture.Orders)
    expect(await call(instance, 'Place', order())).toMatchObject({ id: 'no-a' })
    expect(await collect(await call(instance, 'Watch', order()))).toEqual([{ sku: 'x', quantity: 2 }])
  })

  it('put middleware around: of the class, then of the method, the upper and the first named outermost', async () => {
    await call(new fixture.OrderService(''), 'Place', order())
    expect(fixture.trail).toEqual(['class', 'outer', 'middle', 'inner'])
    fixture.trail.length = 0
    await call(new fixture.OrderService(''), 'Watch', order())
    expect(fixture.trail).toEqual(['class'])
  })

  it('are inherited, and added to', async () => {
    expect(await call(new fixture.LoudOrderService('no-'), 'Place', order())).toMatchObject({ id: 'NO-A' })
    expect(fixture.trail).toEqual(['subclass', 'class', 'loud', 'outer', 'middle', 'inner'])
  })

  it('make a contract of the class itself', async () => {
    const instance = new fixture.StockService()
    const { definition } = toService(instance)
    expect(definition.methods).toMatchObject({
      put: {
        path: '/shop.v1.Stock/Put',
        kind: 'unary',
        idempotency: 'idempotent',
        http: [{ method: 'PUT', path: '/v1/stock', body: '*' }],
      },
      watch: { path: '/shop.v1.Stock/WatchStock', kind: 'server_stream', http: [] },
    })
    await call(instance, 'Put', { sku: 'x', quantity: 7 })
    expect(await collect(await call(instance, 'WatchStock', order()))).toMatchObject([{ sku: 'x', quantity: 7 }])
  })

  it('describe messages, with what they inherit, refer to and leave out', () => {
    const codec = toService(new fixture.OrderService('')).definition.methods.place?.request as MessageCodec
    const full = {
      id: 'a',
      items: [{ sku: 'x', quantity: 1, order: { ...(codec.decode(new Uint8Array()) as object), id: 'b' } }],
      status: fixture.Status.SHIPPED,
      note: '',
      totals: { eur: 2n ** 60n },
      contact: { case: 'phone', value: 5 },
      placed: { seconds: 1n, nanos: 2 },
    }
    expect(codec.decode(codec.encode(full))).toEqual(full)
    expect(codec.decode(codec.encode(new fixture.Order()))).toEqual({ id: '', items: [], status: 0, totals: {} })
    expect(codec.fields?.map(({ name }) => name)).toEqual([
      'id',
      'items',
      'status',
      'note',
      'totals',
      'email',
      'phone',
      'placed',
    ])
    expect(toService(new fixture.StockService()).definition.methods.put?.request.fields).toHaveLength(3)
  })

  it('say what else a contract says', () => {
    const { schema } = codecOf(fixture.Label)
    expect(schema).toMatchObject({
      comment: 'What is on it.',
      deprecated: true,
      reserved: {
        numbers: [
          [2, 2],
          [4, 6],
        ],
        names: ['title'],
      },
      members: [
        { name: 'text', comment: 'In words.', jsonName: 'words', options: { '(acme.shown)': true } },
        { kind: 'oneof', comment: 'If any.', fields: [{ name: 'red', deprecated: true }] },
      ],
    })
    expect(toService(new fixture.StockService()).definition).toMatchObject({
      comment: 'What is there.',
      options: { '(acme.owner)': 'stock' },
    })
  })

  it('tell the contract of a class without an instance', () => {
    expect(definitionOf(fixture.OrderService)).toBe(fixture.Orders)
    expect(definitionOf(fixture.LoudOrderService)).toBe(fixture.Orders)
    expect(definitionOf(fixture.Orders)).toBe(fixture.Orders)
    expect(definitionOf(toService(new fixture.OrderService('')))).toBe(fixture.Orders)
    const described = definitionOf(fixture.StockService)
    const served = toService(new fixture.StockService()).definition
    const paths = (methods = {}) => Object.entries<{ path: string }>(methods).map(([key, { path }]) => `${key} ${path}`)
    expect(paths(described?.methods)).toEqual(['put /shop.v1.Stock/Put', 'watch /shop.v1.Stock/WatchStock'])
    expect(paths(definitionOf(new fixture.StockService())?.methods)).toEqual(paths(served.methods))
    expect(described).toMatchObject({ name: 'shop.v1.Stock', comment: 'What is there.' })
    for (const other of [fixture.Item, {}, 7, undefined, () => {}]) expect(definitionOf(other)).toBeUndefined()
  })

  it('leave instances of messages as they are', () => {
    expect({ ...new fixture.Item() }).toEqual({ sku: '', quantity: 0, label: { text: 'label' } })
  })

  it.each([
    [
      'forgetful',
      [
        'ForgetfulService cannot serve shop.v1.Orders:',
        '- idle has @use, but no @rpc',
        '- @rpc of plaice handles plaice, which the contract lacks: it has place, watch',
        '- Place has no handler',
        '- Watch has no handler: watch lacks its @rpc()',
      ],
    ],
    [
      'double',
      [
        'DoubleService cannot serve shop.v1.Orders:',
        '- place and placeToo both handle Place',
        '- @rpc of watch names messages, but the contract has them',
      ],
    ],
    [
      'vague',
      [
        'VagueService cannot serve shop.v1.Vague:',
        '- @rpc of place lacks its request or response: the class is its own contract',
      ],
    ],
    ['undecorated', ['Undecorated is no service:', '- its methods have decorators, but it has no @service']],
    ['empty', ['EmptyService cannot serve shop.v1.Empty:', '- it has no @rpc method']],
    ['clash', ['message shop.v1.Clash cannot be defined:', '- shop.v1.Clash: number 1 is used by a and b']],
    [
      'reused',
      [
        'message shop.v1.Reused cannot be defined:',
        '- shop.v1.Reused: a has the number 4, which is reserved',
        '- shop.v1.Reused: title has the name title, which is reserved',
      ],
    ],
    ['class', ['class OrderService is no service, its instances are: pass one']],
    ['plain', ['class Undecorated is not a message: pass a codec, or a class with @message']],
    ['static', ['@rpc stands on place: it goes on public methods of a class that are not static']],
    ['staticField', ['@field stands on id: it goes on public properties of a class that are not static']],
  ])('say what is wrong when they start: %s', (name, lines) => {
    expect(fixture.failures[name]).toThrow(TypeError)
    expect(fixture.failures[name]).toThrow(lines.join('\n'))
  })
})

describe('decorators with emitted types', () => {
  let fixture: typeof emittedFixture
  beforeAll(async () => {
    const changed = { experimentalDecorators: true, emitDecoratorMetadata: true }
    const compiled = compileWithTsc('emitted.fixture.ts', changed)
    expect(compiled.problems).toEqual([])
    fixture = await load('emitted', compiled)
  }, 120_000)

  it('fill in the types of fields that were left out', () => {
    const codec = codecOf(fixture.Emitted)
    expect(codec.decode(codec.encode(new fixture.Emitted()))).toEqual({ ...new fixture.Emitted(), inner: { text: '' } })
    expect(codec.toJson(new fixture.Emitted())).toEqual({
      text: 'a',
      amount: 1.5,
      big: '2',
      yes: true,
      bytes: 'AQ==',
      inner: {},
      exact: 3,
    })
  })

  it('ask for those that the compiler does not emit', () => {
    expect(fixture.vague).toThrow(
      'test.Vague.list has no type, and the compiler emitted none: name it as second argument',
    )
  })
})
