import type { JsonValue, MessageCodec } from 'tierkit/codec'
import { Code, RpcError } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { collections, scalars, type Taken, wellKnown } from './cases.js'
import { refused } from './refusals.js'
import { testCodec } from './test-codecs.js'

type Message = Record<string, unknown>

const codecOf = (name: string): MessageCodec<Message> => testCodec(name) as MessageCodec<Message>
const proto3 = codecOf('protobuf_test_messages.proto3.TestAllTypesProto3')
const proto2 = codecOf('protobuf_test_messages.proto2.TestAllTypesProto2')
const edition2023 = codecOf('protobuf_test_messages.editions.TestAllTypesEdition2023')
const everywhere = [
  proto3,
  proto2,
  edition2023,
  codecOf('protobuf_test_messages.editions.proto3.TestAllTypesProto3'),
  codecOf('protobuf_test_messages.editions.proto2.TestAllTypesProto2'),
]

/** Through text, as it goes between programs. */
const sent = (codec: MessageCodec<Message>, message: Message): JsonValue =>
  JSON.parse(codec.toJsonText?.(message) ?? '') as JsonValue

function problem(run: () => unknown): RpcError {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(RpcError)
    return error as RpcError
  }
  throw new Error('nothing was thrown')
}

describe('ProtoJSON', () => {
  const taken: readonly Taken[] = [...scalars, ...collections, ...wellKnown]
  it.each(taken.map((each) => [each[0], each[1], each] as const))(
    'takes %s: %j',
    (field, json, [, , value, written = json]) => {
      const message = proto3.fromJson({ [field]: json })
      expect(message[field]).toEqual(value)
      expect(sent(proto3, { [field]: value })).toEqual({ [field]: written })
      expect(proto3.toJson({ [field]: value })).toEqual({ [field]: written })
      const bytes = proto3.encode({ [field]: value })
      expect(proto3.decode(bytes)).toEqual(message)
      expect(proto3.encode(proto3.decode(bytes))).toEqual(bytes)
      expect(proto3.fromJson(sent(proto3, proto3.decode(bytes)))).toEqual(message)
    },
  )

  it.each(everywhere.map((codec) => [codec.typeName, codec] as const))('is the same in %s', (_, codec) => {
    for (const [field, json, value, written = json] of [...scalars, ...collections]) {
      if (/Enum|NullValue/.test(field) && codec !== everywhere[3]) continue
      expect(codec.fromJson({ [field]: json })[field]).toEqual(value)
      expect(sent(codec, { [field]: value })).toEqual({ [field]: written })
      expect(codec.decode(codec.encode({ [field]: value }))[field]).toEqual(value)
    }
  })

  const cases = refused.flatMap(([field, values, path = field]) => values.map((json) => [field, json, path] as const))

  it('is refused in more than 150 ways', () => expect(cases.length).toBeGreaterThan(150))

  it.each(cases)('refuses %s: %j, naming the place', (field, json, path) => {
    const object = JSON.parse(`{${JSON.stringify(field)}:null}`) as Record<string, JsonValue>
    Object.defineProperty(object, field, { value: json })
    const error = problem(() => proto3.fromJson(object))
    expect(error.code).toBe(Code.INVALID_ARGUMENT)
    const name = path === '@type' ? '["@type"]' : path
    expect(error.rawMessage).toContain(`cannot read ${proto3.typeName} from JSON at ${name}: `)
    expect(error.rawMessage.length).toBeLessThan(300)
  })

  it('takes null for what is not set, but for Value and NullValue, where it is one', () => {
    const fields = taken.map(([field]) => field)
    const nulls = Object.fromEntries(fields.map((field) => [field, null]))
    const message = proto3.fromJson(nulls)
    expect(proto3.toJson(message)).toEqual({ optionalValue: null })
    expect(proto3.toJson(proto3.fromJson({ optionalNullValue: null }))).toEqual({})
    expect(proto3.fromJson({ oneofNullValue: null }).oneofField).toEqual({ case: 'oneofNullValue', value: 0 })
    expect(proto3.fromJson({ oneofUint32: null, oneofString: 'a' }).oneofField).toEqual({
      case: 'oneofString',
      value: 'a',
    })
  })

  it('refuses a field that is there twice, under two of its names, and two cases of a oneof', () => {
    expect(problem(() => proto3.fromJson({ optional_int32: 1, optionalInt32: 1 })).rawMessage).toContain('twice')
    expect(problem(() => proto3.fromJson({ optionalInt32: null, optional_int32: 1 })).rawMessage).toContain('twice')
    const both = problem(() => proto3.fromJson({ oneofUint32: 1, oneofString: 'a' }))
    expect(both.rawMessage).toContain('another field of the oneof oneofField is set')
  })

  it('takes the last of several members of one name, as JSON.parse does', () => {
    expect(proto3.fromJson(JSON.parse('{"optionalInt32": 1, "optionalInt32": 2}')).optionalInt32).toBe(2)
  })

  it('leaves out fields and names of enums that are not known, if asked to', () => {
    const json = { nope: { a: [1] }, optionalNestedEnum: 'QUX', repeatedNestedEnum: ['BAR', 'QUX'], optionalInt32: 1 }
    const nested = { ...json, mapStringNestedEnum: { a: 'QUX', b: 'BAR' }, optionalNestedMessage: { nope: 1, a: 2 } }
    const message = proto3.fromJson(nested, { ignoreUnknownFields: true })
    expect(proto3.toJson(message)).toEqual({
      repeatedNestedEnum: ['BAR'],
      optionalInt32: 1,
      mapStringNestedEnum: { b: 'BAR' },
      optionalNestedMessage: { a: 2 },
    })
  })

  it('has the names of the contract, and takes them too', () => {
    expect(proto3.fromJson({ __field_name13: 1, field_Name9: 2, FIELD_NAME11: 3 })).toMatchObject(
      proto3.fromJson({ FieldName13: 1, fieldName9: 2, FIELDNAME11: 3 }),
    )
  })

  it.each([
    ['optionalFloat', 1e39],
    ['optionalDuration', { seconds: 315576000001n, nanos: 0 }],
    ['optionalDuration', { seconds: 1n, nanos: -1 }],
    ['optionalDuration', { seconds: 0n, nanos: 1_000_000_000 }],
    ['optionalTimestamp', { seconds: -62135596801n, nanos: 0 }],
    ['optionalTimestamp', { seconds: 253402300800n, nanos: 0 }],
    ['optionalTimestamp', { seconds: 0n, nanos: -1 }],
    ['optionalFieldMask', { paths: ['fooBar'] }],
    ['optionalFieldMask', { paths: ['foo__bar'] }],
    ['optionalFieldMask', { paths: ['foo_3_bar'] }],
    ['optionalValue', { kind: { case: 'numberValue', value: Number.NaN } }],
    ['optionalAny', { typeUrl: 'x/no.Such', value: new Uint8Array() }],
    ['optionalAny', { typeUrl: 'x/google.protobuf.Duration', value: new Uint8Array([8]) }],
  ])('cannot write %s: %o, and names the place', (field, value) => {
    const error = problem(() => proto3.toJson({ [field]: value }))
    expect(error.code).toBe(Code.INTERNAL)
    expect(error.rawMessage).toContain(` as JSON at ${field}`)
  })

  it('nests a hundred messages deep, both ways', () => {
    const nest = (levels: number): JsonValue => (levels === 0 ? {} : { recursiveMessage: nest(levels - 1) })
    expect(proto3.toJson(proto3.fromJson(nest(100)))).toEqual(nest(100))
    expect(problem(() => proto3.fromJson(nest(101))).rawMessage).toContain('nested deeper than 100')
    const loop: Message = {}
    loop.recursiveMessage = loop
    expect(problem(() => proto3.toJson(loop)).rawMessage).toContain('nested deeper than 100')
  })
})

describe('ProtoJSON of proto2', () => {
  it('has groups, and writes what is set to its default', () => {
    const json = { data: { groupInt32: 0, groupUint32: 2 }, optionalInt32: 0, defaultString: 'Rosebud' }
    expect(proto2.toJson(proto2.fromJson(json))).toEqual(json)
    expect(proto2.toJson(proto2.decode(proto2.encode(proto2.fromJson(json))))).toEqual(json)
  })

  it('refuses numbers that a closed enum lacks', () => {
    expect(problem(() => proto2.fromJson({ optionalNestedEnum: 9 })).rawMessage).toContain('at optionalNestedEnum: ')
    expect(proto2.fromJson({ optionalNestedEnum: 9 }, { ignoreUnknownFields: true }).optionalNestedEnum).toBeUndefined()
  })

  it('has extensions by their full names', () => {
    const json = { '[protobuf_test_messages.proto2.extension_int32]': 5 }
    expect(proto2.toJson(proto2.fromJson(json))).toEqual(json)
  })

  it('refuses a message that lacks a required field', () => {
    const required = codecOf('protobuf_test_messages.proto2.TestAllRequiredTypesProto2')
    expect(problem(() => required.fromJson({})).rawMessage).toContain('a required field is missing')
    expect(problem(() => required.toJson({})).rawMessage).toContain('a required field is missing')
  })
})
