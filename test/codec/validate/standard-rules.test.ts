import { describe, expect, it } from 'vitest'
import { fieldChecker, NOW_MS } from './fixture.js'

/** Type, rules, values that comply, and values that do not with the id of the rule. */
type Row = [type: string, rules: string, good: unknown[], bad: [value: unknown, ...ids: string[]][]]

const bytes = (...values: number[]) => Uint8Array.from(values)
const at = (ms: number, nanos = 0) => ({ seconds: BigInt(Math.floor(ms / 1000)), nanos })
const span = (seconds: number, nanos = 0) => ({ seconds: BigInt(seconds), nanos })
const any = (typeUrl: string) => ({ typeUrl, value: bytes() })

const rows: Row[] = [
  // Numbers
  ['int32', 'int32.const = 5', [5], [[4, 'int32.const']]],
  ['int32', 'int32.lt = 5', [4, -9], [[5, 'int32.lt']]],
  ['int32', 'int32.lte = 5', [5], [[6, 'int32.lte']]],
  ['sint32', 'sint32.gt = -5', [-4], [[-5, 'sint32.gt']]],
  ['sfixed32', 'sfixed32.gte = 5', [5], [[4, 'sfixed32.gte']]],
  [
    'uint32',
    'uint32 = {gt: 1, lt: 4}',
    [2, 3],
    [
      [1, 'uint32.gt_lt'],
      [4, 'uint32.gt_lt'],
    ],
  ],
  [
    'fixed32',
    'fixed32 = {gte: 1, lte: 4}',
    [1, 4],
    [
      [0, 'fixed32.gte_lte'],
      [5, 'fixed32.gte_lte'],
    ],
  ],
  [
    'int32',
    'int32 = {gt: 4, lt: 1}',
    [0, 5],
    [
      [1, 'int32.gt_lt_exclusive'],
      [4, 'int32.gt_lt_exclusive'],
    ],
  ],
  ['int32', 'int32 = {gte: 4, lte: 1}', [1, 4], [[2, 'int32.gte_lte_exclusive']]],
  ['int32', 'int32 = {gte: 4, lt: 1}', [0, 4], [[1, 'int32.gte_lt_exclusive']]],
  ['int32', 'int32 = {gt: 4, lte: 1}', [1, 5], [[4, 'int32.gt_lte_exclusive']]],
  ['int32', 'int32.gte = 2; int32.lte = 2', [2], [[1, 'int32.gte_lte']]],
  ['int32', 'int32 = {in: [1, 3]}', [1, 3], [[2, 'int32.in']]],
  ['int32', 'int32.in = 1; int32.in = 3', [3], [[2, 'int32.in']]],
  ['int32', 'int32 = {not_in: [1, 3]}', [2], [[3, 'int32.not_in']]],
  ['int64', 'int64.gt = 5', [6n], [[5n, 'int64.gt']]],
  ['int64', 'int64.lte = 9223372036854775807', [2n ** 63n - 1n], []],
  ['uint64', 'uint64 = {in: [1, 18446744073709551615]}', [2n ** 64n - 1n], [[2n, 'uint64.in']]],
  ['sint64', 'sint64.const = -3', [-3n], [[3n, 'sint64.const']]],
  ['fixed64', 'fixed64.not_in = 3', [4n], [[3n, 'fixed64.not_in']]],
  ['sfixed64', 'sfixed64 = {gt: -2, lt: 2}', [0n], [[2n, 'sfixed64.gt_lt']]],
  ['float', 'float.const = 0.1', [Math.fround(0.1)], [[0.5, 'float.const']]],
  [
    'float',
    'float.finite = true',
    [1],
    [
      [Infinity, 'float.finite'],
      [NaN, 'float.finite'],
    ],
  ],
  [
    'double',
    'double.gt = 1.5',
    [2],
    [
      [1.5, 'double.gt'],
      [NaN, 'double.gt'],
    ],
  ],
  [
    'double',
    'double = {gt: -inf, lt: inf}',
    [0],
    [
      [Infinity, 'double.gt_lt'],
      [NaN, 'double.gt_lt'],
    ],
  ],
  [
    'double',
    'double = {gt: 5, lt: 1}',
    [0, 6],
    [
      [3, 'double.gt_lt_exclusive'],
      [NaN, 'double.gt_lt_exclusive'],
    ],
  ],
  ['double', 'double = {in: [1, nan]}', [1], [[NaN, 'double.in']]],
  ['double', 'double.finite = false', [Infinity], []],
  // Bool and enum
  ['bool', 'bool.const = true', [true], [[false, 'bool.const']]],
  ['Color', 'enum.const = 1', [1], [[2, 'enum.const']]],
  ['Color', 'enum.defined_only = true', [0, 2], [[7, 'enum.defined_only']]],
  ['Color', 'enum.defined_only = false', [7], []],
  ['Color', 'enum = {in: [1, 2]}', [1], [[0, 'enum.in']]],
  ['Color', 'enum.not_in = 0', [1], [[0, 'enum.not_in']]],
  // Strings
  ['string', 'string.const = "a"', ['a'], [['A', 'string.const']]],
  [
    'string',
    'string.len = 2',
    ['ab', '😀é'],
    [
      ['😀', 'string.len'],
      ['abc', 'string.len'],
    ],
  ],
  [
    'string',
    'string.min_len = 2',
    ['ab', '😀😀'],
    [
      ['😀', 'string.min_len'],
      ['', 'string.min_len'],
    ],
  ],
  ['string', 'string.max_len = 2', ['', '😀😀'], [['abc', 'string.max_len']]],
  [
    'string',
    'string = {min_len: 1}; string.max_len = 2',
    ['a'],
    [
      ['', 'string.min_len'],
      ['abc', 'string.max_len'],
    ],
  ],
  ['string', 'string.len_bytes = 4', ['😀'], [['é', 'string.len_bytes']]],
  ['string', 'string.min_bytes = 3', ['€'], [['é', 'string.min_bytes']]],
  ['string', 'string.max_bytes = 3', ['€'], [['😀', 'string.max_bytes']]],
  [
    'string',
    'string.pattern = "^[a-z]+$"',
    ['abc'],
    [
      ['aBc', 'string.pattern'],
      ['', 'string.pattern'],
    ],
  ],
  ['string', 'string.prefix = "foo"', ['foobar'], [['barfoo', 'string.prefix']]],
  ['string', 'string.suffix = "foo"', ['barfoo'], [['foobar', 'string.suffix']]],
  ['string', 'string.contains = "o b"', ['foo bar'], [['foobar', 'string.contains']]],
  ['string', 'string.not_contains = "bar"', ['foo'], [['foobar', 'string.not_contains']]],
  ['string', 'string = {in: ["a", "b"]}', ['b'], [['c', 'string.in']]],
  ['string', 'string = {not_in: ["a", "b"]}', ['c'], [['b', 'string.not_in']]],
  [
    'string',
    'string.email = true',
    ['a@b', 'a.b+c@d-e.example'],
    [
      ['', 'string.email_empty'],
      ['a@', 'string.email'],
      ['a@b@c', 'string.email'],
      ['a b@c', 'string.email'],
      ['a@-b', 'string.email'],
      ['A <a@b.c>', 'string.email'],
    ],
  ],
  ['string', 'string.email = false', ['x'], []],
  [
    'string',
    'string.hostname = true',
    ['a', 'a-b.example.', '1a.b2'],
    [
      ['', 'string.hostname_empty'],
      ['a.1', 'string.hostname'],
      ['-a', 'string.hostname'],
      ['a..b', 'string.hostname'],
      [`${'a'.repeat(64)}.b`, 'string.hostname'],
      ['a_b', 'string.hostname'],
    ],
  ],
  [
    'string',
    'string.ip = true',
    ['127.0.0.1', '::1', 'fe80::1%eth0'],
    [
      ['', 'string.ip_empty'],
      ['1.2.3', 'string.ip'],
      ['256.0.0.1', 'string.ip'],
      ['01.2.3.4', 'string.ip'],
      ['fe80::1%', 'string.ip'],
    ],
  ],
  ['string', 'string.ipv4 = true', ['0.0.0.0'], [['::1', 'string.ipv4']]],
  [
    'string',
    'string.ipv6 = true',
    ['1:2:3:4:5:6:7:8', '::ffff:1.2.3.4', '1::'],
    [
      ['1.2.3.4', 'string.ipv6'],
      ['1::2::3', 'string.ipv6'],
      ['1:2:3:4:5:6:7', 'string.ipv6'],
      ['12345::', 'string.ipv6'],
    ],
  ],
  [
    'string',
    'string.uri = true',
    ['https://a.example/b?c=d#e', 'urn:isbn:1', 'http://[::1]:80/', 'http://[fe80::1%25eth0]/', 'a:'],
    [
      ['', 'string.uri_empty'],
      ['/a', 'string.uri'],
      ['1a:b', 'string.uri'],
      ['http://a b', 'string.uri'],
      ['http://a/%2', 'string.uri'],
      ['http://a:b/', 'string.uri'],
      ['http://%ff/', 'string.uri'],
    ],
  ],
  [
    'string',
    'string.uri_ref = true',
    ['', '/a?b', './a:b', '//host'],
    [
      ['a b', 'string.uri_ref'],
      ['1a:b', 'string.uri_ref'],
    ],
  ],
  [
    'string',
    'string.address = true',
    ['a.example', '1.2.3.4', '::1'],
    [
      ['a_b', 'string.address'],
      ['', 'string.address_empty'],
    ],
  ],
  [
    'string',
    'string.uuid = true',
    ['123e4567-e89b-12d3-a456-426614174000'],
    [
      ['', 'string.uuid_empty'],
      ['123e4567e89b12d3a456426614174000', 'string.uuid'],
    ],
  ],
  [
    'string',
    'string.tuuid = true',
    ['123e4567e89b12d3a456426614174000'],
    [
      ['123e4567', 'string.tuuid'],
      ['', 'string.tuuid_empty'],
    ],
  ],
  [
    'string',
    'string.ulid = true',
    ['01ARZ3NDEKTSV4RRFFQ69G5FAV'],
    [
      ['81ARZ3NDEKTSV4RRFFQ69G5FAV', 'string.ulid'],
      ['01ARZ3NDEKTSV4RRFFQ69G5FAU', 'string.ulid'],
    ],
  ],
  [
    'string',
    'string.protobuf_fqn = true',
    ['a.v1.B_'],
    [
      ['.a', 'string.protobuf_fqn'],
      ['a..b', 'string.protobuf_fqn'],
    ],
  ],
  ['string', 'string.protobuf_dot_fqn = true', ['.a.B'], [['a.B', 'string.protobuf_dot_fqn']]],
  [
    'string',
    'string.ip_with_prefixlen = true',
    ['10.0.0.1/8', '::1/128'],
    [
      ['10.0.0.1', 'string.ip_with_prefixlen'],
      ['10.0.0.1/33', 'string.ip_with_prefixlen'],
      ['10.0.0.1/08', 'string.ip_with_prefixlen'],
    ],
  ],
  ['string', 'string.ipv4_with_prefixlen = true', ['10.0.0.1/8'], [['::1/8', 'string.ipv4_with_prefixlen']]],
  ['string', 'string.ipv6_with_prefixlen = true', ['::1/8'], [['::1/129', 'string.ipv6_with_prefixlen']]],
  ['string', 'string.ip_prefix = true', ['10.0.0.0/8', '::/0'], [['10.0.0.1/8', 'string.ip_prefix']]],
  ['string', 'string.ipv4_prefix = true', ['10.128.0.0/9'], [['10.192.0.0/9', 'string.ipv4_prefix']]],
  ['string', 'string.ipv6_prefix = true', ['2001:db8::/32'], [['2001:db8::1/32', 'string.ipv6_prefix']]],
  [
    'string',
    'string.host_and_port = true',
    ['a.example:80', '[::1]:0', '1.2.3.4:65535'],
    [
      ['a.example', 'string.host_and_port'],
      ['a:65536', 'string.host_and_port'],
      ['::1:80', 'string.host_and_port'],
      ['a:080', 'string.host_and_port'],
    ],
  ],
  [
    'string',
    'string.well_known_regex = KNOWN_REGEX_HTTP_HEADER_NAME',
    ['x-a', ':path'],
    [
      ['', 'string.well_known_regex.header_name_empty'],
      ['a b', 'string.well_known_regex.header_name'],
    ],
  ],
  [
    'string',
    'string = {well_known_regex: KNOWN_REGEX_HTTP_HEADER_NAME, strict: false}',
    ['a b'],
    [['a\nb', 'string.well_known_regex.header_name']],
  ],
  [
    'string',
    'string.well_known_regex = KNOWN_REGEX_HTTP_HEADER_VALUE',
    ['', 'a\tb'],
    [['a\u0001', 'string.well_known_regex.header_value']],
  ],
  [
    'string',
    'string = {well_known_regex: KNOWN_REGEX_HTTP_HEADER_VALUE, strict: false}',
    ['a\u0001'],
    [['a\r', 'string.well_known_regex.header_value']],
  ],
  ['string', 'string.example = "a"', ['b'], []],
  // Bytes
  ['bytes', 'bytes.const = "\\x01\\xff"', [bytes(1, 255)], [[bytes(1), 'bytes.const']]],
  ['bytes', 'bytes.len = 2', [bytes(1, 2)], [[bytes(1), 'bytes.len']]],
  [
    'bytes',
    'bytes = {min_len: 1, max_len: 2}',
    [bytes(1)],
    [
      [bytes(), 'bytes.min_len'],
      [bytes(1, 2, 3), 'bytes.max_len'],
    ],
  ],
  [
    'bytes',
    'bytes.pattern = "^a+$"',
    [bytes(97)],
    [
      [bytes(98), 'bytes.pattern'],
      [bytes(255), 'bytes.pattern'],
    ],
  ],
  ['bytes', 'bytes.prefix = "a"', [bytes(97, 1)], [[bytes(1, 97), 'bytes.prefix']]],
  ['bytes', 'bytes.suffix = "a"', [bytes(1, 97)], [[bytes(97, 1), 'bytes.suffix']]],
  ['bytes', 'bytes.contains = "ab"', [bytes(1, 97, 98)], [[bytes(97, 1, 98), 'bytes.contains']]],
  ['bytes', 'bytes = {in: ["a", "bc"]}', [bytes(98, 99)], [[bytes(98), 'bytes.in']]],
  ['bytes', 'bytes = {not_in: ["a"]}', [bytes(98)], [[bytes(97), 'bytes.not_in']]],
  [
    'bytes',
    'bytes.ip = true',
    [new Uint8Array(4), new Uint8Array(16)],
    [
      [new Uint8Array(5), 'bytes.ip'],
      [bytes(), 'bytes.ip_empty'],
    ],
  ],
  ['bytes', 'bytes.ipv4 = true', [new Uint8Array(4)], [[new Uint8Array(16), 'bytes.ipv4']]],
  ['bytes', 'bytes.ipv6 = true', [new Uint8Array(16)], [[new Uint8Array(4), 'bytes.ipv6']]],
  ['bytes', 'bytes.uuid = true', [new Uint8Array(16)], [[new Uint8Array(15), 'bytes.uuid']]],
  // Lists and maps
  ['repeated string', 'repeated.min_items = 1', [['a']], [[[], 'repeated.min_items']]],
  ['repeated string', 'repeated.max_items = 1', [[]], [[['a', 'b'], 'repeated.max_items']]],
  ['repeated string', 'repeated.unique = true', [['a', 'b'], []], [[['a', 'b', 'a'], 'repeated.unique']]],
  ['repeated bytes', 'repeated.unique = true', [[bytes(1), bytes(2)]], [[[bytes(1), bytes(1)], 'repeated.unique']]],
  ['repeated double', 'repeated.unique = true', [[NaN, NaN]], [[[1, 1], 'repeated.unique']]],
  ['repeated Color', 'repeated.items.enum.defined_only = true', [[0]], [[[0, 9], 'v[1] enum.defined_only']]],
  ['repeated int64', 'repeated.items = {int64: {gt: 0}}', [[1n]], [[[1n, 0n], 'v[1] int64.gt']]],
  [
    'repeated string',
    'repeated.items = {ignore: IGNORE_IF_ZERO_VALUE, string: {min_len: 3}}',
    [['', 'abc']],
    [[['', 'a'], 'v[1] string.min_len']],
  ],
  ['repeated string', 'repeated.items = {ignore: IGNORE_ALWAYS, string: {min_len: 3}}', [['a']], []],
  ['map<string, int32>', 'map.min_pairs = 1', [{ a: 1 }], [[{}, 'map.min_pairs']]],
  ['map<string, int32>', 'map.max_pairs = 1', [{}], [[{ a: 1, b: 2 }, 'map.max_pairs']]],
  ['map<string, int32>', 'map.keys.string.min_len = 2', [{ ab: 1 }], [[{ a: 1 }, 'v["a"] key string.min_len']]],
  ['map<string, int32>', 'map.values.int32.gt = 0', [{ a: 1 }], [[{ 'a"b': 0 }, 'v["a\\"b"] int32.gt']]],
  ['map<uint64, string>', 'map.keys.uint64.lt = 5', [{ 4: '' }], [[{ 5: '' }, 'v[5] key uint64.lt']]],
  ['map<bool, string>', 'map.keys.bool.const = true', [{ true: '' }], [[{ false: '' }, 'v[false] key bool.const']]],
  // Well-known types
  [
    'google.protobuf.Any',
    'any.in = "a/b"',
    [any('a/b'), undefined],
    [
      [any('a/c'), 'any.in'],
      [any(''), 'any.in'],
    ],
  ],
  ['google.protobuf.Any', 'any.not_in = "a/b"', [any('a/c')], [[any('a/b'), 'any.not_in']]],
  ['google.protobuf.Duration', 'duration.const = {seconds: 3}', [span(3), undefined], [[span(3, 1), 'duration.const']]],
  ['google.protobuf.Duration', 'duration.lt.seconds = 3', [span(2, 999)], [[span(3), 'duration.lt']]],
  [
    'google.protobuf.Duration',
    'duration = {gte: {seconds: 1}, lte: {nanos: 5}}',
    [span(1), span(0, 5)],
    [[span(0, 6), 'duration.gte_lte_exclusive']],
  ],
  ['google.protobuf.Duration', 'duration = {in: [{seconds: 1}, {seconds: 2}]}', [span(2)], [[span(3), 'duration.in']]],
  ['google.protobuf.Duration', 'duration = {not_in: [{seconds: 1}]}', [span(2)], [[span(1), 'duration.not_in']]],
  ['google.protobuf.Duration', 'duration.gt = {seconds: -1}', [span(0, -5)], [[span(-1, -5), 'duration.gt']]],
  ['google.protobuf.Timestamp', 'timestamp.const = {seconds: 3}', [at(3000)], [[at(3000, 1), 'timestamp.const']]],
  [
    'google.protobuf.Timestamp',
    'timestamp = {gt: {seconds: 1}, lt: {seconds: 3}}',
    [at(2000)],
    [[at(3000), 'timestamp.gt_lt']],
  ],
  ['google.protobuf.Timestamp', 'timestamp.lt_now = true', [at(NOW_MS), at(0)], [[at(NOW_MS, 1), 'timestamp.lt_now']]],
  [
    'google.protobuf.Timestamp',
    'timestamp.gt_now = true',
    [at(NOW_MS), at(NOW_MS, 1)],
    [[at(NOW_MS - 1000, 999_999_999), 'timestamp.gt_now']],
  ],
  [
    'google.protobuf.Timestamp',
    'timestamp.within = {seconds: 60}',
    [at(NOW_MS - 60_000), at(NOW_MS + 60_000)],
    [
      [at(NOW_MS + 60_000, 1), 'timestamp.within'],
      [at(NOW_MS - 61_000), 'timestamp.within'],
    ],
  ],
  [
    'google.protobuf.FieldMask',
    'field_mask.const = {paths: ["a"]}',
    [{ paths: ['a'] }],
    [[{ paths: ['a', 'b'] }, 'field_mask.const']],
  ],
  [
    'google.protobuf.FieldMask',
    'field_mask = {in: ["a", "b"]}',
    [{ paths: ['a.c', 'b'] }],
    [[{ paths: ['ab'] }, 'field_mask.in']],
  ],
  [
    'google.protobuf.FieldMask',
    'field_mask = {not_in: ["a"]}',
    [{ paths: ['b'] }],
    [[{ paths: ['a.b'] }, 'field_mask.not_in']],
  ],
  [
    'google.protobuf.StringValue',
    'string.min_len = 1',
    [undefined, { value: 'a' }],
    [[{ value: '' }, 'string.min_len']],
  ],
  ['google.protobuf.Int64Value', 'int64.gt = 0', [undefined, { value: 1n }], [[{}, 'int64.gt']]],
  ['google.protobuf.BoolValue', 'bool.const = true', [{ value: true }], [[{ value: false }, 'bool.const']]],
  [
    'repeated google.protobuf.UInt32Value',
    'repeated.items.uint32.gt = 0',
    [[{ value: 1 }]],
    [[[{ value: 0 }], 'v[0] uint32.gt']],
  ],
  // Presence
  [
    'string',
    'required = true',
    ['a'],
    [
      ['', 'required'],
      [undefined, 'required'],
    ],
  ],
  ['optional string', 'required = true', ['', 'a'], [[undefined, 'required']]],
  ['int64', 'required = true', [1n], [[0n, 'required']]],
  ['double', 'required = true', [-0], [[0, 'required']]],
  ['repeated string', 'required = true', [['']], [[[], 'required']]],
  ['map<string, string>', 'required = true', [{ a: '' }], [[{}, 'required']]],
  ['google.protobuf.Duration', 'required = true', [span(0)], [[undefined, 'required']]],
  ['optional string', 'string.min_len = 1', [undefined], [['', 'string.min_len']]],
  ['string', 'string.min_len = 1; ignore = IGNORE_IF_ZERO_VALUE', ['', undefined], []],
  ['optional int32', 'int32.gt = 1; ignore = IGNORE_IF_ZERO_VALUE', [undefined], [[0, 'int32.gt']]],
  ['string', 'string.min_len = 1; required = true; ignore = IGNORE_ALWAYS', [''], []],
  ['string', 'string.min_len = 1; required = true', ['a'], [['', 'required']]],
  ['string', 'string.min_len = 3; string.email = true', ['a@b'], [['a', 'string.min_len', 'string.email']]],
]

describe('standard rules', () => {
  for (const [type, rules, good, bad] of rows) {
    it(`${type} with ${rules}`, () => {
      const check = fieldChecker(type, rules)
      for (const value of good) expect([value, check(value)]).toEqual([value, []])
      for (const [value, ...ids] of bad) {
        expect([value, check(value)]).toEqual([value, ids])
      }
    })
  }
})
