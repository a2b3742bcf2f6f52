import type { FieldSchema, TypeReference } from '../schema/schema.js'
import { type Check, checkAll, type Demand } from './finding.js'
import { isZero } from './has-field.js'
import { messageName, RuleProblem, type Rules, rulesIn } from './option/rules.js'
import { bytesDemands } from './rule/bytes-rules.js'
import { membershipDemands } from './rule/membership.js'
import { numberDemands } from './rule/number-rules.js'
import { anyDemands, enumDemands, fieldMaskDemands } from './rule/other-rules.js'
import { stringDemands } from './rule/string-rules.js'
import { durationDemands, timestampDemands } from './rule/time-rules.js'

/** The type of one value: of a field, or of what a list or map holds. */
export type ValueType = string | TypeReference

/** What types have rules of their own, beside scalars and enums. */
const RULES_OF_MESSAGES: Readonly<Record<string, { readonly name: string; demands(rules: Rules): Demand[] }>> = {
  'google.protobuf.Any': { name: 'any', demands: anyDemands },
  'google.protobuf.Duration': { name: 'duration', demands: durationDemands },
  'google.protobuf.FieldMask': { name: 'field_mask', demands: fieldMaskDemands },
  'google.protobuf.Timestamp': { name: 'timestamp', demands: timestampDemands },
}

const WRAPPED: Readonly<Record<string, string>> = {
  'google.protobuf.BoolValue': 'bool',
  'google.protobuf.BytesValue': 'bytes',
  'google.protobuf.DoubleValue': 'double',
  'google.protobuf.FloatValue': 'float',
  'google.protobuf.Int32Value': 'int32',
  'google.protobuf.Int64Value': 'int64',
  'google.protobuf.StringValue': 'string',
  'google.protobuf.UInt32Value': 'uint32',
  'google.protobuf.UInt64Value': 'uint64',
}

/** All that options may say of the type of a value. */
const NOT_OF_A_TYPE = new Set(['required', 'ignore', 'cel', 'cel_expression'])

/** Name of the rules that a field may have: `string`, `repeated`; `undefined` for messages without rules of their own. */
export function ruleKind(type: ValueType, shape: FieldSchema['shape'] = 'singular'): string | undefined {
  if (shape !== 'singular') return shape === 'list' ? 'repeated' : 'map'
  if (typeof type === 'string') return type
  if (type.kind === 'enum') return 'enum'
  return WRAPPED[type.fullName] ?? RULES_OF_MESSAGES[type.fullName]?.name
}

/** Throws a `RuleProblem` if a field has rules for another type than its own. */
export function refuseOtherKinds(rules: Rules, kind: string | undefined): void {
  const wrong = Object.keys(rules).find((name) => name !== kind && !NOT_OF_A_TYPE.has(name))
  if (wrong === undefined) return
  const own =
    kind === undefined ? 'is for other types: a message has no rules but its own' : `is for other types: use ${kind}`
  throw new RuleProblem(`(buf.validate.field).${wrong} ${own}`)
}

/** The standard rules of a value that is no list and no map; `undefined` without any. */
export function compileValue(type: ValueType, rules: Rules): Check | undefined {
  const kind = ruleKind(type)
  refuseOtherKinds(rules, kind)
  if (kind === undefined || rules[kind] === undefined) return undefined
  const check = checkAll(demandsOf(type, kind, rulesIn(rules, kind)))
  return check && unwrapped(type, check)
}

/** The same check for a value in its wrapper, if the type is one. */
export function unwrapped(type: ValueType, check: Check): Check {
  const wrapped = WRAPPED[messageName(type) ?? '']
  if (wrapped === undefined) return check
  const zero = zeroOf(wrapped)
  return (wrapper, clock) => check((wrapper as { readonly value?: unknown }).value ?? zero, clock)
}

/** Name of the scalar in a wrapper; `undefined` for other types. */
export function wrappedScalar(type: ValueType): string | undefined {
  return WRAPPED[messageName(type) ?? '']
}

function demandsOf(type: ValueType, kind: string, rules: Rules): Demand[] {
  switch (kind) {
    case 'string':
      return stringDemands(rules)
    case 'bytes':
      return bytesDemands(rules)
    case 'bool':
      return membershipDemands<boolean>('bool', rules)
    case 'enum':
      return typeof type === 'object' && type.kind === 'enum' ? enumDemands(rules, type.schema) : []
    default:
      return RULES_OF_MESSAGES[messageName(type) ?? '']?.demands(rules) ?? numberDemands(kind, rules)
  }
}

const NO_BYTES = new Uint8Array(0)

/** What a scalar is that is not set. */
export function zeroOf(type: ValueType): unknown {
  if (typeof type === 'object') return type.kind === 'enum' ? 0 : undefined
  if (type === 'string') return ''
  if (type === 'bool') return false
  if (type === 'bytes') return NO_BYTES
  return type.endsWith('64') ? 0n : 0
}

/** A check that leaves out values which are zero. */
export function unlessZero(check: Check): Check {
  return (value, clock) => (isZero(value) ? undefined : check(value, clock))
}
