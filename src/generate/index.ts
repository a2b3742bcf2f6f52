/** Code from contracts, contracts from code, and what changed between two of them. @module */
export { type GeneratedFile, type GenerateOptions, generate, generateCode } from './generate.js'
export { type ContractSource, contractFiles } from './proto/contract-of.js'
export { type ProtoText, type WriteProtoOptions, writeProto } from './proto/write-proto.js'
