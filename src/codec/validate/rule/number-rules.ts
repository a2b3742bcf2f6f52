import type { Demand } from '../finding.js'
import type { Rules } from '../option/rules.js'
import { demand, membershipDemands } from './membership.js'
import { type Ordered, rangeDemands } from './range.js'

/** The rules of numbers, by the name of their type. */
export function numberDemands(type: string, rules: Rules): Demand[] {
  const ordered: Ordered<number | bigint> = { type, compare, show: String }
  const finite = demand(type, 'finite', (value: number) => (Number.isFinite(value) ? undefined : 'must be finite'))
  return [
    ...membershipDemands<number | bigint>(type, rules),
    ...rangeDemands(ordered, rules),
    ...(rules.finite === true ? [finite] : []),
  ]
}

function compare(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1
  if (a > b) return 1
  return a === b ? 0 : NaN
}
