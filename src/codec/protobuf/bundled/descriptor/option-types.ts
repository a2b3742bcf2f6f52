/** The options of `google/protobuf/descriptor.proto`, as `readTypes` reads them. */
export const OPTION_TYPES = `
message ExtensionRangeOptions
  uninterpreted_option repeated UninterpretedOption 999
  declaration repeated Declaration 2 retention=RETENTION_SOURCE
  features FeatureSet 50
  verification VerificationState 3 default=UNVERIFIED retention=RETENTION_SOURCE
  extensions 1000-max
message ExtensionRangeOptions.Declaration
  number int32 1
  full_name string 2
  type string 3
  reserved bool 5
  repeated bool 6
  reserved 4
values ExtensionRangeOptions.VerificationState
  DECLARATION=0 UNVERIFIED=1
message FileOptions
  java_package string 1
  java_outer_classname string 8
  java_multiple_files bool 10 default=false
  java_generate_equals_and_hash bool 20 deprecated=true
  java_string_check_utf8 bool 27 default=false
  optimize_for OptimizeMode 9 default=SPEED
  go_package string 11
  cc_generic_services bool 16 default=false
  java_generic_services bool 17 default=false
  py_generic_services bool 18 default=false
  deprecated bool 23 default=false
  cc_enable_arenas bool 31 default=true
  objc_class_prefix string 36
  csharp_namespace string 37
  swift_prefix string 39
  php_class_prefix string 40
  php_namespace string 41
  php_metadata_namespace string 44
  ruby_package string 45
  features FeatureSet 50
  uninterpreted_option repeated UninterpretedOption 999
  extensions 1000-max
  reserved 42 38
  reserved php_generic_services
values FileOptions.OptimizeMode
  SPEED=1 CODE_SIZE=2 LITE_RUNTIME=3
message MessageOptions
  message_set_wire_format bool 1 default=false
  no_standard_descriptor_accessor bool 2 default=false
  deprecated bool 3 default=false
  map_entry bool 7
  deprecated_legacy_json_field_conflicts bool 11 deprecated=true
  features FeatureSet 12
  uninterpreted_option repeated UninterpretedOption 999
  extensions 1000-max
  reserved 4 5 6 8 9
message FieldOptions
  ctype CType 1 default=STRING
  packed bool 2
  jstype JSType 6 default=JS_NORMAL
  lazy bool 5 default=false
  unverified_lazy bool 15 default=false
  deprecated bool 3 default=false
  weak bool 10 deprecated=true default=false
  debug_redact bool 16
  retention OptionRetention 17
  targets repeated OptionTargetType 19
  edition_defaults repeated EditionDefault 20
  features FeatureSet 21
  feature_support FeatureSupport 22
  uninterpreted_option repeated UninterpretedOption 999
  extensions 1000-max
  reserved 4 18
values FieldOptions.CType
  STRING=0 CORD=1 STRING_PIECE=2
values FieldOptions.JSType
  JS_NORMAL=0 JS_STRING=1 JS_NUMBER=2
values FieldOptions.OptionRetention
  RETENTION_UNKNOWN=0 RETENTION_RUNTIME=1 RETENTION_SOURCE=2
values FieldOptions.OptionTargetType
  TARGET_TYPE_UNKNOWN=0 TARGET_TYPE_FILE=1 TARGET_TYPE_EXTENSION_RANGE=2 TARGET_TYPE_MESSAGE=3
  TARGET_TYPE_FIELD=4 TARGET_TYPE_ONEOF=5 TARGET_TYPE_ENUM=6 TARGET_TYPE_ENUM_ENTRY=7 TARGET_TYPE_SERVICE=8
  TARGET_TYPE_METHOD=9
message FieldOptions.EditionDefault
  edition Edition 3
  value string 2
message FieldOptions.FeatureSupport
  edition_introduced Edition 1
  edition_deprecated Edition 2
  deprecation_warning string 3
  edition_removed Edition 4
  removal_error string 5
message OneofOptions
  features FeatureSet 1
  uninterpreted_option repeated UninterpretedOption 999
  extensions 1000-max
message EnumOptions
  allow_alias bool 2
  deprecated bool 3 default=false
  deprecated_legacy_json_field_conflicts bool 6 deprecated=true
  features FeatureSet 7
  uninterpreted_option repeated UninterpretedOption 999
  extensions 1000-max
  reserved 5
message EnumValueOptions
  deprecated bool 1 default=false
  features FeatureSet 2
  debug_redact bool 3
  feature_support FieldOptions.FeatureSupport 4
  uninterpreted_option repeated UninterpretedOption 999
  extensions 990-998
  extensions 1000-max
message ServiceOptions
  features FeatureSet 34
  deprecated bool 33 default=false
  uninterpreted_option repeated UninterpretedOption 999
  extensions 1000-max
message MethodOptions
  deprecated bool 33 default=false
  idempotency_level IdempotencyLevel 34 default=IDEMPOTENCY_UNKNOWN
  features FeatureSet 35
  uninterpreted_option repeated UninterpretedOption 999
  extensions 1000-max
values MethodOptions.IdempotencyLevel
  IDEMPOTENCY_UNKNOWN=0 NO_SIDE_EFFECTS=1 IDEMPOTENT=2
message UninterpretedOption
  name repeated NamePart 2
  identifier_value string 3
  positive_int_value uint64 4
  negative_int_value int64 5
  double_value double 6
  string_value bytes 7
  aggregate_value string 8
message UninterpretedOption.NamePart
  name_part required string 1
  is_extension required bool 2
`
