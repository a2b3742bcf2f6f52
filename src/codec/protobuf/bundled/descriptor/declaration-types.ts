/** The types of `google/protobuf/descriptor.proto` other than options, as `readTypes` reads them. */
export const DECLARATION_TYPES = `
message FileDescriptorSet
  file repeated FileDescriptorProto 1
  extensions 536000000
values Edition
  EDITION_UNKNOWN=0 EDITION_LEGACY=900 EDITION_PROTO2=998 EDITION_PROTO3=999 EDITION_2023=1000 EDITION_2024=1001
  EDITION_2026=1002 EDITION_UNSTABLE=9999 EDITION_1_TEST_ONLY=1 EDITION_2_TEST_ONLY=2 EDITION_99997_TEST_ONLY=99997
  EDITION_99998_TEST_ONLY=99998 EDITION_99999_TEST_ONLY=99999 EDITION_MAX=2147483647
message FileDescriptorProto
  name string 1
  package string 2
  dependency repeated string 3
  public_dependency repeated int32 10
  weak_dependency repeated int32 11
  option_dependency repeated string 15
  message_type repeated DescriptorProto 4
  enum_type repeated EnumDescriptorProto 5
  service repeated ServiceDescriptorProto 6
  extension repeated FieldDescriptorProto 7
  options FileOptions 8
  source_code_info SourceCodeInfo 9
  syntax string 12
  edition Edition 14
message DescriptorProto
  name string 1
  field repeated FieldDescriptorProto 2
  extension repeated FieldDescriptorProto 6
  nested_type repeated DescriptorProto 3
  enum_type repeated EnumDescriptorProto 4
  extension_range repeated ExtensionRange 5
  oneof_decl repeated OneofDescriptorProto 8
  options MessageOptions 7
  reserved_range repeated ReservedRange 9
  reserved_name repeated string 10
  visibility SymbolVisibility 11
message DescriptorProto.ExtensionRange
  start int32 1
  end int32 2
  options ExtensionRangeOptions 3
message DescriptorProto.ReservedRange
  start int32 1
  end int32 2
message FieldDescriptorProto
  name string 1
  number int32 3
  label Label 4
  type Type 5
  type_name string 6
  extendee string 2
  default_value string 7
  oneof_index int32 9
  json_name string 10
  options FieldOptions 8
  proto3_optional bool 17
values FieldDescriptorProto.Type
  TYPE_DOUBLE=1 TYPE_FLOAT=2 TYPE_INT64=3 TYPE_UINT64=4 TYPE_INT32=5 TYPE_FIXED64=6 TYPE_FIXED32=7 TYPE_BOOL=8
  TYPE_STRING=9 TYPE_GROUP=10 TYPE_MESSAGE=11 TYPE_BYTES=12 TYPE_UINT32=13 TYPE_ENUM=14 TYPE_SFIXED32=15
  TYPE_SFIXED64=16 TYPE_SINT32=17 TYPE_SINT64=18
values FieldDescriptorProto.Label
  LABEL_OPTIONAL=1 LABEL_REPEATED=3 LABEL_REQUIRED=2
message OneofDescriptorProto
  name string 1
  options OneofOptions 2
message EnumDescriptorProto
  name string 1
  value repeated EnumValueDescriptorProto 2
  options EnumOptions 3
  reserved_range repeated EnumReservedRange 4
  reserved_name repeated string 5
  visibility SymbolVisibility 6
message EnumDescriptorProto.EnumReservedRange
  start int32 1
  end int32 2
message EnumValueDescriptorProto
  name string 1
  number int32 2
  options EnumValueOptions 3
message ServiceDescriptorProto
  name string 1
  method repeated MethodDescriptorProto 2
  options ServiceOptions 3
message MethodDescriptorProto
  name string 1
  input_type string 2
  output_type string 3
  options MethodOptions 4
  client_streaming bool 5 default=false
  server_streaming bool 6 default=false
message FeatureSet
  field_presence FieldPresence 1
  enum_type EnumType 2
  repeated_field_encoding RepeatedFieldEncoding 3
  utf8_validation Utf8Validation 4
  message_encoding MessageEncoding 5
  json_format JsonFormat 6
  enforce_naming_style EnforceNamingStyle 7
  default_symbol_visibility VisibilityFeature.DefaultSymbolVisibility 8
  enforce_proto_limits ProtoLimitsFeature.EnforceProtoLimits 9
  extensions 1000-9994 9995-9999 10000
  reserved 999
values FeatureSet.FieldPresence
  FIELD_PRESENCE_UNKNOWN=0 EXPLICIT=1 IMPLICIT=2 LEGACY_REQUIRED=3
values FeatureSet.EnumType
  ENUM_TYPE_UNKNOWN=0 OPEN=1 CLOSED=2
values FeatureSet.RepeatedFieldEncoding
  REPEATED_FIELD_ENCODING_UNKNOWN=0 PACKED=1 EXPANDED=2
values FeatureSet.Utf8Validation
  UTF8_VALIDATION_UNKNOWN=0 VERIFY=2 NONE=3
values FeatureSet.MessageEncoding
  MESSAGE_ENCODING_UNKNOWN=0 LENGTH_PREFIXED=1 DELIMITED=2
values FeatureSet.JsonFormat
  JSON_FORMAT_UNKNOWN=0 ALLOW=1 LEGACY_BEST_EFFORT=2
values FeatureSet.EnforceNamingStyle
  ENFORCE_NAMING_STYLE_UNKNOWN=0 STYLE2024=1 STYLE_LEGACY=2 STYLE2026=3
message FeatureSet.VisibilityFeature
  reserved 1-max
values FeatureSet.VisibilityFeature.DefaultSymbolVisibility
  DEFAULT_SYMBOL_VISIBILITY_UNKNOWN=0 EXPORT_ALL=1 EXPORT_TOP_LEVEL=2 LOCAL_ALL=3 STRICT=4
message FeatureSet.ProtoLimitsFeature
values FeatureSet.ProtoLimitsFeature.EnforceProtoLimits
  PROTO_LIMITS_UNKNOWN=0 LEGACY_NO_EXPLICIT_LIMITS=1 PROTO_LIMITS2026=2
message FeatureSetDefaults
  defaults repeated FeatureSetEditionDefault 1
  minimum_edition Edition 4
  maximum_edition Edition 5
message FeatureSetDefaults.FeatureSetEditionDefault
  edition Edition 3
  overridable_features FeatureSet 4
  fixed_features FeatureSet 5
  reserved 1 2 features
message SourceCodeInfo
  location repeated Location 1
  extensions 536000000
message SourceCodeInfo.Location
  path repeated int32 1 packed=true
  span repeated int32 2 packed=true
  leading_comments string 3
  trailing_comments string 4
  leading_detached_comments repeated string 6
message GeneratedCodeInfo
  annotation repeated Annotation 1
message GeneratedCodeInfo.Annotation
  path repeated int32 1 packed=true
  source_file string 2
  begin int32 3
  end int32 4
  semantic Semantic 5
values GeneratedCodeInfo.Annotation.Semantic
  NONE=0 SET=1 ALIAS=2
values SymbolVisibility
  VISIBILITY_UNSET=0 VISIBILITY_LOCAL=1 VISIBILITY_EXPORT=2
`
