import type { MessageCodec } from 'tierkit/codec'
import { Code } from 'tierkit/error'
import { parseProto } from 'tierkit/service'
import { describe, expect, it } from 'vitest'
import { type BindOptions, RequestBinder, requestOf } from '../../../../src/transport/http/bind.js'

const codec: MessageCodec = parseProto(`
  syntax = "proto3";
  package q.v1;
  import "google/protobuf/timestamp.proto";
  import "google/protobuf/duration.proto";
  import "google/protobuf/field_mask.proto";
  import "google/protobuf/wrappers.proto";
  import "google/protobuf/struct.proto";
  enum Color { COLOR_UNSPECIFIED = 0; RED = 1; BLUE = 2; NEGATIVE = -3; }
  message Leaf { string name = 1; map<string, int32> counts = 2; repeated Color colors = 3; Leaf next = 4; }
  message Q {
    int32 i32 = 1; sint64 s64 = 2; uint32 u32 = 3; fixed64 f64 = 4; float f = 5; double d = 6;
    bool flag = 7; string text_value = 8; bytes raw = 9; Color color = 10;
    repeated int32 many = 11; repeated string words = 12; repeated bool flags = 13; repeated bytes raws = 14;
    optional string maybe = 15; optional int32 zero = 16;
    Leaf leaf = 17; repeated Leaf leaves = 18;
    map<string, string> labels = 19; map<int32, bool> switches = 20; map<string, Color> colors = 21;
    map<string, Leaf> deep = 22; map<bool, google.protobuf.Duration> waits = 23; map<string, bytes> blobs = 24;
    map<string, google.protobuf.BoolValue> perhaps = 25;
    oneof pick { string left = 26; int32 right = 27; Leaf both = 28; }
    google.protobuf.Timestamp at = 29; google.protobuf.Duration within = 30; google.protobuf.FieldMask mask = 31;
    google.protobuf.StringValue sv = 32; google.protobuf.BytesValue bv = 33; google.protobuf.BoolValue ov = 34;
    google.protobuf.DoubleValue dv = 35; google.protobuf.FloatValue fv = 36; google.protobuf.Int32Value iv = 37;
    google.protobuf.UInt32Value uv = 38; google.protobuf.Int64Value lv = 39; google.protobuf.UInt64Value ulv = 40;
    google.protobuf.Struct struct = 41; google.protobuf.Value value = 42;
    repeated google.protobuf.Timestamp times = 43; string renamed = 44 [json_name = "otherName"];
  }
`).codec('q.v1.Q')

const strict: BindOptions = { maxQueryParameters: 20, unknownParameters: 'reject' }

/** The JSON of the message that a query stands for: what is set, and nothing else. */
function read(query: string, options: BindOptions = strict): unknown {
  const binder = new RequestBinder(codec, { method: 'GET', path: '/q' }, options)
  return codec.toJson(requestOf(binder.bind({ values: [], query, body: Buffer.alloc(0) }), codec))
}

describe('a query', () => {
  it.each([
    ['i32=-7', { i32: -7 }],
    ['i32=1e3', { i32: 1000 }],
    ['i32=0', {}],
    ['zero=0', { zero: 0 }],
    ['maybe=', { maybe: '' }],
    ['s64=-9223372036854775808', { s64: '-9223372036854775808' }],
    ['u32=4294967295', { u32: 4294967295 }],
    ['f64=18446744073709551615', { f64: '18446744073709551615' }],
    ['f=1.5', { f: 1.5 }],
    ['d=-Infinity', { d: '-Infinity' }],
    ['d=1e-7', { d: 1e-7 }],
    ['flag=true', { flag: true }],
    ['textValue=a', { textValue: 'a' }],
    ['text_value=a', { textValue: 'a' }],
    ['text_value=a%26b%3Dc', { textValue: 'a&b=c' }],
    ['text_value=a=b', { textValue: 'a=b' }],
    ['text_value=1+1', { textValue: '1+1' }],
    ['text_value=%2B', { textValue: '+' }],
    ['text_value=true', { textValue: 'true' }],
    ['text%5Fvalue=a', { textValue: 'a' }],
    ['&&text_value=a&', { textValue: 'a' }],
    ['renamed=a', { otherName: 'a' }],
    ['otherName=a', { otherName: 'a' }],
    ['raw=AQI%3D', { raw: 'AQI=' }],
    ['raw=_-8', { raw: '/+8=' }],
    ['raw=AQ', { raw: 'AQ==' }],
    ['color=BLUE', { color: 'BLUE' }],
    ['color=2', { color: 'BLUE' }],
    ['color=-3', { color: 'NEGATIVE' }],
    ['color=77', { color: 77 }],
    ['many=1&many=2&many=1', { many: [1, 2, 1] }],
    ['words=&words=a', { words: ['', 'a'] }],
    ['flags=true&flags=false', { flags: [true, false] }],
    ['raws=AQ&raws=Ag%3D%3D', { raws: ['AQ==', 'Ag=='] }],
    ['leaf.name=a', { leaf: { name: 'a' } }],
    ['leaf.next.next.name=a', { leaf: { next: { next: { name: 'a' } } } }],
    ['leaf.colors=RED&leaf.colors=2', { leaf: { colors: ['RED', 'BLUE'] } }],
    ['leaf.counts[a]=1&leaf.counts[b]=2', { leaf: { counts: { a: 1, b: 2 } } }],
    ['labels[a]=1', { labels: { a: '1' } }],
    ['labels%5Ba%5D=1', { labels: { a: '1' } }],
    ['labels[a.b]=1&labels[c]=2', { labels: { 'a.b': '1', c: '2' } }],
    ['labels[]=1', { labels: { '': '1' } }],
    ['labels[a]b]=1', { labels: { 'a]b': '1' } }],
    ['labels[a[b]=1', { labels: { 'a[b': '1' } }],
    ['switches[7]=true&switches[-1]=false', { switches: { 7: true, '-1': false } }],
    ['colors[a]=RED&colors[b]=2', { colors: { a: 'RED', b: 'BLUE' } }],
    ['waits[true]=1.5s', { waits: { true: '1.500s' } }],
    ['blobs[a]=_-8', { blobs: { a: '/+8=' } }],
    ['perhaps[a]=true', { perhaps: { a: true } }],
    ['left=a', { left: 'a' }],
    ['right=0', { right: 0 }],
    ['both.name=a', { both: { name: 'a' } }],
    ['at=2024-02-29T12:00:00.5Z', { at: '2024-02-29T12:00:00.500Z' }],
    ['at=2024-02-29T12:00:00%2B02:00', { at: '2024-02-29T10:00:00Z' }],
    [
      'times=1970-01-01T00:00:00Z&times=1970-01-01T00:00:01Z',
      { times: ['1970-01-01T00:00:00Z', '1970-01-01T00:00:01Z'] },
    ],
    ['within=-0.25s', { within: '-0.250s' }],
    ['mask=textValue,leaf.name', { mask: 'textValue,leaf.name' }],
    ['mask=', { mask: '' }],
    ['sv=a&bv=AQ&ov=false', { sv: 'a', bv: 'AQ==', ov: false }],
    ['dv=1.5&fv=2.5&iv=-1&uv=1', { dv: 1.5, fv: 2.5, iv: -1, uv: 1 }],
    ['lv=-5&ulv=5', { lv: '-5', ulv: '5' }],
  ])('%s is read', (query, expected) => expect(read(query)).toEqual(expected))

  it.each([
    ['i32=', 'i32'],
    ['i32=1.5', 'i32'],
    ['i32=2147483648', 'i32'],
    ['u32=-1', 'u32'],
    ['f64=18446744073709551616', 'f64'],
    ['f=1e39', 'f'],
    ['d=one', 'd'],
    ['flag=1', 'flag'],
    ['flag=TRUE', 'flag'],
    ['flags=true&flags=x', 'flags'],
    ['raw=%21', 'raw'],
    ['color=GREEN', 'color'],
    ['color=red', 'color'],
    ['colors[a]=GREEN', 'colors'],
    ['switches[x]=true', 'switches'],
    ['switches[1]=yes', 'switches[1]'],
    ['waits[maybe]=1s', 'waits'],
    ['at=yesterday', 'at'],
    ['at=2023-02-29T00:00:00Z', 'at'],
    ['within=1', 'within'],
    ['within=315576000001s', 'within'],
    ['mask=a_b', 'mask'],
    ['ov=1', 'ov'],
    ['iv=a', 'iv'],
  ])('%s is refused for its value, and says where: %s', (query, field) => {
    expect(() => read(query)).toThrow(
      expect.objectContaining({ code: Code.INVALID_ARGUMENT, rawMessage: expect.stringContaining(field) }),
    )
  })

  it.each([
    ['nope=1', 'q.v1.Q has no such field'],
    ['=1', 'q.v1.Q has no such field'],
    ['.=1', 'q.v1.Q has no such field'],
    ['leaf..name=1', 'q.v1.Q has no such field'],
    ['leaf.name.x=1', 'q.v1.Q has no such field'],
    ['TextValue=1', 'q.v1.Q has no such field'],
    ['q.v1.Q=1', 'q.v1.Q has no such field'],
    ['pick=1', 'q.v1.Q has no such field'],
    ['leaf=1', 'it is a message, which text cannot fill'],
    ['struct=1', 'it is a message, which text cannot fill'],
    ['struct.a=1', 'q.v1.Q has no such field'],
    ['leaves=1', 'it is a message, which text cannot fill'],
    ['leaves.name=1', 'leaves is not a single message'],
    ['leaves[0].name=1', 'q.v1.Q has no such field'],
    ['labels=1', 'it is a map, which text cannot fill'],
    ['labels.a=1', 'q.v1.Q has no such field'],
    ['words[a]=1', 'it is not a map'],
    ['leaf[name]=1', 'it is not a map'],
    ['leaves.counts[a]=1', 'leaves is not a single message'],
    ['deep[a]=1', 'its values are messages, which text cannot fill'],
    ['labels[a]=1&labels[a]=2', 'it is there twice'],
    ['i32=1&i32=2', 'it is there twice, but the field is not repeated'],
    ['text_value=1&textValue=2', 'it is there twice, but the field is not repeated'],
    ['leaf.name=1&leaf.name=1', 'it is there twice, but the field is not repeated'],
  ])('%s is refused: %s', (query, problem) => {
    const name = query.slice(query.lastIndexOf('&') + 1).replace(/=.*/, '')
    expect(() => read(query)).toThrow(
      expect.objectContaining({ code: Code.INVALID_ARGUMENT, rawMessage: `query parameter ${name}: ${problem}` }),
    )
  })

  it.each(['left=a&right=1', 'left=a&both.name=b', 'right=1&left='])('%s sets a oneof twice', (query) => {
    expect(() => read(query)).toThrow(expect.objectContaining({ code: Code.INVALID_ARGUMENT }))
  })

  it.each([
    '%',
    'text_value=%',
    'text_value=%2',
    'text_value=%zz',
    '%c3=1',
    'text_value=%C0%80',
    'text_value=%ED%A0%80',
  ])('%s has a malformed escape', (query) => {
    expect(() => read(query)).toThrow(
      expect.objectContaining({ code: Code.INVALID_ARGUMENT, rawMessage: 'the query has a malformed percent escape' }),
    )
  })

  it.each([
    '__proto__=1',
    '__proto__.polluted=1',
    'constructor.prototype.polluted=1',
    'leaf.__proto__.polluted=1',
    'leaf.constructor.prototype.polluted=1',
    'prototype[polluted]=1',
    '__proto__[polluted]=1',
    'constructor[prototype]=1',
    'toString=1',
    'hasOwnProperty=1',
    'leaf.toString=1',
  ])('%s is no field, and leaves objects as they are', (query) => {
    expect(() => read(query)).toThrow(/has no such field/)
    expect(read(query, { ...strict, unknownParameters: 'ignore' })).toEqual({})
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it.each(['__proto__', 'constructor', 'prototype', 'toString'])(
    'may have %s as a key of a map, which is only a key',
    (key) => {
      const message = requestOf(
        new RequestBinder(codec, { method: 'GET', path: '/q' }, strict).bind({
          values: [],
          query: `labels[${key}]=1`,
          body: Buffer.alloc(0),
        }),
        codec,
      ) as { labels: object }
      expect(Object.getOwnPropertyDescriptor(message.labels, key)?.value).toBe('1')
      expect(Object.getPrototypeOf(message.labels)).toBe(null)
      expect(({} as Record<string, unknown>)['1']).toBeUndefined()
    },
  )

  it('has a plus sign for a space if the server says so', () => {
    const options = { ...strict, plusIsSpace: true }
    expect(read('text_value=a+b%2Bc', options)).toEqual({ textValue: 'a b+c' })
    expect(read('labels[a+b]=1', options)).toEqual({ labels: { 'a b': '1' } })
  })

  it('may have parameters that no field has if the server says so', () => {
    const options: BindOptions = { ...strict, unknownParameters: 'ignore' }
    expect(read('nope=1&words=a&nope[a]=1&leaf.nope=1', options)).toEqual({ words: ['a'] })
  })

  it('has so many parameters and no more', () => {
    expect(read(Array.from({ length: 20 }, () => 'words=a').join('&'))).toEqual({ words: Array(20).fill('a') })
    expect(() => read(Array.from({ length: 21 }, () => 'words=a').join('&'))).toThrow(/21 parameters, more than 20/)
  })
})
