import type { OpenApiSchema } from '../document-types.js'
import { type EnumSchema, type Rules, type RuleValue, rulesIn, type TypeReference } from '../kernel.js'
import { stringKeywords } from './string-rules.js'

type Keywords = Record<string, unknown>

/**
 * Keywords for the standard rules of one value. What JSON Schema cannot say of it is put in words: bounds of 64-bit integers, for
 * they are texts, and of times.
 */
export function valueKeywords(type: string | TypeReference, kind: string | undefined, rules: Rules): OpenApiSchema {
  if (kind === undefined) return {}
  const own = rulesIn(rules, kind)
  if (Object.keys(own).length === 0) return {}
  if (typeof type === 'object' && type.kind === 'enum') return enumKeywords(own, type.schema)
  switch (kind) {
    case 'string':
      return stringKeywords(own)
    case 'bytes':
      return bytesKeywords(own)
    case 'bool':
      return own.const === undefined ? {} : { const: own.const }
    case 'any':
      return { ...listed(own, 'in', (urls) => ({ properties: { '@type': { type: 'string', enum: urls } } })) }
    case 'timestamp':
    case 'duration':
    case 'field_mask':
      return {}
    default:
      return kind.endsWith('64') ? longKeywords(own) : numberKeywords(own)
  }
}

function enumKeywords(rules: Rules, { values }: EnumSchema): OpenApiSchema {
  const names = (numbers: readonly RuleValue[]): string[] =>
    numbers.flatMap((number) => values.filter((value) => value.number === number).map(({ name }) => name))
  return {
    ...(rules.const !== undefined && { enum: names([rules.const]) }),
    ...listed(rules, 'in', (list) => ({ enum: names(list) })),
    ...listed(rules, 'not_in', (list) => ({ not: { enum: names(list) } })),
  }
}

function numberKeywords(rules: Rules): OpenApiSchema {
  return {
    ...(rules.const !== undefined && { const: rules.const }),
    ...listed(rules, 'in', (list) => ({ enum: list })),
    ...excluded(rules),
  }
}

/** What a number may not be, and its bounds. */
function excluded(rules: Rules): OpenApiSchema {
  const bounds = boundsOf(rules)
  const not = listed(rules, 'not_in', (list) => ({ enum: list }))
  const parts = [...(bounds.not ? [bounds.not] : []), ...(Object.keys(not).length > 0 ? [not] : [])]
  const denied = parts.length > 1 ? { not: { anyOf: parts } } : parts.length === 1 ? { not: parts[0] } : {}
  return { ...bounds.keywords, ...denied }
}

/** Bounds that go round a range, or with the upper one below the lower one leave a range out. */
function boundsOf({ gt, gte, lt, lte }: Rules): { readonly keywords: OpenApiSchema; readonly not?: OpenApiSchema } {
  const lower = (gt ?? gte) as number | undefined
  const upper = (lt ?? lte) as number | undefined
  if (lower !== undefined && upper !== undefined && upper < lower) {
    const inside = {
      ...(gt === undefined ? { exclusiveMaximum: lower } : { maximum: lower }),
      ...(lt === undefined ? { exclusiveMinimum: upper } : { minimum: upper }),
    }
    return { keywords: {}, not: { type: 'number', ...inside } }
  }
  return {
    keywords: {
      ...finite('exclusiveMinimum', gt),
      ...finite('minimum', gte),
      ...finite('exclusiveMaximum', lt),
      ...finite('maximum', lte),
    },
  }
}

function finite(keyword: string, limit: RuleValue | undefined): Keywords {
  return typeof limit === 'number' && Number.isFinite(limit) ? { [keyword]: limit } : {}
}

/** 64-bit integers are texts in JSON: values can be told apart, but not compared. */
function longKeywords(rules: Rules): OpenApiSchema {
  const { gt, gte, lt, lte } = rules
  const lower = gt === undefined ? gte !== undefined && `at least ${gte}` : `greater than ${gt}`
  const upper = lt === undefined ? lte !== undefined && `at most ${lte}` : `less than ${lt}`
  const between = (gt ?? gte) !== undefined && (lt ?? lte) !== undefined && Number(lt ?? lte) < Number(gt ?? gte)
  const text = [lower, upper].filter((part) => part !== false).join(between ? ' or ' : ' and ')
  return {
    ...(rules.const !== undefined && { const: String(rules.const) }),
    ...listed(rules, 'in', (list) => ({ enum: list.map(String) })),
    ...listed(rules, 'not_in', (list) => ({ not: { enum: list.map(String) } })),
    ...(text !== '' && { description: `Must be ${text}.` }),
  }
}

/** Sizes in base64, with the padding that may be left out. */
function bytesKeywords({ len, min_len: min = len, max_len: max = len }: Rules): OpenApiSchema {
  return {
    ...(min !== undefined && { minLength: Math.ceil((Number(min) * 4) / 3) }),
    ...(max !== undefined && { maxLength: Math.ceil(Number(max) / 3) * 4 }),
  }
}

/** Keywords for a rule that is a list, if it is set. */
function listed(rules: Rules, name: string, make: (list: readonly RuleValue[]) => OpenApiSchema): OpenApiSchema {
  const list = rules[name]
  return Array.isArray(list) && list.length > 0 ? make(list) : {}
}
