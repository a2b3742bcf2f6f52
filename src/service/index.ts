/** Services: define a contract, implement it, bind it. @module */
export {
  type DeclarationOptions,
  type EnumDescriptor,
  type FieldDescriptor,
  type FieldTypeDescriptor,
  type MapKeyType,
  type MessageDescriptor,
  type NumberedOptions,
  type ReservedDescriptor,
  SCALAR_TYPES,
  type ScalarType,
  WELL_KNOWN_TYPES,
  type WellKnownType,
} from '../codec/message-descriptor.js'
export {
  type FromGrpcJs,
  type FromGrpcJsOptions,
  fromGrpcJs,
  type GrpcJsDefinition,
  type GrpcJsMethod,
} from './adapter/from-grpc-js.js'
export {
  type FromTsProto,
  type FromTsProtoOptions,
  fromTsProto,
  type TsProtoDefinition,
  type TsProtoMessage,
  type TsProtoMessageOf,
  type TsProtoMethod,
  type TsProtoWriter,
} from './adapter/from-ts-proto.js'
export type { KindBy, KindOf, Streams } from './adapter/kind.js'
export { bindings } from './bindings.js'
export type { AnyClass } from './decorator/decorated.js'
export { definitionOf } from './decorator/definition-of.js'
export { type RpcContract, type RpcDecorator, rpc } from './decorator/rpc.js'
export { type FitsContract, service } from './decorator/service.js'
export { type UseDecorator, use } from './decorator/use.js'
export {
  type AnyMethodSpec,
  defineService,
  type MethodSpecs,
  type MethodsOf,
  type ServiceFile,
} from './define-service.js'
export type { Handler, HandlerOfKind, Implementation, MethodMap, Service, ServiceDefinition } from './definition.js'
export { healthContract, healthService } from './health.js'
export { type ImplementOptions, implement, type MethodMiddleware } from './implement.js'
export { codecOf } from './message/codec-of.js'
export { defineEnum, type EnumOptions } from './message/define-enum.js'
export {
  defineMessage,
  type Flat,
  type MemberMap,
  type MemberValue,
  type MessageWith,
} from './message/define-message.js'
export {
  type DeclaredAs,
  type Field,
  field,
  type Member,
  type OneofValue,
  oneof,
  type Presence,
} from './message/field.js'
export type { FieldSpec, MemberSpec, OneofSpec } from './message/field-spec.js'
export type {
  EnumObject,
  FieldOptions,
  FieldPresence,
  FieldType,
  FieldValue,
  GivenType,
  MapType,
  NamedValues,
  SingleValue,
  ValueOf,
  ValueType,
} from './message/field-type.js'
export { message } from './message/message-class.js'
export type { MessageClass, MessageOf, MessageSource, MessageType } from './message/message-type.js'
export { bidiStream, clientStream, type MethodOptions, type MethodSpec, serverStream, unary } from './method-spec.js'
export { ProtoError, type ProtoProblem } from './proto/proto-error.js'
export {
  type Contract,
  loadProto,
  type ProtoOptions,
  type ProtoSourceOptions,
  parseProto,
} from './proto.js'
export { reflectionAlphaContract, reflectionContract } from './reflection/reflection-contract.js'
export { reflectionServices } from './reflection/reflection-services.js'
export { toService } from './to-service.js'
