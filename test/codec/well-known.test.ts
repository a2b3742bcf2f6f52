import {
  Any,
  BytesValue,
  Duration,
  durationFromMs,
  durationToMs,
  Empty,
  FieldMask,
  Int64Value,
  ListValue,
  type MessageCodec,
  StringValue,
  Struct,
  Timestamp,
  timestampFromDate,
  timestampToDate,
  Value,
} from 'tierkit/codec'
import { Code } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { codecOf } from './kinds.js'

describe('well-known types', () => {
  it('says of JSON that is nested too deeply what is wrong with it, not with the stack', () => {
    const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))
    // Newer lines of Node quote it without going deep.
    expect(() => codecOf('kinds.v1.Item').fromJson({ sku: deep })).toThrow(/nested too deeply|expected string/)
    expect(() => ListValue.fromJson(deep)).toThrow('nested deeper than 100')
  })

  const text = (value: string): Value => ({ kind: { case: 'stringValue', value } })
  const cases: [string, MessageCodec<never>, unknown, unknown][] = [
    ['Timestamp', Timestamp as never, { seconds: -1n, nanos: 500_000_000 }, '1969-12-31T23:59:59.500Z'],
    ['Timestamp', Timestamp as never, { seconds: 253402300799n, nanos: 1 }, '9999-12-31T23:59:59.000000001Z'],
    ['Duration', Duration as never, { seconds: -1n, nanos: -500_000_000 }, '-1.500s'],
    ['FieldMask', FieldMask as never, { paths: ['a.b', 'c_d'] }, 'a.b,cD'],
    ['Empty', Empty as never, {}, {}],
    ['Int64Value', Int64Value as never, { value: -9223372036854775808n }, '-9223372036854775808'],
    ['StringValue', StringValue as never, { value: '' }, ''],
    ['BytesValue', BytesValue as never, { value: new Uint8Array([255]) }, '/w=='],
    ['Value', Value as never, { kind: { case: 'nullValue', value: 0 } }, null],
    ['Value', Value as never, { kind: { case: 'boolValue', value: false } }, false],
    ['ListValue', ListValue as never, { values: [text('a')] }, ['a']],
    ['Struct', Struct as never, { fields: { a: text('b') } }, { a: 'b' }],
  ]
  it.each(cases)('%s goes through bytes and through its own form in JSON: %o', (_, codec, message, json) => {
    expect(codec.decode(codec.encode(message as never))).toEqual(message)
    expect(codec.toJson(message as never)).toEqual(json)
    expect(codec.fromJson(json as never)).toEqual(message)
  })

  it('keep JSON of any shape in Struct, Value and ListValue', () => {
    const json = JSON.parse('{ "a": [1, "x", true, null, { "__proto__": { "b": [] } }], "": {} }')
    expect(JSON.stringify(Struct.toJson(Struct.fromJson(json)))).toBe(JSON.stringify(json))
  })

  it.each([
    ['2026-02-30T00:00:00Z', 'not a timestamp'],
    ['yesterday', 'not a timestamp'],
  ])('fail on the timestamp %s', (json, text) => {
    expect(() => Timestamp.fromJson(json)).toThrow(expect.objectContaining({ code: Code.INVALID_ARGUMENT }))
    expect(() => Timestamp.fromJson(json)).toThrow(text)
  })

  it('fail to be written in JSON when out of their range', () => {
    expect(() => Timestamp.toJson({ seconds: 2n ** 60n, nanos: 0 })).toThrow(
      expect.objectContaining({ code: Code.INTERNAL }),
    )
  })

  it('are found by messages that hold them, Any with the types of its own file', () => {
    const codec = codecOf(
      'm.Box',
      `syntax = "proto3"; package m;
       message Inner { int64 n = 1; }
       message Box { google.protobuf.Any any = 1; repeated google.protobuf.Any more = 2; }
       `,
      'google/protobuf/any.proto',
    )
    const json = {
      any: { '@type': 'type.googleapis.com/m.Inner', n: '5' },
      more: [{ '@type': 'type.googleapis.com/google.protobuf.Any', value: {} }],
    }
    const message = codec.fromJson(json)
    expect(message.any).toEqual({ typeUrl: 'type.googleapis.com/m.Inner', value: new Uint8Array([8, 5]) })
    expect(codec.toJson(codec.decode(codec.encode(message)))).toMatchObject({ any: json.any })
    expect(() => codec.fromJson({ any: { '@type': 'x/m.Nope' } })).toThrow('any')
  })

  it('have Any empty when it has no type', () => {
    expect(Any.toJson({ typeUrl: '', value: new Uint8Array() })).toEqual({})
  })
})

describe('times', () => {
  it.each([
    '1970-01-01T00:00:00.000Z',
    '1969-12-31T23:59:59.999Z',
    '2026-11-21T01:02:03.004Z',
    '0001-01-01T00:00:00.000Z',
  ])('turn the date %s into a timestamp and back', (text) => {
    const timestamp = timestampFromDate(new Date(text))
    expect(timestamp.nanos).toBeGreaterThanOrEqual(0)
    expect(timestampToDate(timestamp).toISOString()).toBe(text)
  })

  it('refuse an invalid date', () => {
    expect(() => timestampFromDate(new Date(Number.NaN))).toThrow(RangeError)
  })

  it.each([0, 1, -1, 1500, -1500, 0.5, 86_400_000, 999.999999])('turn %d ms into a duration and back', (ms) => {
    const duration = durationFromMs(ms)
    expect(durationToMs(duration)).toBe(ms)
    expect(Math.sign(Number(duration.seconds)) * Math.sign(duration.nanos)).toBeGreaterThanOrEqual(0)
  })

  it('carry what rounding fills into the seconds', () => {
    expect(durationFromMs(1999.9999999)).toEqual({ seconds: 2n, nanos: 0 })
    expect(durationFromMs(-1999.9999999)).toEqual({ seconds: -2n, nanos: 0 })
    expect(() => durationFromMs(Number.POSITIVE_INFINITY)).toThrow(RangeError)
  })
})
