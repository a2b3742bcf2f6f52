import type { FieldSchema } from '../../schema/schema.js'
import type { Demand } from '../finding.js'
import { RuleProblem, type Rules } from '../option/rules.js'
import { demand } from './membership.js'
import { sizeDemands } from './size.js'

/** The rules of a list itself. Throws a `RuleProblem` if they do not fit. */
export function listDemands(rules: Rules, { type }: FieldSchema): Demand[] {
  const size = (list: readonly unknown[]): number => list.length
  if (rules.unique === true && typeof type === 'object' && type.kind === 'message') {
    throw new RuleProblem('(buf.validate.field).repeated.unique is for lists of scalars and enums')
  }
  const unique = demand('repeated', 'unique', (list: readonly unknown[]) =>
    isUnique(list) ? undefined : 'must contain each value once',
  )
  return [
    ...sizeDemands('repeated', rules, { names: ['', 'min_items', 'max_items'], unit: 'item', size }),
    ...(rules.unique === true ? [unique] : []),
  ]
}

/** The rules of a map itself. Throws a `RuleProblem` if they do not fit. */
export function mapDemands(rules: Rules): Demand[] {
  const size = (map: object): number => Object.keys(map).length
  return sizeDemands('map', rules, { names: ['', 'min_pairs', 'max_pairs'], unit: 'entry', size })
}

/** True if no two values are the same; bytes are, if they have the same content. */
export function isUnique(list: readonly unknown[]): boolean {
  if (list.length < 2) return true
  const seen = new Set<unknown>()
  for (const value of list) {
    const key = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value
    // Not-a-number equals nothing, itself included.
    if (seen.has(key) && !Number.isNaN(key)) return false
    seen.add(key)
  }
  return true
}
