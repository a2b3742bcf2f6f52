import protobuf from 'protobufjs'
import type { JsonValue } from 'tierkit/codec'
import { messageCodec } from 'tierkit/codec'
import { describe, expect, it } from 'vitest'
import { messageJson } from '../../../src/codec/protobuf/direct-json/message-json.js'
import { binaryToJson, jsonToBinary } from '../../../src/codec/protobuf/json.js'

const { root } = protobuf.parse(`
  syntax = "proto3";
  package direct.v1;
  enum Color { NONE = 0; RED = 1; }
  message All {
    string text = 1; bool flag = 2; bytes raw = 3; Color color = 4;
    int32 small = 5; uint32 natural = 6; sint64 big = 7; fixed64 huge = 8;
    float rough = 9; double fine = 10;
    optional string maybe_text = 11; optional double maybe_fine = 12; optional Color maybe_color = 13;
    All nested = 14 [json_name = "inner"];
    repeated string texts = 15; repeated int64 bigs = 16; repeated All many = 17; repeated Color colors = 18;
    repeated double fines = 19;
    google.protobuf.Timestamp at = 20; repeated google.protobuf.StringValue wraps = 21;
    oneof pick { string email = 22; int32 phone = 23; All deep = 24; }
    string constructor = 25;
  }
  message WithMap { map<string, string> labels = 1; }
`)
for (const file of ['timestamp', 'wrappers'])
  root.addJSON(protobuf.common.get(`google/protobuf/${file}.proto`)!.nested!)
root.resolveAll()
const type = root.lookupType('direct.v1.All')
const codec = messageCodec<Record<string, unknown>>(type)
const direct = messageJson(type)!

const longWrite = (message: Record<string, unknown>): JsonValue => binaryToJson(type, codec.encode(message))
const longRead = (json: JsonValue): unknown => codec.decode(jsonToBinary(type, json, {}))

/** Values of each field, the odd ones among them. */
const values: Record<string, readonly unknown[]> = {
  text: ['', 'a', 'é\u{1F600}', '__proto__'],
  flag: [false, true],
  raw: [new Uint8Array(), new Uint8Array([1, 2, 255])],
  color: [0, 1, 7, -1],
  small: [0, -0, -1, 2 ** 31 - 1],
  natural: [0, 2 ** 32 - 1],
  big: [0n, -1n, 2n ** 63n - 1n],
  huge: [0n, 2n ** 64n - 1n],
  rough: [0, -0, 0.1, 1e-50, 3e38],
  fine: [0, -0, 0.1, 1e308, 5e-324],
  maybeText: ['', 'x', undefined],
  maybeFine: [0, 1.5, undefined],
  maybeColor: [0, 1, 9],
  nested: [{}, { text: 'n', nested: { small: 1 } }, undefined],
  texts: [[], ['', 'b']],
  bigs: [[], [0n, -5n]],
  many: [[], [{}, { text: 'm' }]],
  colors: [[], [0, 1, 9]],
  fines: [[], [0, -0, 2.5]],
  at: [{ seconds: 1n, nanos: 5 }, undefined],
  wraps: [[], [{ value: '' }, { value: 'w' }]],
  pick: [
    { case: 'email', value: '' },
    { case: 'phone', value: 0 },
    { case: 'deep', value: { flag: true } },
    undefined,
    null,
  ],
  constructor: ['', 'own'],
}

describe('JSON without the detour over bytes', () => {
  it.each(Object.entries(values))('is the same for every value of %s', (name, options) => {
    for (const value of options) {
      const message = { text: 'around', [name]: value }
      const json = direct.write(message, 0)
      expect(JSON.stringify(json)).toBe(JSON.stringify(longWrite(message)))
      expect(direct.read(json as JsonValue, 0)).toEqual(longRead(json as JsonValue))
    }
  })

  it('is the same for whole messages', () => {
    for (let round = 0; round < 20; round += 1) {
      const message = Object.fromEntries(
        Object.entries(values).map(([name, options], n) => [name, options[(round * 7 + n) % options.length]]),
      )
      const json = direct.write(message, 0)
      expect(JSON.stringify(json)).toBe(JSON.stringify(longWrite(message)))
      expect(direct.read(json as JsonValue, 0)).toEqual(longRead(json as JsonValue))
    }
  })

  it.each<readonly [JsonValue]>([
    [{ small: 1.0, natural: -0, big: 5, huge: '7', fine: 1, rough: 0.1 }],
    [{ fine: -0, maybe_fine: -0, maybeColor: 'RED' }],
    [{ maybe_text: 'x', inner: {}, colors: ['RED', 5] }],
    [{ raw: 'AQI=', at: '1970-01-01T00:00:01Z', wraps: ['a'] }],
    [{ fines: [-0, 1], bigs: ['-9223372036854775808', 1] }],
    [{ deep: { text: 'x' } }],
  ])('reads %j the same', (json) => {
    expect(direct.read(json, 0)).toEqual(longRead(json))
  })

  it.each<readonly [JsonValue]>([
    [{ nope: 1 }],
    [{ text: null }],
    [{ text: 1 }],
    [{ text: '\ud800' }],
    [{ flag: 'true' }],
    [{ raw: 'AQI' }],
    [{ color: 'BLUE' }],
    [{ color: 1.5 }],
    [{ small: '1' }],
    [{ small: 1.5 }],
    [{ natural: -1 }],
    [{ big: '1e3' }],
    [{ big: '9223372036854775808' }],
    [{ huge: -1 }],
    [{ rough: 1e39 }],
    [{ fine: 'NaN' }],
    [{ texts: 'a' }],
    [{ texts: [null] }],
    [{ nested: {}, inner: {} }],
    [{ email: 'a', phone: 1 }],
    [{ at: 'yesterday' }],
    [{ many: [{ nope: 1 }] }],
    [JSON.parse('{"__proto__":1}')],
    [[]],
    ['x'],
    [null],
  ])('leaves %j to the library', (json) => expect(direct.read(json, 0)).toBeUndefined())

  it.each([
    [{ text: 1 }],
    [{ text: '\ud800' }],
    [{ small: 1.5 }],
    [{ big: 1 }],
    [{ fine: Number.NaN }],
    [{ fines: [Number.POSITIVE_INFINITY] }],
    [{ rough: 1e39 }],
    [{ texts: 'a' }],
    [{ texts: [undefined] }],
    [{ pick: { case: 'nope', value: 1 } }],
    [{ pick: { case: 'email' } }],
    [{ at: { seconds: 2n ** 60n, nanos: 0 } }],
    [[]],
    [null],
  ])('leaves %o to the library', (message) => expect(direct.write(message, 0)).toBeUndefined())

  it('does not nest without end', () => {
    const deep = (levels: number): JsonValue => (levels === 0 ? {} : { nested: deep(levels - 1) })
    expect(direct.read(deep(100), 0)).toBeDefined()
    expect(direct.read(deep(101), 0)).toBeUndefined()
    const loop: Record<string, unknown> = {}
    loop.nested = loop
    expect(direct.write(loop, 0)).toBeUndefined()
  })

  it('is not for types with something rare in them', () => {
    expect(messageJson(root.lookupType('direct.v1.WithMap'))).toBeUndefined()
    expect(messageJson(root.lookupType('google.protobuf.Timestamp'))).toBeUndefined()
  })
})
