import protobuf from 'protobufjs'
import type { MessageCodec } from 'tierkit/codec'
import { messageCodec } from 'tierkit/codec'
import { addBundled } from '../../src/codec/protobuf/bundled/bundled-root.js'

/** A message with a field of every kind. */
const source = `
syntax = "proto3";
package kinds.v1;

enum Color { COLOR_UNSPECIFIED = 0; RED = 1; GREEN = 2; }
message Item { string sku = 1; uint32 quantity = 2; Item inner = 3; }
message Kinds {
  double f_double = 1;
  float f_float = 2;
  int32 f_int32 = 3;
  int64 f_int64 = 4;
  uint32 f_uint32 = 5;
  uint64 f_uint64 = 6;
  sint32 f_sint32 = 7;
  sint64 f_sint64 = 8;
  fixed32 f_fixed32 = 9;
  fixed64 f_fixed64 = 10;
  sfixed32 f_sfixed32 = 11;
  sfixed64 f_sfixed64 = 12;
  bool f_bool = 13;
  string f_string = 14;
  bytes f_bytes = 15;
  Color f_color = 16;
  Item f_item = 17;
  repeated int64 r_int64 = 18;
  repeated string r_string = 19;
  repeated Item r_item = 20;
  repeated Color r_color = 21;
  repeated sint32 r_loose = 22 [packed = false];
  map<string, int64> m_string = 23;
  map<int64, string> m_int64 = 24;
  map<bool, Item> m_bool = 25;
  map<uint32, bytes> m_uint32 = 26;
  map<string, Color> m_color = 27;
  optional string o_string = 28;
  optional int64 o_int64 = 29;
  oneof contact { string email = 30; Item item = 31; uint64 phone = 32; }
  map<uint64, uint64> m_uint64 = 33;
  string constructor = 34;
}`

export const root: protobuf.Root = protobuf.parse(source).root

/** The codec of a type of a `.proto` source, which may use bundled files, or of the one above. */
export function codecOf<T = Record<string, unknown>>(
  name: string,
  text?: string,
  ...bundled: string[]
): MessageCodec<T> {
  if (text === undefined) return messageCodec<T>(root.lookupType(name))
  const own = new protobuf.Root()
  for (const file of bundled) addBundled(own, file)
  return messageCodec<T>(protobuf.parse(text, own).root.lookupType(name))
}

/** What decoding no bytes gives. */
export const defaults = {
  fDouble: 0,
  fFloat: 0,
  fInt32: 0,
  fInt64: 0n,
  fUint32: 0,
  fUint64: 0n,
  fSint32: 0,
  fSint64: 0n,
  fFixed32: 0,
  fFixed64: 0n,
  fSfixed32: 0,
  fSfixed64: 0n,
  fBool: false,
  fString: '',
  fBytes: new Uint8Array(0),
  fColor: 0,
  rInt64: [],
  rString: [],
  rItem: [],
  rColor: [],
  rLoose: [],
  mString: {},
  mInt64: {},
  mBool: {},
  mUint32: {},
  mColor: {},
  mUint64: {},
  constructor: '',
}

const item = { sku: 'a', quantity: 2 }

/** For each field, values with their ProtoJSON. */
export const values: readonly (readonly [field: string, value: unknown, json: unknown])[] = [
  ['fDouble', 1.5, 1.5],
  ['fDouble', Number.NaN, 'NaN'],
  ['fDouble', Number.NEGATIVE_INFINITY, '-Infinity'],
  ['fDouble', Number.MIN_VALUE, Number.MIN_VALUE],
  ['fFloat', 0.5, 0.5],
  ['fFloat', Number.POSITIVE_INFINITY, 'Infinity'],
  ['fInt32', -2147483648, -2147483648],
  ['fInt32', 2147483647, 2147483647],
  ['fInt64', -9223372036854775808n, '-9223372036854775808'],
  ['fInt64', 9223372036854775807n, '9223372036854775807'],
  ['fInt64', -1n, '-1'],
  ['fInt64', 4294967296n, '4294967296'],
  ['fInt64', -9007199254740993n, '-9007199254740993'],
  ['fUint32', 4294967295, 4294967295],
  ['fUint64', 18446744073709551615n, '18446744073709551615'],
  ['fUint64', 9007199254740993n, '9007199254740993'],
  ['fSint32', -2147483648, -2147483648],
  ['fSint64', -9223372036854775808n, '-9223372036854775808'],
  ['fSint64', 9223372036854775807n, '9223372036854775807'],
  ['fFixed32', 4294967295, 4294967295],
  ['fFixed64', 18446744073709551615n, '18446744073709551615'],
  ['fSfixed32', -2147483648, -2147483648],
  ['fSfixed64', -9223372036854775808n, '-9223372036854775808'],
  ['fBool', true, true],
  ['fString', 'añ€😀', 'añ€😀'],
  ['fString', 'x'.repeat(300), 'x'.repeat(300)],
  ['fBytes', new Uint8Array([0, 255, 62]), 'AP8+'],
  ['fColor', 1, 'RED'],
  ['fColor', 77, 77],
  ['fItem', { sku: '', quantity: 0 }, {}],
  ['fItem', { ...item, inner: item }, { ...item, inner: item }],
  ['rInt64', [0n, -1n, 9223372036854775807n], ['0', '-1', '9223372036854775807']],
  ['rString', ['', 'b'], ['', 'b']],
  ['rItem', [item, { sku: '', quantity: 0 }], [item, {}]],
  ['rColor', [0, 2, 99], ['COLOR_UNSPECIFIED', 'GREEN', 99]],
  ['rLoose', [-1, 0, 1], [-1, 0, 1]],
  ['mString', { a: 1n, '': -9223372036854775808n }, { a: '1', '': '-9223372036854775808' }],
  ['mInt64', { '-9223372036854775808': 'min', 0: 'zero' }, { '-9223372036854775808': 'min', 0: 'zero' }],
  ['mBool', { true: item, false: { sku: '', quantity: 0 } }, { true: item, false: {} }],
  ['mUint32', { 4294967295: new Uint8Array([1]) }, { 4294967295: 'AQ==' }],
  ['mColor', { a: 2, b: 55 }, { a: 'GREEN', b: 55 }],
  ['mUint64', { '18446744073709551615': 18446744073709551615n }, { '18446744073709551615': '18446744073709551615' }],
  ['oString', '', ''],
  ['oInt64', 0n, '0'],
  ['constructor', 'made', 'made'],
]
