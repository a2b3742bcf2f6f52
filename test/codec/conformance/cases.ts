import type { JsonValue } from 'tierkit/codec'

/** A member of the proto3 test message: JSON that is taken, what it is in TypeScript, and the JSON that is written. */
export type Taken = readonly [field: string, json: JsonValue, message: unknown, written?: JsonValue]

const small = ['Int32', 'Sint32', 'Sfixed32'] as const
const unsigned = ['Uint32', 'Fixed32'] as const
const long = ['Int64', 'Sint64', 'Sfixed64'] as const
const unsignedLong = ['Uint64', 'Fixed64'] as const

const integers = (
  kinds: readonly string[],
  cases: readonly (readonly [json: JsonValue, message: unknown, written?: JsonValue])[],
): Taken[] =>
  kinds.flatMap((kind) =>
    cases.map(([json, value, written = json]): Taken => [`optional${kind}`, json, value, written]),
  )

export const scalars: readonly Taken[] = [
  ...integers(small, [
    [-2147483648, -2147483648],
    [2147483647, 2147483647],
    ['-2147483648', -2147483648, -2147483648],
    ['12', 12, 12],
    ['1e5', 100000, 100000],
    [1e5, 100000],
    ['1.5e1', 15, 15],
    ['7.000', 7, 7],
    ['20E-1', 2, 2],
  ]),
  ...integers(unsigned, [
    [4294967295, 4294967295],
    ['4294967295', 4294967295, 4294967295],
    ['4.294967295e9', 4294967295, 4294967295],
  ]),
  ...integers(long, [
    ['-9223372036854775808', -9223372036854775808n],
    ['9223372036854775807', 9223372036854775807n],
    [9007199254740991, 9007199254740991n, '9007199254740991'],
    [-5, -5n, '-5'],
    ['1e18', 1000000000000000000n, '1000000000000000000'],
    ['9.223372036854775807e18', 9223372036854775807n, '9223372036854775807'],
    ['9223372036854775807.0', 9223372036854775807n, '9223372036854775807'],
    ['1000e-3', 1n, '1'],
  ]),
  ...integers(unsignedLong, [
    ['18446744073709551615', 18446744073709551615n],
    [1, 1n, '1'],
    ['1.8446744073709551615e19', 18446744073709551615n, '18446744073709551615'],
  ]),
  ['optionalFloat', 0.1, Math.fround(0.1)],
  ['optionalFloat', 3.4028235e38, 3.4028234663852886e38, 3.4028235e38],
  ['optionalFloat', 1.401298464324817e-45, 1.401298464324817e-45, 1.4013e-45],
  ['optionalFloat', 'NaN', Number.NaN],
  ['optionalFloat', '-0', -0, -0],
  ['optionalFloat', '2.5', 2.5, 2.5],
  ['optionalDouble', 1.7976931348623157e308, 1.7976931348623157e308],
  ['optionalDouble', 5e-324, 5e-324],
  ['optionalDouble', 'Infinity', Number.POSITIVE_INFINITY],
  ['optionalDouble', '-Infinity', Number.NEGATIVE_INFINITY],
  ['optionalDouble', 'NaN', Number.NaN],
  ['optionalDouble', '-1.5e3', -1500, -1500],
  ['optionalDouble', -0, -0],
  ['optionalBool', true, true],
  ['optionalString', 'añ€😀\u0000"\\', 'añ€😀\u0000"\\'],
  ['optionalString', '__proto__', '__proto__'],
  ['optionalBytes', 'AQID', new Uint8Array([1, 2, 3])],
  ['optionalBytes', '-_-_', new Uint8Array([0xfb, 0xff, 0xbf]), '+/+/'],
  ['optionalBytes', 'AQ', new Uint8Array([1]), 'AQ=='],
  ['optionalBytes', 'AQI', new Uint8Array([1, 2]), 'AQI='],
  ['optionalNestedEnum', 'BAZ', 2],
  ['optionalNestedEnum', -1, -1, 'NEG'],
  ['optionalNestedEnum', 99, 99],
  ['optionalAliasedEnum', 'bAz', 2, 'ALIAS_BAZ'],
]

const nested = { a: 1 }
const maps: readonly (readonly [name: string, json: JsonValue, message: unknown])[] = [
  ['Int32Int32', { '-2147483648': 1, '0': -1 }, { '-2147483648': 1, '0': -1 }],
  ['Int64Int64', { '-9223372036854775808': '1' }, { '-9223372036854775808': 1n }],
  ['Uint32Uint32', { '4294967295': 1 }, { '4294967295': 1 }],
  ['Uint64Uint64', { '18446744073709551615': '1' }, { '18446744073709551615': 1n }],
  ['Sint32Sint32', { '-1': 1 }, { '-1': 1 }],
  ['Sint64Sint64', { '-1': '1' }, { '-1': 1n }],
  ['Fixed32Fixed32', { '1': 1 }, { '1': 1 }],
  ['Fixed64Fixed64', { '1': '1' }, { '1': 1n }],
  ['Sfixed32Sfixed32', { '-1': 1 }, { '-1': 1 }],
  ['Sfixed64Sfixed64', { '-1': '1' }, { '-1': 1n }],
  ['Int32Float', { '1': 0.5 }, { '1': 0.5 }],
  ['Int32Double', { '1': 'NaN' }, { '1': Number.NaN }],
  ['BoolBool', { true: false, false: true }, { true: false, false: true }],
  ['StringString', { '': '', 'a b': 'c' }, { '': '', 'a b': 'c' }],
  ['StringBytes', { a: '' }, { a: new Uint8Array() }],
  ['StringNestedMessage', { a: nested }, { a: nested }],
  ['StringForeignMessage', { a: { c: 1 } }, { a: { c: 1 } }],
  ['StringNestedEnum', { a: 'BAR', b: 9 }, { a: 1, b: 9 }],
  ['StringForeignEnum', { a: 'FOREIGN_BAZ' }, { a: 2 }],
]

const elements: readonly (readonly [kind: string, json: JsonValue[], message: unknown[]])[] = [
  ['Int32', [0, -1, 2147483647], [0, -1, 2147483647]],
  ['Int64', ['0', '-9223372036854775808'], [0n, -9223372036854775808n]],
  ['Uint32', [0, 4294967295], [0, 4294967295]],
  ['Uint64', ['18446744073709551615'], [18446744073709551615n]],
  ['Sint32', [-2147483648], [-2147483648]],
  ['Sint64', ['-9223372036854775808'], [-9223372036854775808n]],
  ['Fixed32', [4294967295], [4294967295]],
  ['Fixed64', ['1'], [1n]],
  ['Sfixed32', [-1], [-1]],
  ['Sfixed64', ['-1'], [-1n]],
  ['Float', [0, 1.5, -0], [0, 1.5, -0]],
  ['Double', [0.1, 'Infinity'], [0.1, Number.POSITIVE_INFINITY]],
  ['Bool', [true, false], [true, false]],
]

export const collections: readonly Taken[] = [
  ...['repeated', 'packed', 'unpacked'].flatMap((form) =>
    elements.map(([kind, json, message]): Taken => [`${form}${kind}`, json, message]),
  ),
  ['repeatedString', ['', 'b'], ['', 'b']],
  ['repeatedBytes', ['', 'AQ=='], [new Uint8Array(), new Uint8Array([1])]],
  ['repeatedNestedEnum', ['FOO', 'NEG', 7], [0, -1, 7]],
  ['packedNestedEnum', ['BAR'], [1]],
  ['repeatedNestedMessage', [nested, nested], [nested, nested]],
  ...maps.map(([name, json, message]): Taken => [`map${name}`, json, message]),
]

const kind = (name: string, value: unknown) => ({ kind: { case: name, value } })
const any = (type: string, value: JsonValue): JsonValue => ({
  '@type': `type.googleapis.com/google.protobuf.${type}`,
  value,
})
const packed = (type: string, ...bytes: number[]) => ({
  typeUrl: `type.googleapis.com/google.protobuf.${type}`,
  value: new Uint8Array(bytes),
})

export const wellKnown: readonly Taken[] = [
  ['optionalBoolWrapper', false, { value: false }],
  ['optionalInt32Wrapper', 0, { value: 0 }],
  ['optionalInt64Wrapper', '0', { value: 0n }],
  ['optionalUint32Wrapper', 4294967295, { value: 4294967295 }],
  ['optionalUint64Wrapper', '18446744073709551615', { value: 18446744073709551615n }],
  ['optionalFloatWrapper', 'NaN', { value: Number.NaN }],
  ['optionalDoubleWrapper', 0, { value: 0 }],
  ['optionalStringWrapper', '', { value: '' }],
  ['optionalBytesWrapper', 'AQ==', { value: new Uint8Array([1]) }],
  ['repeatedStringWrapper', ['', 'a'], [{ value: '' }, { value: 'a' }]],
  ['optionalDuration', '315576000000.999999999s', { seconds: 315576000000n, nanos: 999999999 }],
  ['optionalDuration', '-315576000000s', { seconds: -315576000000n, nanos: 0 }],
  ['optionalDuration', '-0.5s', { seconds: 0n, nanos: -500000000 }, '-0.500s'],
  ['optionalDuration', '1.000340012s', { seconds: 1n, nanos: 340012 }],
  ['optionalDuration', '3.1s', { seconds: 3n, nanos: 100000000 }, '3.100s'],
  ['optionalTimestamp', '0001-01-01T00:00:00Z', { seconds: -62135596800n, nanos: 0 }],
  ['optionalTimestamp', '9999-12-31T23:59:59.999999999Z', { seconds: 253402300799n, nanos: 999999999 }],
  ['optionalTimestamp', '1969-12-31T23:59:59.999Z', { seconds: -1n, nanos: 999000000 }],
  ['optionalTimestamp', '2024-02-29T12:00:00.000001Z', { seconds: 1709208000n, nanos: 1000 }],
  ['optionalTimestamp', '2024-01-01T01:30:00+01:30', { seconds: 1704067200n, nanos: 0 }, '2024-01-01T00:00:00Z'],
  [
    'optionalTimestamp',
    '2023-12-31T16:00:00.1-08:00',
    { seconds: 1704067200n, nanos: 100000000 },
    '2024-01-01T00:00:00.100Z',
  ],
  ['optionalFieldMask', 'foo,barBaz.quxB', { paths: ['foo', 'bar_baz.qux_b'] }],
  ['optionalFieldMask', '', { paths: [] }],
  ['optionalStruct', { a: null }, { fields: { a: kind('nullValue', 0) } }],
  ['optionalStruct', {}, { fields: {} }],
  ['optionalValue', null, kind('nullValue', 0)],
  ['optionalValue', 1.5, kind('numberValue', 1.5)],
  ['optionalValue', 'a', kind('stringValue', 'a')],
  ['optionalValue', false, kind('boolValue', false)],
  [
    'optionalValue',
    [1, [null]],
    kind('listValue', { values: [kind('numberValue', 1), kind('listValue', { values: [kind('nullValue', 0)] })] }),
  ],
  ['optionalValue', { a: {} }, kind('structValue', { fields: { a: kind('structValue', { fields: {} }) } })],
  ['repeatedValue', [null, 1], [kind('nullValue', 0), kind('numberValue', 1)]],
  ['repeatedListValue', [[], ['a']], [{ values: [] }, { values: [kind('stringValue', 'a')] }]],
  ['optionalEmpty', {}, {}],
  ['optionalAny', {}, { typeUrl: '', value: new Uint8Array() }],
  ['optionalAny', any('Duration', '1s'), packed('Duration', 8, 1)],
  ['optionalAny', any('StringValue', 'a'), packed('StringValue', 10, 1, 97)],
  ['optionalAny', any('Value', null), packed('Value', 8, 0)],
  ['optionalAny', any('Struct', {}), packed('Struct')],
  ['optionalAny', { '@type': 'type.googleapis.com/google.protobuf.Empty' }, packed('Empty')],
  [
    'optionalAny',
    any('Any', any('BoolValue', true)),
    packed('Any', 10, 45, ...Buffer.from('type.googleapis.com/google.protobuf.BoolValue'), 18, 2, 8, 1),
  ],
]
