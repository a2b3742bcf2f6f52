import protobuf from 'protobufjs'
import { Any, type JsonValue, ListValue, messageCodec, Struct, Value } from 'tierkit/codec'
import { describe, expect, it } from 'vitest'
import { testCodec } from './conformance/test-codecs.js'
import { codecOf } from './kinds.js'

/** Names that mean something to JavaScript. */
const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'constructor.prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'isPrototypeOf',
  'toJSON',
  'then',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  'length',
]

const shapeOf = (object: object): string => JSON.stringify(Object.entries(Object.getOwnPropertyDescriptors(object)))
const before = [Object.prototype, Array.prototype, Function.prototype].map((it) => [Reflect.ownKeys(it), shapeOf(it)])

/** That what all objects share is as it was. */
function expectClean(): void {
  const now = [Object.prototype, Array.prototype, Function.prototype].map((it) => [Reflect.ownKeys(it), shapeOf(it)])
  expect(now).toEqual(before)
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
}

/** An object with one member of its own, whatever its name. */
const own = (name: string, value: unknown): Record<string, JsonValue> =>
  JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`)
const poison = { polluted: true, prototype: { polluted: true }, __proto__: null }

describe.each(NAMES)('the name %s', (name) => {
  const all = testCodec('protobuf_test_messages.proto3.TestAllTypesProto3')
  const proto3 = all as NonNullable<typeof all>

  it('is the key of a map like any other, in both forms', () => {
    const json = { mapStringString: own(name, 'a'), mapStringNestedMessage: own(name, { a: 1 }) }
    const message = proto3.decode(proto3.encode(proto3.fromJson(json)))
    expect(Object.entries(message.mapStringString as object)).toEqual([[name, 'a']])
    expect(Object.getPrototypeOf(message.mapStringString)).toBe(null)
    const written = proto3.toJson(message)
    expect(JSON.stringify(written)).toBe(
      JSON.stringify({ mapStringString: own(name, 'a'), mapStringNestedMessage: own(name, { a: 1 }) }),
    )
    expect(Object.getPrototypeOf((written as { mapStringString: object }).mapStringString)).toBe(Object.prototype)
    expectClean()
  })

  it('is a key of free JSON like any other', () => {
    const json = own(name, [own(name, poison)])
    for (const codec of [Struct, Value]) {
      const message = codec.decode(codec.encode(codec.fromJson(json) as never) as never)
      expect(JSON.stringify(codec.toJson(message as never))).toBe(JSON.stringify(json))
    }
    expect(JSON.stringify(ListValue.toJson(ListValue.fromJson([json])))).toBe(JSON.stringify([json]))
    expectClean()
  })

  it('is no field of a message that has none of the name', () => {
    const item = codecOf('kinds.v1.Item')
    expect(() => item.fromJson(own(name, poison))).toThrow('unknown field')
    expect(item.fromJson(own(name, poison), { ignoreUnknownFields: true })).toEqual({ sku: '', quantity: 0 })
    expect(() => item.fromJson({ inner: own(name, poison) })).toThrow('unknown field')
    expectClean()
  })

  it('is no type, no member of a packed message, no name of an enum and no case of a oneof', () => {
    expect(() => Any.fromJson({ '@type': `x/${name}` })).toThrow('a type that is not known here')
    expect(() => Any.toJson({ typeUrl: `x/${name}`, value: new Uint8Array() })).toThrow('a type that is not known here')
    expect(() => Any.fromJson({ '@type': 'x/google.rpc.ErrorInfo', ...own(name, poison) })).toThrow()
    expect(() => proto3.fromJson({ optionalNestedEnum: name })).toThrow('unknown enum value')
    for (const write of [proto3.encode.bind(proto3), proto3.toJson.bind(proto3)])
      expect(() => write({ oneofField: { case: name, value: 1 } })).toThrow('oneofField')
    expectClean()
  })

  it('is a packed free value like any other', () => {
    const json = { '@type': 'type.googleapis.com/google.protobuf.Struct', value: own(name, poison) }
    expect(JSON.stringify(Any.toJson(Any.fromJson(json)))).toBe(JSON.stringify(json))
    expectClean()
  })
})

describe('a field with the name of something that all objects have', () => {
  const names = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf']
  const codec = codecOf(
    'M',
    `syntax = "proto3"; message M { ${names.map((name, n) => `string ${name} = ${n + 1};`).join(' ')} optional string then = 9; }`,
  )

  it('is absent where the message has none of its own, and goes both ways where it has', () => {
    expect(codec.encode({})).toHaveLength(0)
    expect(codec.toJson({})).toEqual({})
    const message = Object.fromEntries(names.map((name) => [name, 'own']))
    expect(codec.decode(codec.encode(message))).toEqual(message)
    expect(codec.toJson(message)).toEqual(message)
    expect(codec.fromJson(message)).toEqual(message)
    expectClean()
  })

  it('cannot be called __proto__, and can be called so in JSON', () => {
    const { root } = protobuf.parse('syntax = "proto3"; message M { string __proto__ = 1; }', { keepCase: true })
    const unnamed = messageCodec(root.lookupType('M'))
    const message = unnamed.decode(new Uint8Array([10, 1, 97])) as object
    expect(Object.getPrototypeOf(message)).toBe(Object.prototype)
    expect([...unnamed.encode(message)]).toEqual([10, 1, 97])
    const named = codecOf('M', 'syntax = "proto3"; message M { string name = 1 [json_name = "__proto__"]; }')
    const json = named.toJson({ name: 'a' })
    expect(JSON.stringify(json)).toBe('{"__proto__":"a"}')
    expect(named.fromJson(json)).toEqual({ name: 'a' })
    expectClean()
  })
})
