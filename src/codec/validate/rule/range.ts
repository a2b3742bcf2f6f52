import type { Demand } from '../finding.js'
import type { Rules } from '../option/rules.js'

/** How values of a type are compared and written in texts. */
export interface Ordered<T> {
  /** Name of the rules: `int32`. */
  readonly type: string
  /** Below 0, 0 or above, as for `sort`; NaN where there is no order. */
  compare(a: T, b: T): number
  show(value: T): string
}

/** The rules `lt`, `lte`, `gt` and `gte`: one, two around a range, or two that leave a range out. */
export function rangeDemands<T>({ type, compare, show }: Ordered<T>, rules: Rules): Demand[] {
  const lower = bound<T>(rules, ['gt', 'gte'])
  const upper = bound<T>(rules, ['lt', 'lte'])
  const above =
    lower &&
    ((value: T): boolean => {
      const order = compare(value, lower.limit)
      return order > 0 || (lower.open === false && order === 0)
    })
  const under =
    upper &&
    ((value: T): boolean => {
      const order = compare(value, upper.limit)
      return order < 0 || (upper.open === false && order === 0)
    })
  const greater = lower && `greater than ${lower.open ? '' : 'or equal to '}${show(lower.limit)}`
  const less = upper && `less than ${upper.open ? '' : 'or equal to '}${show(upper.limit)}`
  if (!above || !under || !lower || !upper) {
    const [only, holds] = above ? [lower, above] : [upper, under]
    if (!only || !holds) return []
    const text = `must be ${greater ?? less}`
    const id = `${type}.${only.name}`
    return [{ id, rule: id, broken: (value: T) => (holds(value) ? undefined : text) }]
  }
  const id = `${type}.${lower.name}_${upper.name}`
  const rule = `${type}.${lower.name}`
  if (compare(upper.limit, lower.limit) < 0) {
    const text = `must be ${greater} or ${less}`
    return [{ id: `${id}_exclusive`, rule, broken: (value: T) => (above(value) || under(value) ? undefined : text) }]
  }
  const text = `must be ${greater} and ${less}`
  return [{ id, rule, broken: (value: T) => (above(value) && under(value) ? undefined : text) }]
}

interface Bound<T> {
  readonly name: string
  readonly limit: T
  /** The limit itself is out. */
  readonly open: boolean
}

function bound<T>(rules: Rules, [open, closed]: readonly [string, string]): Bound<T> | undefined {
  const name = rules[open] !== undefined ? open : closed
  const limit = rules[name]
  return limit === undefined ? undefined : { name, limit: limit as T, open: name === open }
}
