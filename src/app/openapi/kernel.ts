/** What the inner folders need of the floors below. */
export type {
  EnumReference,
  EnumSchema,
  FieldSchema,
  MessageReference,
  MessageSchema,
  OneofSchema,
  Options,
  TypeReference,
} from '../../codec/schema/schema.js'
export { compileField } from '../../codec/validate/compile-field.js'
export { ruleKind } from '../../codec/validate/compile-value.js'
export { readRules } from '../../codec/validate/option/read-option.js'
export { type Rules, type RuleValue, rulesIn } from '../../codec/validate/option/rules.js'
export { type HttpRule, type MethodKind, streamsRequests, streamsResponses } from '../../endpoint/method.js'
export { Code, codeName, type ErrorCode } from '../../error/code.js'
export { errorReasons } from '../../service/proto-schema/error-reasons.js'
export type { ContractFile, MethodSchema, ServiceSchema } from '../../service/proto-schema/proto-schema.js'
export { STATUS_OF_CODE } from '../../transport/http/error-body/http-status.js'
export { parseTemplate, REST, STAR } from '../../transport/http/route/template.js'
