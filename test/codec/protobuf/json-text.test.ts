import type { MessageCodec } from 'tierkit/codec'
import { describe, expect, it, vi } from 'vitest'
import { codecOf } from '../kinds.js'

type Codec = MessageCodec<Record<string, unknown>>

const source = `syntax = "proto3"; import "google/protobuf/struct.proto"; import "google/protobuf/timestamp.proto";
  import "google/protobuf/field_mask.proto"; import "google/protobuf/wrappers.proto"; import "google/protobuf/any.proto";
  enum Color { NONE = 0; RED = 1; CRIMSON = -1; }
  message Item { string sku = 1; uint32 quantity = 2; Item inner = 3; }
  message Kinds {
    double a = 1; float b = 2; int32 c = 3; int64 d = 4; uint32 e = 5; uint64 f = 6; sint32 g = 7; sint64 h = 8;
    fixed32 i = 9; fixed64 j = 10; sfixed32 k = 11; sfixed64 l = 12; bool m = 13; string n = 14; bytes o = 15;
    Color p = 16; Item q = 17; repeated int64 r = 18; repeated string s = 19; repeated Item t = 20;
    repeated Color u = 21; repeated float v = 22; map<string, int64> w = 23; map<int64, string> x = 24;
    map<bool, Item> y = 25; map<string, bytes> z = 26; optional string aa = 27; optional int64 bb = 28;
    oneof contact { string email = 29; Item item = 30; uint64 phone = 31; Color color = 32; google.protobuf.NullValue none = 33; }
    string constructor = 34; Item toString = 35; repeated bool valueOf = 36; repeated double cc = 37;
    google.protobuf.Struct dd = 38; google.protobuf.Timestamp ee = 39; google.protobuf.FieldMask ff = 40;
    google.protobuf.StringValue gg = 41; google.protobuf.Value hh = 42; repeated google.protobuf.NullValue ii = 43;
    google.protobuf.Any jj = 44; string odd_name = 45 [json_name = "a \\"b\\" \\\\ c"]; map<uint32, Color> kk = 46;
    optional bytes ll = 47; optional Color mm = 48; repeated bytes nn = 49;
  }`
const proto2 = `syntax = "proto2"; enum Color { BLUE = 2; RED = 1; }
  message Item { required string sku = 1; optional Color color = 2 [default = RED]; extensions 100 to 200; }
  extend Item { optional string note = 100; }
  message Kinds { optional group Part = 1 { optional int32 x = 1; } repeated Item items = 2; oneof one { Color a = 3; bytes b = 4; } }`

const files = ['any', 'struct', 'timestamp', 'field_mask', 'wrappers'].map((name) => `google/protobuf/${name}.proto`)
const codec: Codec = codecOf('Kinds', source, ...files)
const cyclic: Record<string, unknown> = { sku: 'a' }
cyclic.inner = cyclic

/** What fields may be set to, rightly or wrongly. */
const values: readonly unknown[] = [
  undefined,
  null,
  0,
  -0,
  1,
  -1,
  1.5,
  0.1,
  1e21,
  1e-7,
  2 ** 31,
  2 ** 32 - 1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.MAX_VALUE,
  0n,
  -1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  2n ** 64n - 1n,
  2n ** 64n,
  '',
  'plain',
  'quote " and \\ and \u0000 and \u007f and \u2028',
  'añ€😀',
  '\ud800',
  true,
  false,
  new Uint8Array(),
  new Uint8Array([0, 255, 1]),
  [],
  [0],
  [1, -1, 99],
  [1n, 0n],
  ['', 'a', '\n'],
  [null],
  [true, false],
  [0.5, Number.NaN],
  new Array(2),
  {},
  { sku: 'a', quantity: 300, inner: { inner: {} } },
  [{}, { sku: '"' }],
  [new Uint8Array([1]), new Uint8Array()],
  { a: 1n, __proto__: null, 'b"': 2n, 10: 3n },
  Object.assign(Object.create(null), { ['__proto__']: 1n }),
  { 5: 'five', '-6': 'six' },
  { '007': 'five' },
  { 7: 'a', '07': 'b' },
  { true: {}, false: { sku: 'x' } },
  { k: new Uint8Array([1]) },
  { 1: 1, 2: 77 },
  cyclic,
  { case: 'email', value: '' },
  { case: 'item', value: { sku: 's' } },
  { case: 'phone', value: -1n },
  { case: 'color', value: -1 },
  { case: 'none', value: 0 },
  { case: 'fax', value: 1 },
  { case: 'email' },
  { value: 'x' },
  { seconds: 1n, nanos: 5 },
  { seconds: 1n, nanos: -5 },
  { paths: ['a_b.c', 'd'] },
  { value: 'wrapped' },
  { fields: { a: { kind: { case: 'numberValue', value: 1 } } } },
  { kind: { case: 'nullValue', value: 0 } },
  { kind: { case: 'listValue', value: { values: [] } } },
  { typeUrl: 'type.googleapis.com/Item', value: new Uint8Array([10, 1, 97]) },
]
const names = codec.schema?.members.map(({ name }) => name) ?? []

const textOf = (codec: Codec, message: unknown): unknown => outcome(() => codec.toJsonText?.(message as never))
const jsonOf = (codec: Codec, message: unknown): unknown =>
  outcome(() =>
    signed(JSON.stringify(codec.toJson(message as never), (_, value) => (Object.is(value, -0) ? MINUS_ZERO : value))),
  )

/** Stands for minus zero, whose sign `JSON.stringify` leaves out. */
const MINUS_ZERO = '(minus zero)'
const signed = (text: string | undefined): string | undefined => text?.replaceAll(`"${MINUS_ZERO}"`, '-0')

function outcome(write: () => unknown): unknown {
  try {
    return write()
  } catch (error) {
    return (error as Error).message
  }
}

describe('JSON text', () => {
  it.each(names)('of a field is that of its value, or fails with the same words: %s', (name) => {
    for (const value of values) expect(textOf(codec, { [name]: value })).toEqual(jsonOf(codec, { [name]: value }))
  })

  it('has the commas between any two fields', () => {
    for (const [at, first] of names.entries())
      for (const second of names.slice(at + 1, at + 4))
        for (const [n, value] of values.entries()) {
          const message = { [second]: value, [first]: values[(n * 7) % values.length] }
          expect(textOf(codec, message)).toEqual(jsonOf(codec, message))
        }
  })

  it('is of all that fits at once', () => {
    const whole: Record<string, unknown> = {}
    for (const name of names)
      for (const value of values) {
        const written = outcome(() => codec.toJson({ [name]: value } as never))
        if (typeof written === 'object' && Object.keys(written as object).length > 0) whole[name] = value
      }
    expect(Object.keys(whole)).toEqual(names)
    const text = textOf(codec, whole) as string
    expect(text).toBe(jsonOf(codec, whole))
    expect(text).toContain(String.raw`"a \"b\" \\ c":`)
  })

  it.each([[null], [undefined], ['text'], [[]], [1]])('fails on %o in place of a message', (message) => {
    expect(textOf(codec, message)).toEqual(jsonOf(codec, message))
  })

  it('of groups, required fields, extensions and closed enums is that of the value', () => {
    const old: Codec = codecOf('Kinds', proto2)
    for (const items of [[{}], [{ sku: 'a', color: 2, '.note': 'n' }], [{ sku: 'a', color: 7 }], [null]])
      for (const one of [undefined, { case: 'a', value: 1 }, { case: 'b', value: new Uint8Array([1]) }]) {
        const message = { part: { x: 1 }, items, one }
        expect(textOf(old, message)).toEqual(jsonOf(old, message))
      }
    expect(textOf(old, { items: [{ sku: 'a', '.note': 'n' }] })).toBe('{"items":[{"sku":"a","[note]":"n"}]}')
  })

  it('has the sign of minus zero, wherever it is, and JSON.parse reads it', () => {
    const any = {
      typeUrl: 'type.googleapis.com/google.protobuf.DoubleValue',
      value: new Uint8Array([9, 0, 0, 0, 0, 0, 0, 0, 128]),
    }
    const value = { kind: { case: 'numberValue', value: -0 } }
    const message = { a: -0, b: -0, cc: [-0, 0, 1], v: [-0], hh: value, dd: { fields: { '"': value } }, jj: any }
    const text = String(textOf(codec, message))
    expect(text).toBe(
      '{"a":-0,"b":-0,"v":[-0],"cc":[-0,0,1],"dd":{"\\"":-0},"hh":-0,"jj":{"@type":"type.googleapis.com/google.protobuf.DoubleValue","value":-0}}',
    )
    expect(JSON.parse(text)).toEqual(codec.toJson(message))
    expect(codec.decode(codec.encode(codec.fromJson(JSON.parse(text))))).toMatchObject({ a: -0, b: -0, cc: [-0, 0, 1] })
    expect(codec.fromJson({ a: '-0' }).a).toBe(-0)
  })

  it('is the same where code from strings is forbidden', () => {
    vi.stubGlobal('Function', () => {
      throw new EvalError('Code generation from strings disallowed for this context')
    })
    const plain: Codec = codecOf('Kinds', source, ...files)
    const message = { n: 'a"b', t: [{ sku: 'x' }], contact: { case: 'phone', value: 5n } }
    const text = textOf(plain, message)
    vi.unstubAllGlobals()
    expect(text).toBe(textOf(codec, message))
  })
})
