/** Code from contracts, contracts from code, OpenAPI, and what changed between two contracts. @module */

export type {
  OpenApiContent,
  OpenApiDocument,
  OpenApiInfo,
  OpenApiOperation,
  OpenApiParameter,
  OpenApiPathItem,
  OpenApiResponse,
  OpenApiSchema,
  OpenApiServer,
  SecurityRequirement,
} from '../app/openapi/document-types.js'
export type { OpenApiErrorBody, OpenApiOptions, OpenApiSecurity } from '../app/openapi/openapi-options.js'
export type { Options, OptionValue, TypeFile } from '../codec/schema/schema.js'
export type { ContractFile, MethodSchema, ServiceSchema } from '../service/proto-schema/proto-schema.js'
export {
  BREAKING_CATEGORIES,
  type BreakingCategory,
  type BreakingChange,
  type BreakingRule,
} from './check/breaking-change.js'
export { type CheckOptions, checkBreaking } from './check/check-breaking.js'
export { type ContractInput, type ContractVersion, readContract, type SourceText } from './check/read-contract.js'
export { type GeneratedFile, type GenerateOptions, generate, generateCode, type ImportExtension } from './generate.js'
export type { Input } from './input/read-input.js'
export { openApiDocument } from './openapi/open-api-document.js'
export { type ContractSource, contractFiles } from './proto/contract-of.js'
export { type ProtoText, type WriteProtoOptions, writeProto } from './proto/write-proto.js'
