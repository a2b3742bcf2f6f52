import { join } from 'node:path'
import { writeProto } from 'tierkit/generate'
import {
  bidiStream,
  defineEnum,
  defineMessage,
  defineService,
  definitionOf,
  field,
  loadProto,
  type MessageType,
  oneof,
  unary,
} from 'tierkit/service'
import { describe, expect, it } from 'vitest'
import { folderWith } from '../fixtures.js'
import { Library } from './library.fixture.js'

const State = defineEnum(
  'shop.v1.OrderState',
  { UNSPECIFIED: 0, OPEN: 1, PAID: 1, GONE: 2 },
  {
    prefix: 'ORDER_STATE_',
    comment: 'How far it is.',
    values: { OPEN: { comment: 'Not sent.' }, GONE: { deprecated: true } },
    reserved: [7, 'ORDER_STATE_LOST'],
  },
)
const Item = defineMessage('shop.v1.Order.Item', {
  sku: field(1, 'string', {
    comment: 'As in the catalogue.',
    options: { '(buf.validate.field)': { string: { min_len: 1 } } },
  }),
  quantity: field(2, 'sint32', { deprecated: true, jsonName: 'qty' }),
})
const Money = defineMessage('money.v1.Money', { units: field(1, 'int64') })
const Order: MessageType = defineMessage(
  'shop.v1.Order',
  {
    orderId: field(1, 'string', { name: 'ID' }),
    items: field(2, Item, { repeated: true }),
    state: field(3, State),
    total: field(5, Money),
    stock: field(6, { map: ['string', State] }),
    contactPoint: oneof({ email: field(10, 'string'), phone: field(11, 'uint64') }, { comment: 'One of them.' }),
    note: field(12, 'string', { optional: true }),
    at: field(13, 'google.protobuf.Timestamp'),
    before: field(14, (): MessageType => Order),
    size: field(15, { SIZE_UNSPECIFIED: 0, SIZE_BIG: 5 }),
  },
  { reserved: [4, [7, 9], 'old_name'], comment: 'What a customer wants.\n\nAnd pays for.', deprecated: true },
)
const Orders = defineService({
  name: 'shop.v1.Orders',
  comment: 'Takes orders.',
  options: { '(acme.v1.owner)': 'team orders' },
  methods: {
    get: unary(Item, Order, {
      idempotency: 'no_side_effects',
      comment: 'Finds one.',
      http: [
        { method: 'GET', path: '/v1/orders/{sku}' },
        { method: 'POST', path: '/v1/orders:find', body: '*', responseBody: 'items' },
      ],
    }),
    talk: bidiStream(Order, Order, { deprecated: true }),
  },
})

const expected = `syntax = "proto3";

package shop.v1;

import "buf/validate/validate.proto";
import "google/api/annotations.proto";
import "google/protobuf/timestamp.proto";
import "money/v1/money.proto";

// Takes orders.
service Orders {
  option (acme.v1.owner) = "team orders";

  // Finds one.
  rpc Get(Order.Item) returns (Order) {
    option idempotency_level = NO_SIDE_EFFECTS;
    option (google.api.http) = {
      get: "/v1/orders/{sku}"
      additional_bindings {
        post: "/v1/orders:find"
        body: "*"
        response_body: "items"
      }
    };
  }

  rpc Talk(stream Order) returns (stream Order) {
    option deprecated = true;
  }
}

// What a customer wants.
//
// And pays for.
message Order {
  option deprecated = true;

  reserved 4, 7 to 9;
  reserved "old_name";

  string ID = 1;
  repeated Item items = 2;
  OrderState state = 3;
  money.v1.Money total = 5;
  map<string, OrderState> stock = 6;
  // One of them.
  oneof contact_point {
    string email = 10;
    uint64 phone = 11;
  }
  optional string note = 12;
  google.protobuf.Timestamp at = 13;
  Order before = 14;
  Size size = 15;

  enum Size {
    SIZE_UNSPECIFIED = 0;
    SIZE_BIG = 5;
  }

  message Item {
    // As in the catalogue.
    string sku = 1 [(buf.validate.field).string.min_len = 1];
    sint32 quantity = 2 [
      json_name = "qty",
      deprecated = true
    ];
  }
}

// How far it is.
enum OrderState {
  option allow_alias = true;

  reserved 7;
  reserved "ORDER_STATE_LOST";

  ORDER_STATE_UNSPECIFIED = 0;
  // Not sent.
  ORDER_STATE_OPEN = 1;
  ORDER_STATE_PAID = 1;
  ORDER_STATE_GONE = 2 [deprecated = true];
}
`

const full = {
  orderId: 'a',
  items: [{ sku: 'x', quantity: -3 }],
  state: State.GONE,
  total: { units: 7n },
  stock: { a: 1 },
  contactPoint: { case: 'phone', value: 9n },
  note: '',
  at: { seconds: 5n, nanos: 0 },
  before: { orderId: 'b', items: [], state: 0, stock: {}, size: 0 },
  size: 5,
}

describe('a contract in code', () => {
  it('is written as one file for a package, whichever message was built first', () => {
    const written = writeProto([Orders])
    expect(written.map(({ path }) => path)).toEqual(['money/v1/money.proto', 'shop/v1/shop.proto'])
    expect(written[1]?.text).toBe(expected)
    expect(written[0]?.text).toBe('syntax = "proto3";\n\npackage money.v1;\n\nmessage Money {\n  int64 units = 1;\n}\n')
  })

  it('has the same messages on the wire and in JSON when its files are read', () => {
    // Which file declares this option, code does not say.
    const texts = writeProto([Orders]).map(({ path, text }) => [
      path,
      text.replace(/ *option \(acme\.v1\.owner\).*\n/, ''),
    ])
    const folder = folderWith(Object.fromEntries(texts))
    const contract = loadProto(join(folder, 'shop/v1/shop.proto'), { includes: [folder] })
    const read = contract.codec('shop.v1.Order')
    const { orderId, ...rest } = full
    // The property is named after the contract where nobody says otherwise.
    const asRead = { ...rest, ID: orderId, before: { ...full.before, orderId: undefined, ID: 'b' } }
    expect(Buffer.from(read.encode(asRead)).toString('hex')).toBe(Buffer.from(Order.encode(full)).toString('hex'))
    expect(Order.decode(read.encode(asRead))).toEqual(full)
    expect(read.toJson(asRead)).toEqual(Order.toJson(full))
    const method = contract.service('shop.v1.Orders').methods.get
    expect(method).toMatchObject({
      http: Orders.methods.get.http,
      idempotency: 'no_side_effects',
      comment: 'Finds one.',
    })
  })

  it('is written from a decorated class too, without an instance', () => {
    const [file, ...others] = writeProto(Library)
    expect(others).toEqual([])
    expect(file?.path).toBe('library/v1/library.proto')
    expect(file?.text).toContain(
      '// Lends books.\nservice Library {\n  // Finds a book.\n  rpc FindBook(library.v1.FindBook) returns (Book) {',
    )
    expect(file?.text).toContain('reserved 2;\n  reserved "title";')
    expect(file?.text).toContain('string isbn = 1 [(buf.validate.field).string.min_len = 10];')
    expect(definitionOf(Library)?.methods).toHaveProperty('findBook')
  })

  it('takes messages and options of files, and a header', () => {
    const [file] = writeProto([Money], {
      header: 'Written from code.',
      fileOptions: ({ package: pkg }) => ({ go_package: `acme.dev/${pkg}`, java_multiple_files: true }),
    })
    expect(file?.text).toMatch(/^\/\/ Written from code\.\n\nsyntax = "proto3";/)
    expect(file?.text).toContain('option go_package = "acme.dev/money.v1";\noption java_multiple_files = true;\n')
  })

  it('cannot be written where two values of one scope have a name, or packages need each other', () => {
    const A = defineEnum('a.v1.A', { NONE: 0 })
    const B = defineEnum('a.v1.B', { NONE: 0 })
    expect(() => writeProto(defineMessage('a.v1.M', { a: field(1, A), b: field(2, B) }))).toThrow(
      'a.v1.B.NONE is called like a value of a.v1.A: values are names beside their enum, give it a prefix',
    )
    const There: MessageType = defineMessage('there.There', { here: field(1, (): MessageType => Here) })
    const Here: MessageType = defineMessage('here.Here', { there: field(1, There) })
    expect(() => writeProto(Here)).toThrow(/in a circle: (here\/here|there\/there)\.proto -> /)
    const One = defineMessage('a.v1.Same', { a: field(1, 'string') })
    const Two = defineMessage('a.v1.Holder', { it: field(1, defineMessage('a.v1.Same', { a: field(1, 'int32') })) })
    expect(() => writeProto([One, Two])).toThrow('- two types are called a.v1.Same, and differ')
    expect(() => writeProto([{}, 7])).toThrow('there is no contract to write')
  })
})
