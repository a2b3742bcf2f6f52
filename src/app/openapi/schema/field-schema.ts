import type { OpenApiSchema } from '../document-types.js'
import { type FieldSchema, type Rules, rulesIn, type TypeReference } from '../kernel.js'
import { behaviorOf } from './field-behavior.js'
import { ruleKind, rulesOfField } from './field-rules.js'
import { describe } from './texts.js'
import { valueKeywords } from './value-rules.js'

/** The schema of a type, or a reference to it. */
export type SchemaOf = (type: string | TypeReference) => OpenApiSchema

/** Where a field's schema stands. */
export interface FieldPlace {
  readonly schemaOf: SchemaOf
  readonly onWarning: (text: string) => void
  /** What is said of it beside its comment. */
  readonly note?: string | undefined
}

/** The schema of a field, with all that its contract says of it. */
export function fieldSchema(field: FieldSchema, place: FieldPlace): OpenApiSchema {
  const { deprecated, comment } = field
  const { description, ...schema } = bareSchema(field, place) as { readonly description?: string }
  return {
    ...schema,
    ...describe(comment, place.note, description),
    ...(deprecated && { deprecated }),
    ...defaultOf(field),
    ...behaviorOf(field).keywords,
  }
}

/** What a field is that is not there, where the contract says: in proto2 and editions. */
function defaultOf({ type, options }: FieldSchema): OpenApiSchema {
  const value = options.default
  if (value === undefined || type === 'bytes' || typeof value === 'object') return {}
  if (typeof type === 'string' && type.endsWith('64')) return { default: String(value) }
  return { default: value }
}

/** The schema of the values of a field, with their rules, without what the field itself is called and for. */
export function bareSchema(field: FieldSchema, { schemaOf, onWarning }: FieldPlace): OpenApiSchema {
  const rules = rulesOfField(field, onWarning)
  const { type } = field
  if (field.shape === 'list') {
    const list = rulesIn(rules, 'repeated')
    return {
      type: 'array',
      items: valueSchema(type, rulesIn(list, 'items'), schemaOf),
      ...size(list, ['min_items', 'minItems'], ['max_items', 'maxItems']),
      ...(list.unique === true && { uniqueItems: true }),
    }
  }
  if (field.shape === 'map') {
    const map = rulesIn(rules, 'map')
    return {
      type: 'object',
      additionalProperties: valueSchema(type, rulesIn(map, 'values'), schemaOf),
      ...keySchema(field.mapKey ?? 'string', rulesIn(map, 'keys')),
      ...size(map, ['min_pairs', 'minProperties'], ['max_pairs', 'maxProperties']),
    }
  }
  return valueSchema(type, rules, schemaOf)
}

function size(rules: Rules, ...limits: readonly (readonly [rule: string, keyword: string])[]): OpenApiSchema {
  return Object.fromEntries(
    limits.flatMap(([rule, keyword]) => (rules[rule] === undefined ? [] : [[keyword, Number(rules[rule])]])),
  )
}

function valueSchema(type: string | TypeReference, rules: Rules, schemaOf: SchemaOf): OpenApiSchema {
  const schema = schemaOf(type)
  const kind = ruleKind(type)
  const keywords = valueKeywords(type, kind, rules)
  if (kind !== 'double' && kind !== 'float') return { ...schema, ...keywords }
  const [number, ...others] = (schema as { readonly oneOf: readonly OpenApiSchema[] }).oneOf
  return isAlwaysFinite(rulesIn(rules, kind))
    ? { ...number, ...(others.length > 1 && { type: ['number', 'null'] }), ...keywords }
    : { oneOf: [{ ...number, ...keywords }, ...others] }
}

/** True if the rules leave no place for infinities and what is no number. */
function isAlwaysFinite(rules: Rules): boolean {
  const { gt, gte = gt, lt, lte = lt } = rules
  const bounded = gte !== undefined && lte !== undefined && Number(gte) <= Number(lte)
  return rules.finite === true || rules.const !== undefined || Array.isArray(rules.in) || bounded
}

/** Keys of maps are texts in JSON. */
function keySchema(type: string, rules: Rules): OpenApiSchema {
  if (type === 'bool') return { propertyNames: { enum: ['true', 'false'] } }
  if (type !== 'string') return { propertyNames: { pattern: /^u|^fixed/.test(type) ? '^[0-9]+$' : '^-?[0-9]+$' } }
  const keywords = valueKeywords(type, 'string', rules)
  return Object.keys(keywords).length > 0 ? { propertyNames: keywords } : {}
}
