import type { Struct, Timestamp } from 'tierkit/codec'
import { defineMessage, field, type MessageOf, type MessageType, oneof, unary } from 'tierkit/service'
import { describe, expect, expectTypeOf, it } from 'vitest'

const Status = { UNSPECIFIED: 0, OPEN: 1, SHIPPED: 2 } as const
// What TypeScript makes of `enum Colour { RED, GREEN }`.
const Colour = { RED: 0, GREEN: 1, 0: 'RED', 1: 'GREEN' } as const

const Item = defineMessage('shop.v1.Item', { sku: field(1, 'string'), quantity: field(2, 'int32') })
type Item = MessageOf<typeof Item>

const Order = defineMessage('shop.v1.Order', {
  orderId: field(1, 'string'),
  total: field(2, 'int64'),
  items: field(3, Item, { repeated: true }),
  status: field(4, Status),
  note: field(5, 'string', { optional: true }),
  stock: field(6, { map: ['string', 'uint32'] }),
  first: field(7, Item),
  placed: field(8, 'google.protobuf.Timestamp'),
  extra: field(14, 'google.protobuf.Struct'),
  picture: field(9, 'bytes'),
  colours: field(10, Colour, { repeated: true }),
  byId: field(11, { map: ['int64', () => Item] }),
  contact: oneof({ email: field(12, 'string'), phone: field(13, 'uint64') }),
})
type Order = MessageOf<typeof Order>

const full: Order = {
  orderId: 'a',
  total: 2n ** 62n,
  items: [{ sku: 'x', quantity: -1 }],
  status: Status.SHIPPED,
  note: '',
  stock: { x: 3 },
  first: { sku: 'y', quantity: 0 },
  placed: { seconds: 5n, nanos: 6 },
  extra: { fields: { gift: { kind: { case: 'boolValue', value: true } } } },
  picture: new Uint8Array([1, 2]),
  colours: [Colour.GREEN],
  byId: { 7: { sku: 'z', quantity: 1 } },
  contact: { case: 'phone', value: 9n },
}

interface Node {
  name: string
  children: Node[]
}
const Node: MessageType<Node> = defineMessage('tree.Node', {
  name: field(1, 'string'),
  children: field(2, (): MessageType<Node> => Node, { repeated: true }),
})

describe('defineMessage', () => {
  it('gives messages their type', () => {
    expectTypeOf<Item>().toEqualTypeOf<{ sku: string; quantity: number }>()
    expectTypeOf<Order>().toEqualTypeOf<{
      orderId: string
      total: bigint
      items: Item[]
      status: 0 | 1 | 2
      stock: Record<string, number>
      picture: Uint8Array
      colours: (0 | 1)[]
      byId: Record<string, Item>
      note?: string | undefined
      first?: Item | undefined
      placed?: Timestamp | undefined
      extra?: Struct | undefined
      contact?: { case: 'email'; value: string } | { case: 'phone'; value: bigint } | undefined
    }>()
  })

  it('makes a codec for every kind of field', () => {
    expect(Order.typeName).toBe('shop.v1.Order')
    expect(Order.decode(Order.encode(full))).toEqual(full)
    expect(Order.toJson(full)).toEqual({
      orderId: 'a',
      total: '4611686018427387904',
      items: [{ sku: 'x', quantity: -1 }],
      status: 'SHIPPED',
      note: '',
      stock: { x: 3 },
      first: { sku: 'y' },
      placed: '1970-01-01T00:00:05.000000006Z',
      extra: { gift: true },
      picture: 'AQI=',
      colours: ['GREEN'],
      byId: { 7: { sku: 'z', quantity: 1 } },
      phone: '9',
    })
    expect(Order.fromJson(Order.toJson(full))).toEqual(full)
  })

  it('leaves out of an empty message what has presence, and nothing else', () => {
    expect(Order.decode(new Uint8Array())).toEqual({
      orderId: '',
      total: 0n,
      items: [],
      status: 0,
      stock: {},
      picture: new Uint8Array(),
      colours: [],
      byId: {},
    })
  })

  it('names fields in snake case in the contract', () => {
    expect(Order.fields?.[0]).toMatchObject({ name: 'order_id', jsonName: 'orderId' })
  })

  it('takes messages that refer to themselves', () => {
    const tree: Node = { name: 'a', children: [{ name: 'b', children: [] }] }
    expect(Node.decode(Node.encode(tree))).toEqual(tree)
  })

  it('goes into the methods of a service', () => {
    expect(unary(Item, Order).request.encode({ sku: 'x', quantity: 1 })).toEqual(Item.encode({ sku: 'x', quantity: 1 }))
  })

  it('lists every name and number that protobuf forbids, at once', () => {
    const define = () =>
      defineMessage('shop..Bad', {
        a: field(0, 'string'),
        b: field(19_500, 'string'),
        c: field(2 ** 29, 'string'),
        d: field(1.5, 'string'),
        e: field(7, 'string'),
        f: field(7, 'string'),
        'g-h': field(8, 'string'),
        fooBar: field(9, 'string'),
        foo_bar: field(10, 'string'),
        both: field(11, 'string', { repeated: true, optional: true }),
        choice: oneof({ e: field(12, 'string') }),
      })
    expect(define).toThrow(TypeError)
    expect(define).toThrow(
      [
        'message shop..Bad cannot be defined:',
        '- "shop..Bad" is not a full name like shop.v1.Order',
        '- "g-h" is not a field name',
        '- a has the number 0: numbers go from 1 to 536870911',
        '- b has the number 19500: 19000 to 19999 are reserved by protobuf',
        '- c has the number 536870912: numbers go from 1 to 536870911',
        '- d has the number 1.5: numbers go from 1 to 536870911',
        '- both cannot be repeated and optional at once',
        '- number 7 is used by e and f',
        '- two fields or oneofs are called foo_bar',
        '- two fields or oneofs are called e',
      ].join('\n'),
    )
  })

  it('lists what is wrong with the types of fields, as soon as a service has the message', () => {
    const Inner = defineMessage('test.Inner', {
      // @ts-expect-error no such type
      a: field(1, 'strong'),
      b: field(2, { ONE: 1 }),
    })
    const Outer = defineMessage('test.Outer', {
      inner: field(1, () => Inner),
      other: field(2, defineMessage('test.Inner', {})),
      // @ts-expect-error keys cannot be floats
      weights: field(3, { map: ['float', 'string'] }),
    })
    expect(() => unary(Outer, Outer)).toThrow(
      [
        'message test.Outer cannot be defined:',
        '- test.Inner: a has the type "strong", which there is not',
        '- test.Inner: the enum B lacks the value 0, which is the default',
        '- two types are called test.Inner',
        '- test.Outer: weights has keys of the type "float", which keys cannot have',
      ].join('\n'),
    )
  })

  it('says which field has a type that is nothing', () => {
    class Plain {}
    const broken = (type: unknown) => defineMessage('test.Broken', { it: field(1, type as 'string') })
    const build = (type: unknown) => () => unary(broken(type), broken(type))
    expect(build(Plain)).toThrow('test.Broken.it has the type Plain, a class without @message')
    expect(build({ a: 'b' })).toThrow('test.Broken.it has a type that is neither a name, a message, an enum nor a map')
    expect(build(undefined)).toThrow('test.Broken.it has no type')
    const nested = () => defineMessage('test.Nested', { a: oneof({ b: oneof({ c: field(1, 'string') }) }) })
    expect(nested).toThrow('test.Nested.a has a oneof in a oneof, b')
  })

  it('says what else the contract says, and nests what has the name of another message in front', () => {
    const Line = defineMessage('shop.v1.Cart.Line', { sku: field(1, 'string', { name: 'SKU', jsonName: 'article' }) })
    const Cart = defineMessage(
      'shop.v1.Cart',
      { lines: field(1, Line, { repeated: true, comment: 'In order.', deprecated: true }) },
      { reserved: [2, [5, 9], 'old'], comment: 'What is chosen.', options: { '(acme.owner)': 'shop' } },
    )
    expect(Cart.schema).toMatchObject({
      comment: 'What is chosen.',
      options: { '(acme.owner)': 'shop' },
      reserved: {
        numbers: [
          [2, 2],
          [5, 9],
        ],
        names: ['old'],
      },
      members: [{ protoName: 'lines', comment: 'In order.', deprecated: true, options: { deprecated: true } }],
    })
    expect(Line.schema).toMatchObject({ path: ['Cart', 'Line'], members: [{ protoName: 'SKU', jsonName: 'article' }] })
    expect(Line.schema?.declaredIn).toMatchObject({ name: 'shop/v1/shop.proto', package: 'shop.v1' })
    expect(Cart.toJson({ lines: [{ sku: 'x' }] })).toEqual({ lines: [{ article: 'x' }] })
    const Shouting = defineMessage('ACME.Shop.Order', {}, { package: 'ACME.Shop' })
    expect(Shouting.schema).toMatchObject({ path: ['Order'], declaredIn: { package: 'ACME.Shop' } })
  })

  it('refuses what is reserved, where the message is defined', () => {
    const define = () =>
      defineMessage(
        'shop.v1.Cart',
        {
          total: field(6, 'int64'),
          orderId: field(3, 'string'),
          a: field(1, 'string', { name: 'b-c', jsonName: 'x' }),
          d: field(2, 'string', { jsonName: 'x' }),
        },
        { reserved: [[5, 9], 'order_id', 0], package: 'other' },
      )
    expect(define).toThrow(
      [
        'message shop.v1.Cart cannot be defined:',
        '- shop.v1.Cart is not in the package other',
        '- "b-c" is not a field name',
        '- two fields are called x in JSON',
        '- total has the number 6, which is reserved',
        '- orderId has the name order_id, which is reserved',
        '- reserved 0 to 0 are not numbers from 1 to 536870911 in order',
      ].join('\n'),
    )
  })
})
