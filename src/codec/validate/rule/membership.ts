import type { Demand } from '../finding.js'
import { listIn, type Rules } from '../option/rules.js'

/** Values that are told apart by what they are. */
export type Plain = string | number | bigint | boolean

/** The rules `const`, `in` and `not_in` of values that are told apart by what they are. */
export function membershipDemands<T extends Plain>(type: string, rules: Rules): Demand[] {
  return [...constDemand<T>(type, rules), ...listDemand<T>(type, rules, 'in'), ...listDemand<T>(type, rules, 'not_in')]
}

function constDemand<T extends Plain>(type: string, rules: Rules): Demand[] {
  const only = rules.const as T | undefined
  if (only === undefined) return []
  const text = `must equal ${shown(only)}`
  return [demand(type, 'const', (value: T) => (value === only ? undefined : text))]
}

function listDemand<T extends Plain>(type: string, rules: Rules, name: 'in' | 'not_in'): Demand[] {
  const list = listIn<T>(rules, name)
  if (!list) return []
  const wanted = name === 'in'
  // Not-a-number equals nothing, itself included.
  const set = new Set(list.filter((one) => !Number.isNaN(one)))
  const text = `must ${wanted ? '' : 'not '}be one of ${list.map(shown).join(', ')}`
  return [demand(type, name, (value: T) => (set.has(value) === wanted ? undefined : text))]
}

/** A rule whose id is its place. */
export function demand<T>(type: string, name: string, broken: (value: T) => string | undefined): Demand {
  const id = `${type}.${name}`
  return { id, rule: id, broken }
}

/** A value in a text. */
export function shown(value: Plain): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
