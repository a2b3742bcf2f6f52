import { inspect, isDeepStrictEqual } from 'node:util'
import type { MessageCodec } from 'tierkit/codec'
import { describe, expect, it } from 'vitest'
import { codecOf } from '../kinds.js'

type Message = Record<string, unknown>

const newer = `syntax = "proto3";
  message Item { string sku = 1; int64 added = 9; }
  message Order {
    string id = 1; repeated Item items = 2; map<string, Item> by_name = 3; oneof way { Item first = 4; }
    fixed32 a = 100; fixed64 b = 101; bytes c = 102; repeated int32 d = 5000; Item e = 103;
  }`
const older = `syntax = "proto3";
  message Item { string sku = 1; }
  message Order { string id = 1; repeated Item items = 2; map<string, Item> by_name = 3; oneof way { Item first = 4; } }`

const whole = codecOf('Order', newer)
const part = codecOf('Order', older)
const order = {
  id: 'x',
  items: [
    { sku: 'a', added: -1n },
    { sku: 'b', added: 2n },
  ],
  byName: { a: { sku: 'm', added: 3n } },
  way: { case: 'first', value: { sku: 'f', added: 4n } },
  a: 1,
  b: 2n,
  c: new Uint8Array([0, 128, 255]),
  d: [1, -1],
  e: { sku: 'e', added: 5n },
}
const through = (codec: MessageCodec<Message>, bytes: Uint8Array): Uint8Array => codec.encode(codec.decode(bytes))

describe('fields that a type lacks', () => {
  it('survive a program that does not know them, at every depth', () => {
    expect(whole.decode(through(part, whole.encode(order)))).toEqual(order)
    expect(whole.decode(through(codecOf('E', 'syntax = "proto3"; message E {}'), whole.encode(order)))).toEqual(order)
  })

  it('survive where the message is changed in place, and go where it is copied', () => {
    const message = part.decode(whole.encode(order))
    message.id = 'y'
    expect(whole.decode(part.encode(message))).toMatchObject({ id: 'y', a: 1 })
    expect(whole.decode(part.encode({ ...message }))).toMatchObject({ id: 'y', a: 0 })
  })

  it('are not seen in the message', () => {
    const known = part.decode(whole.encode({ id: 'x' }))
    const message = part.decode(whole.encode({ id: 'x', a: 1 }))
    expect(isDeepStrictEqual(message, known)).toBe(true)
    expect(inspect(message)).toBe(inspect(known))
    expect(Reflect.ownKeys({ ...message })).toEqual(Reflect.ownKeys(known))
    expect(part.toJson(message)).toEqual({ id: 'x' })
  })

  it('add up where a message comes in pieces', () => {
    const bytes = Buffer.concat([whole.encode({ e: { added: 1n } }), whole.encode({ id: 'x' }), whole.encode({ a: 7 })])
    expect(whole.decode(through(part, bytes))).toMatchObject({ id: 'x', a: 7, e: { added: 1n } })
  })

  it('may be groups, which must be whole', () => {
    const group = [0x53, 0x5b, 0x08, 0x01, 0x5c, 0x54]
    expect([...through(part, new Uint8Array(group))]).toEqual(group)
    for (const bytes of [group.slice(0, 5), [...group.slice(0, 5), 0x5c], [0x54]])
      expect(() => part.decode(new Uint8Array(bytes))).toThrow('cannot decode Order')
  })

  it('may have the wire type of another field', () => {
    const bytes = [0x08, 0x05]
    expect([...through(part, new Uint8Array(bytes))]).toEqual(bytes)
  })
})

describe('values that an enum lacks', () => {
  const text = (values: string): string => `syntax = "proto2"; enum E { A = 1; ${values} }
    message M { optional E e = 1; repeated E es = 2; repeated E packed = 3 [packed = true]; map<string, E> m = 4; oneof o { E c = 5; } }`
  const wider = codecOf('M', text('B = 2; C = -3;'))
  const closed = codecOf('M', text(''))
  const message = { e: 2, es: [1, -3, 2], packed: [-3, 1, 2], m: { a: 1, b: -3 }, o: { case: 'c', value: 2 } }

  it('survive a closed enum beside its field, and an open one in it', () => {
    const bytes = wider.encode(message)
    expect(closed.decode(bytes)).toEqual({ es: [1], packed: [1], m: { a: 1 } })
    expect(wider.decode(through(closed, bytes))).toEqual({ ...message, es: [1, -3, 2], packed: [1, -3, 2] })
    const open = codecOf('M', 'syntax = "proto3"; enum E { Z = 0; } message M { E e = 1; repeated E es = 2; }')
    expect(open.decode(open.encode({ e: -7, es: [0, 9] }))).toEqual({ e: -7, es: [0, 9] })
    expect(open.fromJson(open.toJson({ e: -7, es: [0, 9] }))).toEqual({ e: -7, es: [0, 9] })
  })
})
