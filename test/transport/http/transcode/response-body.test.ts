import { Context } from 'tierkit/endpoint'
import { bindings, implement, parseProto } from 'tierkit/service'
import { httpChannel, httpServer } from 'tierkit/transport/http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** A field of every kind: how it is declared, and what its JSON is when it is not set. */
const fields: Readonly<Record<string, readonly [declaration: string, unset: unknown]>> = {
  double: ['double', 0],
  float: ['float', 0],
  int32: ['int32', 0],
  int64: ['int64', '0'],
  uint32: ['uint32', 0],
  uint64: ['uint64', '0'],
  sint32: ['sint32', 0],
  sint64: ['sint64', '0'],
  fixed32: ['fixed32', 0],
  fixed64: ['fixed64', '0'],
  sfixed32: ['sfixed32', 0],
  sfixed64: ['sfixed64', '0'],
  bool: ['bool', false],
  string: ['string', ''],
  bytes: ['bytes', ''],
  enum: ['Color', 'NO_COLOR'],
  null_value: ['google.protobuf.NullValue', null],
  optional_int64: ['optional int64', null],
  optional_string: ['optional string', null],
  optional_bool: ['optional bool', null],
  optional_enum: ['optional Color', null],
  message: ['Item', null],
  int64_wrapper: ['google.protobuf.Int64Value', null],
  int32_wrapper: ['google.protobuf.Int32Value', null],
  bool_wrapper: ['google.protobuf.BoolValue', null],
  string_wrapper: ['google.protobuf.StringValue', null],
  double_wrapper: ['google.protobuf.DoubleValue', null],
  bytes_wrapper: ['google.protobuf.BytesValue', null],
  timestamp: ['google.protobuf.Timestamp', null],
  duration: ['google.protobuf.Duration', null],
  mask: ['google.protobuf.FieldMask', null],
  struct: ['google.protobuf.Struct', null],
  value: ['google.protobuf.Value', null],
  list_value: ['google.protobuf.ListValue', null],
  any: ['google.protobuf.Any', null],
  list: ['repeated string', []],
  messages: ['repeated Item', []],
  map: ['map<string, int64>', {}],
  case_string: ['case', null],
  case_int64: ['case', null],
}

/** What each is when it is set to the default of its type. */
const zeros: Readonly<Record<string, readonly [set: unknown, json: unknown]>> = {
  optional_int64: [{ optionalInt64: 0n }, '0'],
  optional_string: [{ optionalString: '' }, ''],
  optional_bool: [{ optionalBool: false }, false],
  optional_enum: [{ optionalEnum: 0 }, 'NO_COLOR'],
  message: [{ message: {} }, {}],
  int64_wrapper: [{ int64Wrapper: { value: 0n } }, '0'],
  string_wrapper: [{ stringWrapper: { value: '' } }, ''],
  duration: [{ duration: { seconds: 0n, nanos: 0 } }, '0s'],
  case_string: [{ choice: { case: 'caseString', value: '' } }, ''],
  case_int64: [{ choice: { case: 'caseInt64', value: 0n } }, '0'],
}

const names = Object.keys(fields)
const rpcName = (name: string) => `Get${name.replace(/(^|_)(.)/g, (_, __, letter: string) => letter.toUpperCase())}`
const contract = parseProto(`syntax = "proto3"; package kinds.v1;
  import "google/api/annotations.proto"; import "google/protobuf/any.proto"; import "google/protobuf/duration.proto";
  import "google/protobuf/field_mask.proto"; import "google/protobuf/struct.proto";
  import "google/protobuf/timestamp.proto"; import "google/protobuf/wrappers.proto";
  enum Color { NO_COLOR = 0; RED = 1; }
  message Item { string sku = 1; }
  message Kinds {
    ${names.flatMap((name, at) => (fields[name]?.[0] === 'case' ? [] : [`${fields[name]?.[0]} ${name} = ${at + 1};`])).join('\n')}
    oneof choice { string case_string = 101; int64 case_int64 = 102; }
  }
  message Empty {}
  service Parts {
    ${names.map((name) => `rpc ${rpcName(name)}(Empty) returns (Kinds) { option (google.api.http) = { get: "/${name}" response_body: "${name}" }; }`).join('\n')}
  }`)
const Parts = contract.service('kinds.v1.Parts')

let answer: object = {}
const handlers = Object.fromEntries(Object.keys(Parts.methods).map((key) => [key, () => answer]))
const server = httpServer({ host: '127.0.0.1' })
let url = ''

beforeAll(async () => {
  url = (await server.listen(bindings([implement(Parts, handlers as never)]))).url
})
afterAll(() => server.close())

async function bodyOf(name: string): Promise<unknown> {
  const response = await fetch(`${url}/${name}`)
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
  return response.json()
}

/** What a client that calls by rules reads. */
async function readBack(name: string): Promise<unknown> {
  const key = Object.keys(Parts.methods).find((one) => Parts.methods[one]?.path.endsWith(`/${rpcName(name)}`)) ?? ''
  const method = Parts.methods[key] as NonNullable<(typeof Parts.methods)[string]>
  const channel = httpChannel(url, { rules: true })
  try {
    const message = await channel.endpoint(method)({}, new Context({ method, side: 'client' }))
    return method.response.toJson(message)
  } finally {
    await channel.close()
  }
}

describe('a field of the response that is its body', () => {
  it.each(names)('and is not set is null if it can be absent, else its default: %s', async (name) => {
    answer = {}
    expect(await bodyOf(name)).toEqual(fields[name]?.[1])
    // A JSON value and a JSON null are never absent to those who read null.
    const read = name === 'value' ? { value: null } : {}
    expect(await readBack(name)).toEqual(read)
  })

  it.each(Object.keys(zeros))('and is set to the default of its type is that: %s', async (name) => {
    const [set, json] = zeros[name] ?? []
    answer = set as object
    expect(await bodyOf(name)).toEqual(json)
    const key = name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
    expect(await readBack(name)).toEqual({ [key]: json })
  })
})
