import type { Demand } from '../finding.js'
import { RuleProblem, type Rules } from '../option/rules.js'
import { demand } from './membership.js'

/** What is counted, and the rules about it. */
export interface SizeRules<T> {
  /** The rules for an exact size, a least and a most; no rule is called `''`. */
  readonly names: readonly [exact: string, least: string, most: string]
  /** What is counted, of one: `byte`. */
  readonly unit: string
  readonly size: (value: T) => number
}

/** The rules about how much there is of something. Throws a `RuleProblem` if nothing can comply. */
export function sizeDemands<T>(type: string, rules: Rules, { names, unit, size }: SizeRules<T>): Demand[] {
  const [exact, least, most] = names
  const count = (name: string): number | undefined =>
    rules[name] === undefined ? undefined : Number(rules[name] as bigint)
  const [wanted, min, max] = [count(exact), count(least), count(most)]
  if (min !== undefined && max !== undefined && min > max) {
    throw new RuleProblem(`(buf.validate.field).${type}.${least} is ${min}, which is more than ${most}, ${max}`)
  }
  const units = (number: number): string => `${number} ${number === 1 ? unit : plural(unit)}`
  const one = (name: string, text: string, holds: (size: number) => boolean): Demand =>
    demand(type, name, (value: T) => (holds(size(value)) ? undefined : text))
  return [
    ...(wanted === undefined ? [] : [one(exact, `must be ${units(wanted)}`, (found) => found === wanted)]),
    ...(min === undefined ? [] : [one(least, `must be at least ${units(min)}`, (found) => found >= min)]),
    ...(max === undefined ? [] : [one(most, `must be at most ${units(max)}`, (found) => found <= max)]),
  ]
}

function plural(unit: string): string {
  return unit.endsWith('y') ? `${unit.slice(0, -1)}ies` : `${unit}s`
}
