import type { IEnum, IType } from 'protobufjs/light.js'
import { bufValidate } from './buf-validate.js'
import { descriptorTypes } from './descriptor.js'

/** A `.proto` file that comes with tierkit, parsed. */
export interface BundledFile {
  readonly package: string
  readonly imports: readonly string[]
  types(): Readonly<Record<string, IType | IEnum>>
}

const PROTOBUF = 'google.protobuf'
const API = 'google.api'
const RPC = 'google.rpc'

/** Files that any `.proto` may import without having them, by the name that they are imported with. */
export const bundledFiles: Readonly<Record<string, BundledFile>> = {
  'google/protobuf/any.proto': file(PROTOBUF, () => ({ Any: message({ typeUrl: 'string 1', value: 'bytes 2' }) })),
  'google/protobuf/duration.proto': file(PROTOBUF, () => ({
    Duration: message({ seconds: 'int64 1', nanos: 'int32 2' }),
  })),
  'google/protobuf/empty.proto': file(PROTOBUF, () => ({ Empty: message({}) })),
  'google/protobuf/field_mask.proto': file(PROTOBUF, () => ({ FieldMask: message({ paths: 'repeated string 1' }) })),
  'google/protobuf/source_context.proto': file(PROTOBUF, () => ({ SourceContext: message({ fileName: 'string 1' }) })),
  'google/protobuf/timestamp.proto': file(PROTOBUF, () => ({
    Timestamp: message({ seconds: 'int64 1', nanos: 'int32 2' }),
  })),
  'google/protobuf/struct.proto': file(PROTOBUF, () => ({
    Struct: message({ fields: 'map<string,Value> 1' }),
    Value: message(
      {
        nullValue: 'NullValue 1',
        numberValue: 'double 2',
        stringValue: 'string 3',
        boolValue: 'bool 4',
        structValue: 'Struct 5',
        listValue: 'ListValue 6',
      },
      'kind',
    ),
    NullValue: { values: { NULL_VALUE: 0 } },
    ListValue: message({ values: 'repeated Value 1' }),
  })),
  'google/protobuf/wrappers.proto': file(PROTOBUF, () => ({
    DoubleValue: message({ value: 'double 1' }),
    FloatValue: message({ value: 'float 1' }),
    Int64Value: message({ value: 'int64 1' }),
    UInt64Value: message({ value: 'uint64 1' }),
    Int32Value: message({ value: 'int32 1' }),
    UInt32Value: message({ value: 'uint32 1' }),
    BoolValue: message({ value: 'bool 1' }),
    StringValue: message({ value: 'string 1' }),
    BytesValue: message({ value: 'bytes 1' }),
  })),
  'google/protobuf/descriptor.proto': file(PROTOBUF, descriptorTypes),
  'buf/validate/validate.proto': file('buf.validate', () => bufValidate({ message, enumeration }), [
    'google/protobuf/descriptor.proto',
    'google/protobuf/duration.proto',
    'google/protobuf/field_mask.proto',
    'google/protobuf/timestamp.proto',
  ]),
  'google/api/annotations.proto': file(API, () => ({}), ['google/api/http.proto']),
  'google/api/field_behavior.proto': file(API, () => ({
    FieldBehavior: enumeration(
      'FIELD_BEHAVIOR_UNSPECIFIED OPTIONAL REQUIRED OUTPUT_ONLY INPUT_ONLY IMMUTABLE UNORDERED_LIST NON_EMPTY_DEFAULT IDENTIFIER',
    ),
  })),
  'google/api/http.proto': file(API, () => ({
    Http: message({ rules: 'repeated HttpRule 1', fullyDecodeReservedExpansion: 'bool 2' }),
    HttpRule: {
      fields: fields({
        selector: 'string 1',
        get: 'string 2',
        put: 'string 3',
        post: 'string 4',
        delete: 'string 5',
        patch: 'string 6',
        body: 'string 7',
        custom: 'CustomHttpPattern 8',
        additionalBindings: 'repeated HttpRule 11',
        responseBody: 'string 12',
      }),
      oneofs: { pattern: { oneof: ['get', 'put', 'post', 'delete', 'patch', 'custom'] } },
    },
    CustomHttpPattern: message({ kind: 'string 1', path: 'string 2' }),
  })),
  'google/api/httpbody.proto': file(
    API,
    () => ({
      HttpBody: message({
        contentType: 'string 1',
        data: 'bytes 2',
        extensions: 'repeated google.protobuf.Any 3',
      }),
    }),
    ['google/protobuf/any.proto'],
  ),
  'google/rpc/code.proto': file(RPC, () => ({
    Code: enumeration(
      'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED ' +
        'RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS ' +
        'UNAUTHENTICATED',
    ),
  })),
  'google/rpc/status.proto': file(
    RPC,
    () => ({ Status: message({ code: 'int32 1', message: 'string 2', details: 'repeated google.protobuf.Any 3' }) }),
    ['google/protobuf/any.proto'],
  ),
  'google/rpc/error_details.proto': file(
    RPC,
    () => ({
      ErrorInfo: message({ reason: 'string 1', domain: 'string 2', metadata: 'map<string,string> 3' }),
      RetryInfo: message({ retryDelay: 'google.protobuf.Duration 1' }),
      DebugInfo: message({ stackEntries: 'repeated string 1', detail: 'string 2' }),
      QuotaFailure: {
        ...message({ violations: 'repeated Violation 1' }),
        nested: {
          Violation: message({
            subject: 'string 1',
            description: 'string 2',
            apiService: 'string 3',
            quotaMetric: 'string 4',
            quotaId: 'string 5',
            quotaDimensions: 'map<string,string> 6',
            quotaValue: 'int64 7',
            futureQuotaValue: 'optional int64 8',
          }),
        },
      },
      PreconditionFailure: {
        ...message({ violations: 'repeated Violation 1' }),
        nested: { Violation: message({ type: 'string 1', subject: 'string 2', description: 'string 3' }) },
      },
      BadRequest: {
        ...message({ fieldViolations: 'repeated FieldViolation 1' }),
        nested: {
          FieldViolation: message({
            field: 'string 1',
            description: 'string 2',
            reason: 'string 3',
            localizedMessage: 'LocalizedMessage 4',
          }),
        },
      },
      RequestInfo: message({ requestId: 'string 1', servingData: 'string 2' }),
      ResourceInfo: message({
        resourceType: 'string 1',
        resourceName: 'string 2',
        owner: 'string 3',
        description: 'string 4',
      }),
      Help: {
        ...message({ links: 'repeated Link 1' }),
        nested: { Link: message({ description: 'string 1', url: 'string 2' }) },
      },
      LocalizedMessage: message({ locale: 'string 1', message: 'string 2' }),
    }),
    ['google/protobuf/duration.proto'],
  ),
}

// The types are not made before they are needed: few programs need more than one file.
function file(name: string, types: BundledFile['types'], imports: readonly string[] = []): BundledFile {
  return { package: name, imports, types }
}

/** A message of fields in short: `{ orderIds: 'repeated string 1' }`. With `oneof`, they are the cases of it. */
function message(short: Readonly<Record<string, string>>, oneof?: string): IType {
  const names = Object.keys(short)
  const optional = names.filter((name) => short[name]?.startsWith('optional '))
  const oneofs = Object.fromEntries([
    ...(oneof ? [[oneof, { oneof: names }]] : []),
    ...optional.map((name) => [`_${name}`, { oneof: [name] }]),
  ])
  return { fields: fields(short), ...(Object.keys(oneofs).length > 0 && { oneofs }) }
}

function fields(short: Readonly<Record<string, string>>): IType['fields'] {
  return Object.fromEntries(Object.entries(short).map(([name, text]) => [name, field(name, text)]))
}

const SHORT = /^(?:(repeated|optional) )?(?:map<(\w+),)?([\w.]+)>? (\d+)$/

function field(name: string, text: string): IType['fields'][string] {
  const [, rule, keyType, type = '', id] = SHORT.exec(text) ?? []
  return {
    type,
    id: Number(id),
    ...(rule === 'repeated' && { rule }),
    ...(rule === 'optional' && { options: { proto3_optional: true } }),
    ...(keyType && { keyType }),
    // The name as in the file; the library reads it although its types do not say so.
    protoName: name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  } as IType['fields'][string]
}

function enumeration(names: string): IEnum {
  return { values: Object.fromEntries(names.split(' ').map((name, value) => [name, value])) }
}
