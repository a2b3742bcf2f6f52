import type { IEnum, IType } from 'protobufjs/light.js'

/** How types are described in short. */
export interface ShortForm {
  message(short: Readonly<Record<string, string>>): IType
  enumeration(names: string): IEnum
}

type Oneofs = Readonly<Record<string, readonly string[]>>
type RangeOneofs = { less_than: string[]; greater_than: string[] }

const INTEGERS = 'Int32 Int64 UInt32 UInt64 SInt32 SInt64 Fixed32 Fixed64 SFixed32 SFixed64'.split(' ')
const STRING_FORMATS = [
  'email 12 hostname 13 ip 14 ipv4 15 ipv6 16 uri 17 uriRef 18 address 21 uuid 22 tuuid 33 ipWithPrefixlen 26',
  'ipv4WithPrefixlen 27 ipv6WithPrefixlen 28 ipPrefix 29 ipv4Prefix 30 ipv6Prefix 31 hostAndPort 32 ulid 35',
  'protobufFqn 37 protobufDotFqn 38',
].join(' ')
const RULES_OF_TYPES = [
  'float 1 double 2 int32 3 int64 4 uint32 5 uint64 6 sint32 7 sint64 8 fixed32 9 fixed64 10 sfixed32 11 sfixed64 12',
  'bool 13 string 14 bytes 15 enum 16 repeated 18 map 19 any 20 duration 21 fieldMask 28 timestamp 22',
].join(' ')

/** The types of `buf/validate/validate.proto`: what options of a contract may demand of its messages. */
export function bufValidate({ message, enumeration }: ShortForm): Record<string, IType | IEnum> {
  const plain = (short: Readonly<Record<string, string>>, oneofs: Oneofs = {}): IType => ({
    ...message(short),
    // Every field has presence: a rule of zero is not the same as none.
    edition: 'proto2',
    ...(Object.keys(oneofs).length > 0 && { oneofs: oneofsOf(oneofs) }),
  })
  const rules: typeof plain = (short, oneofs) => ({ ...plain(short, oneofs), extensions: [[1000, 536870911]] })
  const formats = pairs(STRING_FORMATS)
  const ofTypes = pairs(RULES_OF_TYPES)
  return {
    ...plainTypes(plain, ofTypes),
    Ignore: { values: { IGNORE_UNSPECIFIED: 0, IGNORE_IF_ZERO_VALUE: 1, IGNORE_ALWAYS: 3 } },
    KnownRegex: enumeration('KNOWN_REGEX_UNSPECIFIED KNOWN_REGEX_HTTP_HEADER_NAME KNOWN_REGEX_HTTP_HEADER_VALUE'),
    ...Object.fromEntries(INTEGERS.map((name) => [`${name}Rules`, rules(numeric(name.toLowerCase()), RANGE)])),
    // The one integer with an example of another number.
    Int64Rules: rules({ ...numeric('int64'), example: 'repeated int64 9' }, RANGE),
    FloatRules: rules({ ...numeric('float'), finite: 'bool 8', example: 'repeated float 9' }, RANGE),
    DoubleRules: rules({ ...numeric('double'), finite: 'bool 8', example: 'repeated double 9' }, RANGE),
    BoolRules: rules({ const: 'bool 1', example: 'repeated bool 2' }),
    StringRules: rules(
      {
        ...stringRules,
        ...Object.fromEntries(formats.map(([name, no]) => [name, `bool ${no}`])),
        wellKnownRegex: 'KnownRegex 24',
      },
      { well_known: [...formats.map(([name]) => name), 'wellKnownRegex'] },
    ),
    BytesRules: rules(bytesRules, { well_known: ['ip', 'ipv4', 'ipv6', 'uuid'] }),
    EnumRules: rules(enumRules),
    RepeatedRules: rules({ minItems: 'uint64 1', maxItems: 'uint64 2', unique: 'bool 3', items: 'FieldRules 4' }),
    MapRules: rules({ minPairs: 'uint64 1', maxPairs: 'uint64 2', keys: 'FieldRules 4', values: 'FieldRules 5' }),
    DurationRules: rules(durationRules, RANGE),
    FieldMaskRules: rules(fieldMaskRules),
    TimestampRules: rules(timestampRules, {
      less_than: [...RANGE.less_than, 'ltNow'],
      greater_than: [...RANGE.greater_than, 'gtNow'],
    }),
  }
}

const RANGE: RangeOneofs = { less_than: ['lt', 'lte'], greater_than: ['gt', 'gte'] }

const DURATION = 'google.protobuf.Duration'
const TIMESTAMP = 'google.protobuf.Timestamp'

const stringRules = {
  const: 'string 1',
  len: 'uint64 19',
  minLen: 'uint64 2',
  maxLen: 'uint64 3',
  lenBytes: 'uint64 20',
  minBytes: 'uint64 4',
  maxBytes: 'uint64 5',
  pattern: 'string 6',
  prefix: 'string 7',
  suffix: 'string 8',
  contains: 'string 9',
  notContains: 'string 23',
  in: 'repeated string 10',
  notIn: 'repeated string 11',
  strict: 'bool 25',
  example: 'repeated string 34',
}

const bytesRules = {
  const: 'bytes 1',
  len: 'uint64 13',
  minLen: 'uint64 2',
  maxLen: 'uint64 3',
  pattern: 'string 4',
  prefix: 'bytes 5',
  suffix: 'bytes 6',
  contains: 'bytes 7',
  in: 'repeated bytes 8',
  notIn: 'repeated bytes 9',
  ip: 'bool 10',
  ipv4: 'bool 11',
  ipv6: 'bool 12',
  uuid: 'bool 15',
  example: 'repeated bytes 14',
}

const enumRules = {
  const: 'int32 1',
  definedOnly: 'bool 2',
  in: 'repeated int32 3',
  notIn: 'repeated int32 4',
  example: 'repeated int32 5',
}

const durationRules = {
  const: `${DURATION} 2`,
  lt: `${DURATION} 3`,
  lte: `${DURATION} 4`,
  gt: `${DURATION} 5`,
  gte: `${DURATION} 6`,
  in: `repeated ${DURATION} 7`,
  notIn: `repeated ${DURATION} 8`,
  example: `repeated ${DURATION} 9`,
}

const fieldMaskRules = {
  const: 'google.protobuf.FieldMask 1',
  in: 'repeated string 2',
  notIn: 'repeated string 3',
  example: 'repeated google.protobuf.FieldMask 4',
}

const timestampRules = {
  const: `${TIMESTAMP} 2`,
  lt: `${TIMESTAMP} 3`,
  lte: `${TIMESTAMP} 4`,
  gt: `${TIMESTAMP} 5`,
  gte: `${TIMESTAMP} 6`,
  ltNow: 'bool 7',
  gtNow: 'bool 8',
  within: `${DURATION} 9`,
  example: `repeated ${TIMESTAMP} 10`,
}

/** The types that contracts cannot extend. */
function plainTypes(
  plain: (short: Readonly<Record<string, string>>, oneofs?: Oneofs) => IType,
  ofTypes: readonly (readonly [string, string])[],
): Record<string, IType> {
  const subscripts = {
    index: 'uint64 6',
    boolKey: 'bool 7',
    intKey: 'int64 8',
    uintKey: 'uint64 9',
    stringKey: 'string 10',
  }
  const typed = ofTypes.map(([name, no]) => [name, `${rulesOf(name)} ${no}`])
  return {
    Rule: plain({ id: 'string 1', message: 'string 2', expression: 'string 3' }),
    MessageRules: plain({
      celExpression: 'repeated string 5',
      cel: 'repeated Rule 3',
      oneof: 'repeated MessageOneofRule 4',
    }),
    MessageOneofRule: plain({ fields: 'repeated string 1', required: 'bool 2' }),
    OneofRules: plain({ required: 'bool 1' }),
    FieldRules: plain(
      {
        celExpression: 'repeated string 29',
        cel: 'repeated Rule 23',
        required: 'bool 25',
        ignore: 'Ignore 27',
        ...Object.fromEntries(typed),
      },
      { type: ofTypes.map(([name]) => name) },
    ),
    PredefinedRules: plain({ cel: 'repeated Rule 1' }),
    AnyRules: plain({ in: 'repeated string 2', notIn: 'repeated string 3' }),
    Violations: plain({ violations: 'repeated Violation 1' }),
    Violation: plain({
      field: 'FieldPath 5',
      rule: 'FieldPath 6',
      ruleId: 'string 2',
      message: 'string 3',
      forKey: 'bool 4',
    }),
    FieldPath: plain({ elements: 'repeated FieldPathElement 1' }),
    FieldPathElement: plain(
      // The types are an enum of `descriptor.proto`, which is bundled without it.
      {
        fieldNumber: 'int32 1',
        fieldName: 'string 2',
        fieldType: 'int32 3',
        keyType: 'int32 4',
        valueType: 'int32 5',
        ...subscripts,
      },
      { subscript: Object.keys(subscripts) },
    ),
  }
}

function numeric(type: string): Record<string, string> {
  const single = { const: `${type} 1`, lt: `${type} 2`, lte: `${type} 3`, gt: `${type} 4`, gte: `${type} 5` }
  return { ...single, in: `repeated ${type} 6`, notIn: `repeated ${type} 7`, example: `repeated ${type} 8` }
}

/** `uint32` has `UInt32Rules`. */
function rulesOf(name: string): string {
  const numbers = INTEGERS.find((type) => type.toLowerCase() === name)
  return `${numbers ?? (name[0] ?? '').toUpperCase() + name.slice(1)}Rules`
}

function pairs(text: string): (readonly [string, string])[] {
  return [...text.matchAll(/(\S+) (\d+)/g)].map(([, name = '', no = '']) => [name, no] as const)
}

function oneofsOf(oneofs: Oneofs): NonNullable<IType['oneofs']> {
  return Object.fromEntries(Object.entries(oneofs).map(([name, oneof]) => [name, { oneof: [...oneof] }]))
}
