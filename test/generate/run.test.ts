import type { ServiceDefinition } from 'tierkit/service'
import { describe, expect, it } from 'vitest'
import { everything } from './contracts.js'
import { modulesOf } from './modules.js'

const order = {
  orderId: 'ä',
  total: { units: -9223372036854775808n, real: { seconds: 1n, nanos: 2 }, at: { hour: 3 } },
  items: [{ sku: 'a', kind: 1 }],
  itemsBySku: { __proto__a: { sku: 'b', kind: 0 } },
  sums: { '-5': 18446744073709551615n },
  note: '',
  state: 77,
  history: [0, 2],
  contactPoint: { case: 'phoneNumber', value: 9007199254740993n },
  signature: new Uint8Array([1]),
  placedAt: { seconds: 1n, nanos: 0 },
  extra: { fields: { a: { kind: { case: 'boolValue', value: true } } } },
  limit: { value: 0n },
  failure: { code: 5, message: 'm', details: [] },
  parent: { orderId: 'parent' },
  old: { id: 'x', level: 2, numbers: [1], extra: { n: 5n } },
  weight: 0.5,
  kind: 'k',
  loose: [-1],
}

describe('generated code at run time', () => {
  it('has codecs that do what those of the .proto files do', async () => {
    const { codec, contract } = await modulesOf(everything)
    const Order = codec('Order')
    const loaded = contract.codec('shop.v1.Order')
    expect(Order.typeName).toBe('shop.v1.Order')
    expect(Buffer.from(Order.encode(order))).toEqual(Buffer.from(loaded.encode(order)))
    expect(Order.decode(loaded.encode(order))).toEqual(loaded.decode(Order.encode(order)))
    expect(Order.decode(Order.encode(order))).toMatchObject({ ...order, parent: { orderId: 'parent' } })
    expect(Order.toJson(order)).toEqual(loaded.toJson(order))
    expect(Order.toJson(order)).toMatchObject({ kg: 0.5, phoneNumber: '9007199254740993', state: 77, limit: '0' })
    expect(Order.fromJson(Order.toJson(order))).toEqual(Order.decode(Order.encode(order)))
  })

  it('has the services of the .proto files', async () => {
    const { exported, codec, contract } = await modulesOf(everything)
    const definition = exported.Orders as ServiceDefinition
    const facts = ({ name, methods }: ServiceDefinition) => [
      name,
      ...Object.entries(methods).map(([key, { request, response, ...rest }]) => ({
        ...rest,
        key,
        request: request.typeName,
        response: response.typeName,
      })),
    ]
    expect(facts(definition)).toEqual(facts(contract.service('shop.v1.Orders')))
    expect(definition.methods.placeOrder?.request).toBe(codec('Order'))
  })

  it('keeps comments and options whatever they say', async () => {
    const say = `a \`tick\`, $${'{x}'}, \\n, "quotes" and a \\ at the end \\`
    const { codec, contract } = await modulesOf({
      'a.proto': `syntax = "proto3"; package p;
        // ${say}
        message JSON { string a = 1 [json_name = "\\"b\\\\"]; }`,
    })
    expect(codec('JSON$').schema?.comment).toBe(say)
    expect(codec('JSON$').schema?.members).toMatchObject([{ jsonName: contract.codec('p.JSON').fields?.[0]?.jsonName }])
  })

  it('has the numbers of enums', async () => {
    const { exported } = await modulesOf(everything)
    expect(exported.Order_State).toEqual({ UNSPECIFIED: 0, PAID: 1, DONE: 2, NEGATIVE: -1 })
  })

  it('keeps what proto2 says: required fields, groups, closed enums', async () => {
    const { codec } = await modulesOf({ 'legacy.proto': everything['legacy.proto'] })
    const Old = codec('Old')
    expect(() => Old.encode({})).toThrow('at id: a required field is missing')
    expect(Old.decode(Old.encode({ id: 'x', level: 9, extra: {} }))).toEqual({ id: 'x', numbers: [], extra: {} })
  })

  it('keeps what editions say: features of a file, a message and a field', async () => {
    const { codec, contract } = await modulesOf({
      'edition.proto': `edition = "2023";
        option features.field_presence = IMPLICIT;
        message M {
          string implicit = 1;
          string explicit = 2 [features.field_presence = EXPLICIT];
          repeated int32 loose = 3 [features.repeated_field_encoding = EXPANDED];
          N delimited = 4 [features.message_encoding = DELIMITED];
        }
        message N { E e = 1; }
        enum E { option features.enum_type = CLOSED; A = 0; B = 1; }`,
    })
    const message = { implicit: '', explicit: '', loose: [1, 2], delimited: { e: 1 } }
    const bytes = codec('M').encode(message)
    expect(Buffer.from(bytes).toString('hex')).toBe('120018011802230801' + '24')
    expect(Buffer.from(contract.codec('M').encode(message))).toEqual(Buffer.from(bytes))
    expect(codec('M').decode(bytes)).toEqual(message)
    expect(codec('N').decode(new Uint8Array([8, 7]))).toEqual({ e: 0 })
  })

  it('keeps what edition 2024 says: visibility, and options of files that only they need', async () => {
    const { codec, contract } = await modulesOf({
      'edition.proto': `edition = "2024"; package p; import option "mark.proto";
        export message M { Hidden hidden = 1; string name = 2 [features.field_presence = IMPLICIT, (mark) = "x"]; }
        local message Hidden { int32 a = 1; }`,
      'mark.proto': `edition = "2024"; package p; import "google/protobuf/descriptor.proto";
        extend google.protobuf.FieldOptions { string mark = 50001; }`,
    })
    const message = { hidden: { a: 0 }, name: '' }
    const bytes = Buffer.from(codec('M').encode(message))
    expect(bytes.toString('hex')).toBe('0a020800')
    expect(bytes).toEqual(Buffer.from(contract.codec('p.M').encode(message)))
    expect(codec('M').schema?.members[1]).toMatchObject({ options: { '(p.mark)': 'x' } })
  })

  it('names the path of a field that does not fit', async () => {
    const { codec } = await modulesOf(everything)
    const Order = codec('Order')
    expect(() => Order.encode({ parent: { total: { at: { hour: 'x' } } } })).toThrow('at parent.total.at.hour')
    expect(() => Order.fromJson({ parent: { items: [{ kind: 'X' }] } })).toThrow('at parent.items[0].kind')
  })
})
