/** Code from contracts, contracts from code, and what changed between two of them. @module */

export {
  BREAKING_CATEGORIES,
  type BreakingCategory,
  type BreakingChange,
  type BreakingRule,
} from './check/breaking-change.js'
export { type CheckOptions, checkBreaking } from './check/check-breaking.js'
export { type ContractInput, type ContractVersion, readContract, type SourceText } from './check/read-contract.js'
export { type GeneratedFile, type GenerateOptions, generate, generateCode } from './generate.js'
export { type ContractSource, contractFiles } from './proto/contract-of.js'
export { type ProtoText, type WriteProtoOptions, writeProto } from './proto/write-proto.js'
