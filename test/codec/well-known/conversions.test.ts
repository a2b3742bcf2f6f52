import { type Any, Duration, packAny, Struct, structFromJson, structToJson, Timestamp, unpackAny } from 'tierkit/codec'
import { describe, expect, it } from 'vitest'

describe('packAny and unpackAny', () => {
  it('carry a message with the name of its type, over the wire', () => {
    const any = packAny(Duration, { seconds: 5n })
    expect(any.typeUrl).toBe('type.googleapis.com/google.protobuf.Duration')
    expect(unpackAny(Duration, any)).toEqual({ seconds: 5n, nanos: 0 })
  })

  it('give nothing of another type, of nothing, and of a name without a slash', () => {
    const any: Any = packAny(Duration, { seconds: 5n })
    expect(unpackAny(Timestamp, any)).toBeUndefined()
    expect(unpackAny(Duration, undefined)).toBeUndefined()
    expect(unpackAny(Duration, { typeUrl: '', value: new Uint8Array() })).toBeUndefined()
    expect(unpackAny(Duration, { ...any, typeUrl: 'example.org/types/google.protobuf.Duration' })?.seconds).toBe(5n)
  })

  it('refuse bytes that are no message', () => {
    const any = { typeUrl: 'a/google.protobuf.Duration', value: Uint8Array.of(8) }
    expect(() => unpackAny(Duration, any)).toThrow('cannot decode google.protobuf.Duration')
  })
})

describe('structFromJson and structToJson', () => {
  const json = { a: 1, b: [true, null, 'x', { c: {} }], d: {} }

  it('turn a JSON object into a struct and back', () => {
    const struct = structFromJson(json)
    expect(struct.fields.a).toEqual({ kind: { case: 'numberValue', value: 1 } })
    expect(structToJson(Struct.decode(Struct.encode(struct)))).toEqual(json)
  })

  it('refuse numbers that JSON does not have', () => {
    const infinite: Struct = { fields: { a: { kind: { case: 'numberValue', value: Number.POSITIVE_INFINITY } } } }
    expect(() => structToJson(infinite)).toThrow('google.protobuf.Struct')
  })
})
