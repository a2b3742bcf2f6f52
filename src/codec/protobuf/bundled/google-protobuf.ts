import { type BundledFiles, enumeration, file, message } from './compact.js'
import { readTypes } from './descriptor/read-types.js'
import { descriptorTypes } from './descriptor.js'

const PACKAGE = 'google.protobuf'

/** The files of `google/protobuf`. */
export const googleProtobuf: BundledFiles = {
  'google/protobuf/any.proto': file(PACKAGE, () => ({ Any: message({ typeUrl: 'string 1', value: 'bytes 2' }) })),
  'google/protobuf/duration.proto': file(PACKAGE, () => ({
    Duration: message({ seconds: 'int64 1', nanos: 'int32 2' }),
  })),
  'google/protobuf/empty.proto': file(PACKAGE, () => ({ Empty: message({}) })),
  'google/protobuf/field_mask.proto': file(PACKAGE, () => ({ FieldMask: message({ paths: 'repeated string 1' }) })),
  'google/protobuf/source_context.proto': file(PACKAGE, () => ({ SourceContext: message({ fileName: 'string 1' }) })),
  'google/protobuf/timestamp.proto': file(PACKAGE, () => ({
    Timestamp: message({ seconds: 'int64 1', nanos: 'int32 2' }),
  })),
  'google/protobuf/struct.proto': file(PACKAGE, () => ({
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
    NullValue: enumeration('NULL_VALUE'),
    ListValue: message({ values: 'repeated Value 1' }),
  })),
  'google/protobuf/wrappers.proto': file(PACKAGE, () => ({
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
  'google/protobuf/type.proto': file(PACKAGE, reflectedTypes, [
    'google/protobuf/any.proto',
    'google/protobuf/source_context.proto',
  ]),
  'google/protobuf/api.proto': file(PACKAGE, reflectedApis, [
    'google/protobuf/source_context.proto',
    'google/protobuf/type.proto',
  ]),
  'google/protobuf/descriptor.proto': file(PACKAGE, descriptorTypes),
  'google/protobuf/compiler/plugin.proto': file(`${PACKAGE}.compiler`, () => readTypes(PLUGIN_TYPES), [
    'google/protobuf/descriptor.proto',
  ]),
}

const PLUGIN_TYPES = [
  'message Version',
  '  major int32 1',
  '  minor int32 2',
  '  patch int32 3',
  '  suffix string 4',
  'message CodeGeneratorRequest',
  '  file_to_generate repeated string 1',
  '  parameter string 2',
  '  compiler_version Version 3',
  '  proto_file repeated FileDescriptorProto 15',
  '  source_file_descriptors repeated FileDescriptorProto 17',
  'message CodeGeneratorResponse',
  '  error string 1',
  '  supported_features uint64 2',
  '  minimum_edition int32 3',
  '  maximum_edition int32 4',
  '  file repeated File 15',
  'values CodeGeneratorResponse.Feature',
  '  FEATURE_NONE=0 FEATURE_PROTO3_OPTIONAL=1 FEATURE_SUPPORTS_EDITIONS=2',
  'message CodeGeneratorResponse.File',
  '  name string 1',
  '  insertion_point string 2',
  '  content string 15',
  '  generated_code_info GeneratedCodeInfo 16',
].join('\n')

function reflectedTypes(): ReturnType<typeof descriptorTypes> {
  const described = {
    options: 'repeated Option 4',
    sourceContext: 'SourceContext 5',
    syntax: 'Syntax 6',
    edition: 'string 7',
  }
  return {
    Type: message({ name: 'string 1', fields: 'repeated Field 2', oneofs: 'repeated string 3', ...described }),
    Field: message(
      {
        kind: 'Kind 1',
        cardinality: 'Cardinality 2',
        number: 'int32 3',
        name: 'string 4',
        typeUrl: 'string 6',
        oneofIndex: 'int32 7',
        packed: 'bool 8',
        options: 'repeated Option 9',
        jsonName: 'string 10',
        defaultValue: 'string 11',
      },
      { nested: { Kind: enumeration(FIELD_KINDS), Cardinality: enumeration(CARDINALITIES) } },
    ),
    Enum: message({
      name: 'string 1',
      enumvalue: 'repeated EnumValue 2',
      options: 'repeated Option 3',
      sourceContext: 'SourceContext 4',
      syntax: 'Syntax 5',
      edition: 'string 6',
    }),
    EnumValue: message({ name: 'string 1', number: 'int32 2', options: 'repeated Option 3' }),
    Option: message({ name: 'string 1', value: 'Any 2' }),
    Syntax: enumeration('SYNTAX_PROTO2 SYNTAX_PROTO3 SYNTAX_EDITIONS'),
  }
}

const FIELD_KINDS =
  'TYPE_UNKNOWN TYPE_DOUBLE TYPE_FLOAT TYPE_INT64 TYPE_UINT64 TYPE_INT32 TYPE_FIXED64 TYPE_FIXED32 TYPE_BOOL ' +
  'TYPE_STRING TYPE_GROUP TYPE_MESSAGE TYPE_BYTES TYPE_UINT32 TYPE_ENUM TYPE_SFIXED32 TYPE_SFIXED64 TYPE_SINT32 TYPE_SINT64'
const CARDINALITIES = 'CARDINALITY_UNKNOWN CARDINALITY_OPTIONAL CARDINALITY_REQUIRED CARDINALITY_REPEATED'

function reflectedApis(): ReturnType<typeof descriptorTypes> {
  return {
    Api: message({
      name: 'string 1',
      methods: 'repeated Method 2',
      options: 'repeated Option 3',
      version: 'string 4',
      sourceContext: 'SourceContext 5',
      mixins: 'repeated Mixin 6',
      syntax: 'Syntax 7',
      edition: 'string 8',
    }),
    Method: message({
      name: 'string 1',
      requestTypeUrl: 'string 2',
      requestStreaming: 'bool 3',
      responseTypeUrl: 'string 4',
      responseStreaming: 'bool 5',
      options: 'repeated Option 6',
      syntax: 'Syntax 7',
      edition: 'string 8',
    }),
    Mixin: message({ name: 'string 1', root: 'string 2' }),
  }
}
