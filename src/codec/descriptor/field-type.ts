/** What a field of a descriptor is: `FieldDescriptorProto.Type`, by the name in a `.proto` file. */
export const FieldType = {
  double: 1,
  float: 2,
  int64: 3,
  uint64: 4,
  int32: 5,
  fixed64: 6,
  fixed32: 7,
  bool: 8,
  string: 9,
  group: 10,
  message: 11,
  bytes: 12,
  uint32: 13,
  enum: 14,
  sfixed32: 15,
  sfixed64: 16,
  sint32: 17,
  sint64: 18,
} as const

/** How often a field may be there: `FieldDescriptorProto.Label`. */
export const FieldLabel = { optional: 1, required: 2, repeated: 3 } as const

/** Whether other files may refer to a type: `SymbolVisibility`. */
export const Visibility = { local: 1, export: 2 } as const

/** Editions of the language, by name. */
export const Edition = { proto2: 998, proto3: 999, '2023': 1000, '2024': 1001 } as const
