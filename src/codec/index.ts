/** Messages as bytes, as JSON, and as plain objects of TypeScript. @module */

export {
  BadRequest,
  type BadRequestViolation,
  DebugInfo,
  Help,
  type HelpLink,
  LocalizedMessage,
  PreconditionFailure,
  type PreconditionViolation,
  QuotaFailure,
  type QuotaViolation,
  RequestInfo,
  ResourceInfo,
  RetryInfo,
} from './detail/error-details.js'
export { findDetail, packDetail } from './detail/pack-detail.js'
export { retryDelayMs, retryInfo } from './detail/retry-info.js'
export type { FieldKind, FieldShape, FromJsonOptions, JsonValue, MessageCodec } from './message-codec.js'
export type { MessageInit } from './message-init.js'
export { messageCodec } from './protobuf.js'
export { type ProtoFile, type ProtoFileSource, protoFile } from './protobuf-file.js'
export type {
  Declaration,
  EnumReference,
  EnumSchema,
  EnumValueSchema,
  ExtensionSchema,
  FieldSchema,
  MessageReference,
  MessageSchema,
  OneofSchema,
  Options,
  OptionValue,
  Reserved,
  TypeFile,
  TypeReference,
  Visibility,
} from './schema/schema.js'
export { decodeStatus, encodeStatus, errorFromStatus, type Status } from './status.js'
export { errorFromStatusJson, statusToJson } from './status-json.js'
export { durationFromMs, durationToMs, timestampFromDate, timestampToDate } from './time.js'
export { packAny, unpackAny } from './well-known/any-message.js'
export { structFromJson, structToJson } from './well-known/struct-json.js'
export {
  Any,
  BoolValue,
  BytesValue,
  DoubleValue,
  Duration,
  Empty,
  FieldMask,
  FloatValue,
  Int32Value,
  Int64Value,
  ListValue,
  NullValue,
  StringValue,
  Struct,
  Timestamp,
  UInt32Value,
  UInt64Value,
  Value,
  type Wrapper,
} from './well-known.js'
