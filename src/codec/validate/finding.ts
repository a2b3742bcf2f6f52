import type { ExtensionSchema, FieldSchema, OneofSchema } from '../schema/schema.js'

/** A step from a message to what is wrong in it: a field, and of a list or map which value. */
export interface PathStep {
  readonly field: FieldSchema | OneofSchema
  /** Index in a list, or key of a map as its property is named. */
  readonly key?: number | string | undefined
}

/** A rule that a message breaks. */
export interface Finding {
  /** From the message down; empty for the message as a whole. */
  readonly path: readonly PathStep[]
  /** Name of the rule: `string.min_len`. */
  readonly id: string
  /** Where the rule stands in its option: `repeated.items.string.min_len`; empty for rules that have no place there. */
  readonly rule: string
  /** What declares the last step of `rule`, if that is a rule of the contract's own: `string.[acme.v1.is_sku]`. */
  readonly extension?: ExtensionSchema | undefined
  /** What is demanded, in words. */
  readonly text: string
  /** It is the key of a map that breaks it. */
  readonly forKey?: boolean | undefined
}

/** What the time is, in ms since 1970. */
export interface Now {
  now(): number
}

/** Finds what is wrong with a value; `undefined` if nothing. */
export type Check = (value: unknown, clock: Now) => Finding[] | undefined

/** One rule about a value. */
export interface Demand {
  readonly id: string
  readonly rule: string
  readonly extension?: ExtensionSchema | undefined
  /** What is demanded, if the value does not comply. */
  readonly broken: (value: never, clock: Now) => string | undefined
}

/** More is not looked for: what is sent to make work must not make more of it. */
export const MAX_FINDINGS = 20

/** A check of several rules; `undefined` without any. */
export function checkAll(demands: readonly Demand[]): Check | undefined {
  if (demands.length === 0) return undefined
  return (value, clock) => {
    let found: Finding[] | undefined
    for (const demand of demands) {
      const text = demand.broken(value as never, clock)
      if (text === undefined) continue
      found ??= []
      const { id, rule, extension } = demand
      found.push({ path: [], id, rule, text, ...(extension && { extension }) })
    }
    return found
  }
}

/** A check that does what several do; `undefined` without any. */
export function checkEvery(checks: readonly (Check | undefined)[]): Check | undefined {
  const all = checks.filter((check) => check !== undefined)
  const [only] = all
  if (all.length < 2) return only
  return (value, clock) => {
    let found: Finding[] | undefined
    for (const check of all) {
      found = together(found, check(value, clock))
      if (found !== undefined && found.length >= MAX_FINDINGS) return found
    }
    return found
  }
}

/** Both lists of findings, as one. */
export function together(found: Finding[] | undefined, more: Finding[] | undefined): Finding[] | undefined {
  if (found === undefined || more === undefined) return found ?? more
  found.push(...more)
  return found
}

/** The same findings, seen from one step further out. */
export function below(step: PathStep, found: readonly Finding[]): Finding[] {
  return found.map((finding) => ({ ...finding, path: [step, ...finding.path] }))
}

/** A path as text: `items[0].labels["color"].value`. */
export function pathText(path: readonly PathStep[]): string {
  return path.map(stepText).join('.')
}

function stepText({ field, key }: PathStep): string {
  if (field.kind === 'oneof') return field.protoName
  if (key === undefined) return field.protoName
  const quoted = field.shape === 'map' && field.mapKey === 'string'
  return `${field.protoName}[${quoted ? JSON.stringify(key) : key}]`
}
