/**
 * The messages that protobuf's conformance tests are about, with the names, numbers and types that those tests expect.
 *
 * Most of them are the same in every syntax but for labels and features, so they are put together from tables.
 */

const SCALARS = [
  'int32',
  'int64',
  'uint32',
  'uint64',
  'sint32',
  'sint64',
  'fixed32',
  'fixed64',
  'sfixed32',
  'sfixed64',
  'float',
  'double',
  'bool',
  'string',
  'bytes',
] as const

/** Names that are hard to turn into those of JSON, numbered from 401. */
const ODD_NAMES = [
  'fieldname1',
  'field_name2',
  '_field_name3',
  'field__name4_',
  'field0name5',
  'field_0_name6',
  'fieldName7',
  'FieldName8',
  'field_Name9',
  'Field_Name10',
  'FIELD_NAME11',
  'FIELD_name12',
  '__field_name13',
  '__Field_name14',
  'field__name15',
  'field__Name16',
  'field_name17__',
  'Field_name18__',
]

const DEFAULTS: Readonly<Record<(typeof SCALARS)[number], string>> = {
  int32: '-123456789',
  int64: '-9123456789123456789',
  uint32: '2123456789',
  uint64: '10123456789123456789',
  sint32: '-123456789',
  sint64: '-9123456789123456789',
  fixed32: '2123456789',
  fixed64: '10123456789123456789',
  sfixed32: '-123456789',
  sfixed64: '-9123456789123456789',
  float: '9e9',
  double: '7e22',
  bool: 'true',
  string: '"Rosebud"',
  bytes: '"joshua"',
}

/** How a syntax says things. */
interface Dialect {
  readonly header: string
  /** Label of a field that may be absent; empty where none is needed. */
  readonly label: string
  readonly packed: (on: boolean) => string
  /** `message` is the name of the type, which a group has by itself. */
  readonly group: (label: 'optional' | 'required', message: string, number: number, fields: string) => string
  readonly required: (field: string) => string
  readonly prefixed: string
}

const keyword = (on: boolean): string => ` [packed = ${on}]`
const feature = (on: boolean): string => ` [features.repeated_field_encoding = ${on ? 'PACKED' : 'EXPANDED'}]`
const groupKeyword: Dialect['group'] = (label, message, number, fields) =>
  `${label} group ${message} = ${number} { ${fields} }`
const delimited: Dialect['group'] = (label, message, number, fields) => {
  const presence = label === 'required' ? 'features.field_presence = LEGACY_REQUIRED, ' : ''
  return `message ${message} { ${fields.replaceAll('optional ', '')} }
    ${message} ${message.toLowerCase()} = ${number} [${presence}features.message_encoding = DELIMITED];`
}

const dialects = {
  proto3: {
    header: 'syntax = "proto3";',
    label: '',
    packed: keyword,
    group: groupKeyword,
    required: (it) => it,
    prefixed: '',
  },
  proto2: {
    header: 'syntax = "proto2";',
    label: 'optional ',
    packed: keyword,
    group: groupKeyword,
    required: (field) => `required ${field};`,
    prefixed: '',
  },
  proto3Edition: {
    header: 'edition = "2023"; option features.field_presence = IMPLICIT;',
    label: '',
    packed: feature,
    group: delimited,
    required: (it) => it,
    prefixed: '',
  },
  proto2Edition: {
    header: `edition = "2023"; option features.enum_type = CLOSED; option features.repeated_field_encoding = EXPANDED;
      option features.utf8_validation = NONE; option features.json_format = LEGACY_BEST_EFFORT;`,
    label: '',
    packed: feature,
    group: delimited,
    required: (field) => `${field} [features.field_presence = LEGACY_REQUIRED];`,
    prefixed: '',
  },
  edition2023: {
    header: 'edition = "2023"; option features.message_encoding = DELIMITED;',
    label: '',
    packed: feature,
    group: delimited,
    required: (it) => it,
    prefixed: ' [features.message_encoding = LENGTH_PREFIXED]',
  },
} satisfies Record<string, Dialect>

/** What all of the messages have, with `suffix` behind the names of what is beside them: `ForeignMessageProto2`. */
function shared(name: string, suffix: string, { label, packed, prefixed }: Dialect): string {
  const foreign = `ForeignMessage${suffix}`
  const foreignEnum = `ForeignEnum${suffix}`
  const repeated = (prefix: string, from: number, types: readonly string[], tail = ''): string[] =>
    types.map((type, n) => `repeated ${type} ${prefix}_${type} = ${from + n}${tail};`)
  const packable = SCALARS.slice(0, 13)
  const maps: readonly (readonly [key: string, value: string, name: string, number: number])[] = [
    ...SCALARS.slice(0, 10).map((type, n) => [type, type, type, 56 + n] as const),
    ['int32', 'float', 'float', 66],
    ['int32', 'double', 'double', 67],
    ['bool', 'bool', 'bool', 68],
    ['string', 'string', 'string', 69],
    ['string', 'bytes', 'bytes', 70],
    ['string', 'NestedMessage', 'nested_message', 71],
    ['string', foreign, 'foreign_message', 72],
    ['string', 'NestedEnum', 'nested_enum', 73],
    ['string', foreignEnum, 'foreign_enum', 74],
  ]
  const oneof = ['uint32', 'string', 'bytes', 'bool', 'uint64', 'float', 'double']
  return [
    `message NestedMessage { ${label}int32 a = 1; ${label}${name} corecursive = 2${prefixed}; }`,
    'enum NestedEnum { FOO = 0; BAR = 1; BAZ = 2; NEG = -1; }',
    ...SCALARS.map((type, n) => `${label}${type} optional_${type} = ${n + 1};`),
    `${label}NestedMessage optional_nested_message = 18${prefixed};`,
    `${label}${foreign} optional_foreign_message = 19${prefixed};`,
    `${label}NestedEnum optional_nested_enum = 21;`,
    `${label}${foreignEnum} optional_foreign_enum = 22;`,
    `${label}string optional_string_piece = 24;`,
    `${label}string optional_cord = 25;`,
    `${label}${name} recursive_message = 27${prefixed};`,
    ...repeated('repeated', 31, SCALARS),
    `repeated NestedMessage repeated_nested_message = 48${prefixed};`,
    `repeated ${foreign} repeated_foreign_message = 49${prefixed};`,
    'repeated NestedEnum repeated_nested_enum = 51;',
    `repeated ${foreignEnum} repeated_foreign_enum = 52;`,
    'repeated string repeated_string_piece = 54;',
    'repeated string repeated_cord = 55;',
    ...repeated('packed', 75, packable, packed(true)),
    `repeated NestedEnum packed_nested_enum = 88${packed(true)};`,
    ...repeated('unpacked', 89, packable, packed(false)),
    `repeated NestedEnum unpacked_nested_enum = 102${packed(false)};`,
    ...maps.map(([key, value, what, number]) => `map<${key}, ${value}> map_${key}_${what} = ${number};`),
    'oneof oneof_field {',
    `  uint32 oneof_uint32 = 111; NestedMessage oneof_nested_message = 112${prefixed};`,
    ...oneof.slice(1).map((type, n) => `  ${type} oneof_${type} = ${113 + n};`),
    '  NestedEnum oneof_enum = 119;',
    ...(suffix === '' ? ['  google.protobuf.NullValue oneof_null_value = 120;'] : []),
    '}',
    ...(suffix === 'Edition2023' ? [] : ODD_NAMES.map((odd, n) => `${label}int32 ${odd} = ${401 + n};`)),
  ].join('\n')
}

function beside(suffix: string, { label }: Dialect): string {
  return `message ForeignMessage${suffix} { ${label}int32 c = 1; }
    enum ForeignEnum${suffix} { FOREIGN_FOO = 0; FOREIGN_BAR = 1; FOREIGN_BAZ = 2; }`
}

const WRAPPERS = ['Bool', 'Int32', 'Int64', 'UInt32', 'UInt64', 'Float', 'Double', 'String', 'Bytes']
const IMPORTS = ['any', 'duration', 'empty', 'field_mask', 'struct', 'timestamp', 'wrappers']
const imports = IMPORTS.map((name) => `import "google/protobuf/${name}.proto";`).join('\n')

function wellKnown(): string {
  const singles = ['Duration', 'Timestamp', 'FieldMask', 'Struct', 'Any', 'Value', 'NullValue', 'Empty']
  const single = ['duration', 'timestamp', 'field_mask', 'struct', 'any', 'value', 'null_value', 'empty']
  const lists: readonly (readonly [type: string, name: string, number: number])[] = [
    ['Duration', 'duration', 311],
    ['Timestamp', 'timestamp', 312],
    ['FieldMask', 'fieldmask', 313],
    ['Struct', 'struct', 324],
    ['Any', 'any', 315],
    ['Value', 'value', 316],
    ['ListValue', 'list_value', 317],
    ['Empty', 'empty', 318],
  ]
  const wrapper = (kind: string): string => `${kind.toLowerCase()}_wrapper`
  return [
    ...WRAPPERS.map((kind, n) => `google.protobuf.${kind}Value optional_${wrapper(kind)} = ${201 + n};`),
    ...WRAPPERS.map((kind, n) => `repeated google.protobuf.${kind}Value repeated_${wrapper(kind)} = ${211 + n};`),
    ...singles.map((type, n) => `google.protobuf.${type} optional_${single[n]} = ${301 + n};`),
    ...lists.map(([type, name, number]) => `repeated google.protobuf.${type} repeated_${name} = ${number};`),
  ].join('\n')
}

function proto3(pkg: string, dialect: Dialect): string {
  return `${dialect.header} package ${pkg}; ${imports}
    message TestAllTypesProto3 {
      ${shared('TestAllTypesProto3', '', dialect)}
      enum AliasedEnum {
        option allow_alias = true; ALIAS_FOO = 0; ALIAS_BAR = 1; ALIAS_BAZ = 2; MOO = 2; moo = 2; bAz = 2;
      }
      AliasedEnum optional_aliased_enum = 23;
      ${wellKnown()}
    }
    ${beside('', dialect)}
    message NullHypothesisProto3 {}
    message EnumOnlyProto3 { enum Bool { kFalse = 0; kTrue = 1; } }`
}

const groupFields = (a: number): string => `optional int32 group_int32 = ${a}; optional uint32 group_uint32 = ${a + 1};`
const extendable = 'extensions 120 to 200;'

function proto2(pkg: string, dialect: Dialect): string {
  const { label, group } = dialect
  const name = 'TestAllTypesProto2'
  return `${dialect.header} package ${pkg};
    message ${name} {
      ${shared(name, 'Proto2', dialect)}
      map<int32, NestedMessage> map_int32_nested_message = 103;
      map<int32, bool> map_int32_bool = 104;
      ${extendable}
      ${group('optional', 'Data', 201, groupFields(202))}
      ${group('optional', 'MultiWordGroupField', 204, groupFields(205))}
      ${SCALARS.map((type, n) => `${label}${type} default_${type} = ${241 + n} [default = ${DEFAULTS[type]}];`).join('\n')}
      message MessageSetCorrect { option message_set_wire_format = true; extensions 4 to max; }
      message MessageSetCorrectExtension1 {
        extend MessageSetCorrect { ${label}MessageSetCorrectExtension1 message_set_extension = 1547769; }
        ${label}string str = 25;
      }
      message MessageSetCorrectExtension2 {
        extend MessageSetCorrect { ${label}MessageSetCorrectExtension2 message_set_extension = 4135312; }
        ${label}int32 i = 9; ${label}MessageSetCorrect sub_msg = 10;
      }
      message ExtensionWithOneof {
        oneof oneof_field { int32 a = 1; int32 b = 2; }
        extend MessageSetCorrect { ${label}ExtensionWithOneof extension_with_oneof = 123456789; }
      }
      ${label}MessageSetCorrect message_set_correct = 500;
    }
    ${beside('Proto2', dialect)}
    extend ${name} { ${label}int32 extension_int32 = 120; ${label}string extension_string = 133; ${label}bytes extension_bytes = 134; }
    message UnknownToTestAllTypes {
      ${label}int32 optional_int32 = 1001; ${label}string optional_string = 1002;
      ${label}ForeignMessageProto2 nested_message = 1003;
      ${group('optional', 'OptionalGroup', 1004, 'optional int32 a = 1;')}
      ${label}bool optional_bool = 1006;
      repeated int32 repeated_int32 = 1011;
    }
    message NullHypothesisProto2 {}
    message EnumOnlyProto2 { enum Bool { kFalse = 0; kTrue = 1; } }
    message OneStringProto2 { ${label}string data = 1; }
    message ProtoWithKeywords { ${label}int32 inline = 1; ${label}string concept = 2; repeated string requires = 3; }
    ${requiredTypes(dialect)}
    message TestLargeOneof {
      message A1 {} message A2 {} message A3 {} message A4 {} message A5 {}
      oneof large_oneof { A1 a1 = 1; A2 a2 = 2; A3 a3 = 3; A4 a4 = 4; A5 a5 = 5; }
    }`
}

function requiredTypes({ label, group, required }: Dialect): string {
  const name = 'TestAllRequiredTypesProto2'
  return `message ${name} {
      message NestedMessage {
        ${required('int32 a = 1')} ${required(`${name} corecursive = 2`)} ${label}${name} optional_corecursive = 3;
      }
      enum NestedEnum { FOO = 0; BAR = 1; BAZ = 2; NEG = -1; }
      ${SCALARS.map((type, n) => required(`${type} required_${type} = ${n + 1}`)).join('\n')}
      ${required('NestedMessage required_nested_message = 18')}
      ${required('ForeignMessageProto2 required_foreign_message = 19')}
      ${required('NestedEnum required_nested_enum = 21')}
      ${required('ForeignEnumProto2 required_foreign_enum = 22')}
      ${required('string required_string_piece = 24')}
      ${required('string required_cord = 25')}
      ${required(`${name} recursive_message = 27`)}
      ${label}${name} optional_recursive_message = 28;
      ${extendable}
      ${group('required', 'Data', 201, groupFields(202))}
    }`
}

function edition2023(pkg: string): string {
  const dialect = dialects.edition2023
  const name = 'TestAllTypesEdition2023'
  return `${dialect.header} package ${pkg};
    message ComplexMessage { int32 d = 1; }
    message ${name} {
      ${shared(name, 'Edition2023', dialect)}
      ${extendable}
      message GroupLikeType { int32 group_int32 = 202; uint32 group_uint32 = 203; }
      GroupLikeType groupliketype = 201;
      GroupLikeType delimited_field = 202;
      map<int32, ${name}> map_recursive = 301;
    }
    ${beside('Edition2023', dialect)}
    message GroupLikeType { int32 c = 1; }
    extend ${name} {
      int32 extension_int32 = 120; string extension_string = 133; bytes extension_bytes = 134;
      GroupLikeType groupliketype = 121; GroupLikeType delimited_ext = 122;
    }`
}

/** The files, each a text of its own. */
export const testFiles: readonly string[] = [
  proto3('protobuf_test_messages.proto3', dialects.proto3),
  proto2('protobuf_test_messages.proto2', dialects.proto2),
  proto3('protobuf_test_messages.editions.proto3', dialects.proto3Edition),
  proto2('protobuf_test_messages.editions.proto2', dialects.proto2Edition),
  edition2023('protobuf_test_messages.editions'),
]

/** Files of Google's that they refer to. */
export const imported: readonly string[] = IMPORTS.map((name) => `google/protobuf/${name}.proto`)
