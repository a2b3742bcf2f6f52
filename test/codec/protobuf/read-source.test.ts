import { spawnSync } from 'node:child_process'
import protobuf from 'protobufjs'
import { type MessageCodec, messageCodec } from 'tierkit/codec'
import { describe, expect, it, vi } from 'vitest'
import { codecOf } from '../kinds.js'

type Codec = MessageCodec<Record<string, unknown>>

/** A codec of a type that is read for the first time where code from strings is forbidden. */
function withoutSource(name: string, text: string): Codec {
  vi.stubGlobal('Function', () => {
    throw new EvalError('Code generation from strings disallowed for this context')
  })
  const codec = codecOf(name, text)
  codec.decode(new Uint8Array())
  codec.fromJson({})
  vi.unstubAllGlobals()
  return codec
}

/** What comes of bytes: a message, with its properties in their order and what is not seen in it, or an error. */
function outcome(codec: Codec, bytes: Uint8Array): unknown {
  try {
    const message = codec.decode(bytes)
    return [
      message,
      JSON.stringify(message, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)),
      codec.encode(message),
    ]
  } catch (error) {
    return (error as Error).message
  }
}

/** Numbers from 0 to below the limit, the same ones each time. */
function numbers(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

const proto3 = `syntax = "proto3";
  enum Color { NONE = 0; RED = 1; }
  message Item { string sku = 1; uint32 quantity = 2; Item inner = 3; }
  message Kinds {
    double a = 1; float b = 2; int32 c = 3; int64 d = 4; uint32 e = 5; uint64 f = 6; sint32 g = 7; sint64 h = 8;
    fixed32 i = 9; fixed64 j = 10; sfixed32 k = 11; sfixed64 l = 12; bool m = 13; string n = 14; bytes o = 15;
    Color p = 16; Item q = 17; repeated int64 r = 18; repeated string s = 19; repeated Item t = 20;
    repeated Color u = 21; repeated sint32 v = 22 [packed = false]; map<string, int64> w = 23; map<int64, string> x = 24;
    map<bool, Item> y = 25; map<string, bytes> z = 26; optional string aa = 27; optional int64 bb = 28;
    oneof contact { string email = 29; Item item = 30; uint64 phone = 3000; Color color = 31; }
    string constructor = 32; Item toString = 33; repeated bool valueOf = 34; repeated double cc = 35;
  }`
const proto2 = `syntax = "proto2";
  enum Color { NONE = 2; RED = 1; }
  message Item { required string sku = 1; optional Color color = 2; }
  message Kinds {
    optional string a = 1; repeated Color b = 2; repeated Color c = 3 [packed = true]; map<string, Color> d = 4;
    optional group Part = 5 { optional int32 x = 1; optional Item item = 2; } repeated Item e = 6; map<int32, Item> f = 7;
    oneof g { Color h = 8; Item i = 9; } repeated group Many = 10 { optional string y = 1; } optional Item j = 11;
    optional int32 k = 2000; repeated fixed64 l = 300;
  }`

const text = 'añ€😀'
const item = { sku: 'a', quantity: 300, inner: { sku: 'x'.repeat(200), quantity: 1 } }
const third = {
  a: 1.5,
  b: 0.5,
  c: -1,
  d: -1n,
  e: 4294967295,
  f: 1n,
  g: -3,
  h: -5n,
  i: 7,
  j: 8n,
  k: -9,
  l: -10n,
  m: true,
  n: text,
  o: new Uint8Array([0, 255]),
  p: 77,
  q: item,
  r: [0n, -1n, 5n],
  s: ['', 'b', text, 'y'.repeat(50)],
  t: [item, {}],
  u: [0, 1, 99],
  v: [-1, 0],
  w: { a: 1n, ['__proto__']: 2n },
  x: { 5: 'five', '-6': text },
  y: { true: item },
  z: { k: new Uint8Array([1]) },
  aa: '',
  bb: 0n,
  contact: { case: 'item', value: item },
  constructor: 'c',
  toString: item,
  valueOf: [true, false],
  cc: [1, -0],
}
const second = {
  a: text,
  b: [1, 2],
  c: [2, 1],
  d: { x: 1 },
  part: { x: -5, item: { sku: 's', color: 1 } },
  e: [{ sku: '' }],
  f: { 1: { sku: 'f' } },
  g: { case: 'i', value: { sku: 'i' } },
  many: [{ y: 'y' }, {}],
  j: { sku: 'j' },
  k: 5,
  l: [1n],
}

describe.each([
  ['proto3', proto3, third],
  ['proto2', proto2, second],
])('code made for a type of %s', (_, source, message) => {
  const made = codecOf('Kinds', source)
  const plain = withoutSource('Kinds', source)
  const whole = made.encode(message)

  it('reads what is read without', () => {
    expect(outcome(made, whole)).toEqual(outcome(plain, whole))
    expect(outcome(made, Buffer.concat([whole, whole]))).toEqual(outcome(plain, Buffer.concat([whole, whole])))
  })

  it.each([
    ['values of no writer', [0x68, 2]],
    ['numbers of more bytes than they need', [0x68, 0x82, 0x80, 0, 0x18, 0x81, 0, 0x72, 0x81, 0, 0x61]],
    ['tags of more bytes than they need', [0x98, 0x80, 0, 5, 0x8a, 0, 1, 0x61]],
    ['lengths past the end', [0x8a, 1, 3, 0x0a, 2, 0x61]],
    ['a field of number 0', [0, 0]],
  ])('reads or refuses %s alike', (_, bytes) => {
    expect(outcome(made, new Uint8Array(bytes))).toEqual(outcome(plain, new Uint8Array(bytes)))
  })

  it('reads, keeps and refuses the same of bytes that are cut off or changed', () => {
    const next = numbers(7)
    for (let at = 0; at < whole.length; at++) {
      const bytes = whole.subarray(0, at)
      expect(outcome(made, bytes)).toEqual(outcome(plain, bytes))
    }
    for (let n = 0; n < 3000; n++) {
      const bytes = Buffer.concat([whole, whole.subarray(next(whole.length), next(whole.length))])
      for (let changes = 1 + next(3); changes > 0; changes--) bytes[next(bytes.length)] = next(256)
      const cut = new Uint8Array(bytes.subarray(next(4) === 0 ? next(bytes.length) : 0))
      expect(outcome(made, cut)).toEqual(outcome(plain, cut))
    }
  })
})

describe('code made for a type', () => {
  it('is not needed where strings must not become code', () => {
    const script = `
      import { Struct, Timestamp } from './src/codec/index.js'
      let forbidden = false
      try { new Function('') } catch { forbidden = true }
      const time = Timestamp.decode(Timestamp.encode({ seconds: 5n, nanos: 7 }))
      const struct = Struct.toJson(Struct.decode(Struct.encode(Struct.fromJson({ a: [1, 'b', { c: null }] }))))
      console.log(JSON.stringify([forbidden, String(time.seconds), time.nanos, struct]))`
    const flags = ['--disallow-code-generation-from-strings', '--import', 'tsx', '--input-type=module', '-e', script]
    const { stdout, stderr } = spawnSync(process.execPath, flags, { encoding: 'utf8' })
    expect(stdout, stderr).toBe('[true,"5",7,{"a":[1,"b",{"c":null}]}]\n')
  })

  it.each([
    '"]; globalThis.injected = true; message["',
    "']; globalThis.injected = true; message['",
    `\`\${globalThis.injected = true}\``,
    '\\"]; globalThis.injected = true //',
    '\u2028globalThis.injected = true\u2028',
    '*/ globalThis.injected = true /*',
    'a b\n',
    'whole',
    'message',
  ])('takes the name %j as a name', (name) => {
    const type = new protobuf.Type('M')
    type.add(new protobuf.Field(name, 1, 'string')).add(new protobuf.MapField(`${name}2`, 2, 'string', 'string'))
    type.add(new protobuf.Field(`${name}3`, 3, 'int32', 'repeated'))
    type.add(new protobuf.OneOf(`${name}4`).add(new protobuf.Field(`${name}5`, 5, 'string')))
    new protobuf.Root().add(type)
    const codec = messageCodec<Record<string, unknown>>(type)
    const message = {
      [name]: 'x',
      [`${name}2`]: { [name]: 'y' },
      [`${name}3`]: [1],
      [`${name}4`]: { case: `${name}5`, value: 'z' },
    }
    expect(codec.decode(codec.encode(message))).toEqual(message)
    expect(globalThis).not.toHaveProperty('injected')
  })

  it('leaves messages plain objects, which lack what was not read', () => {
    const message = codecOf('Kinds', proto3).decode(new Uint8Array())
    expect(Object.getPrototypeOf(message)).toBe(Object.prototype)
    expect(message).not.toHaveProperty('aa')
    expect(Object.keys(codecOf('Item', proto3).decode(new Uint8Array()))).toEqual(['sku', 'quantity'])
  })
})
