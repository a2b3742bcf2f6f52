import type { EnumSchema } from '../../schema/schema.js'
import type { Demand } from '../finding.js'
import { listIn, type Rules } from '../option/rules.js'
import { demand, membershipDemands, shown } from './membership.js'

/** The rules of enums. */
export function enumDemands(rules: Rules, { values }: EnumSchema): Demand[] {
  const known = new Set(values.map(({ number }) => number))
  const text = 'must be one of the values that the enum defines'
  const defined = demand('enum', 'defined_only', (value: number) => (known.has(value) ? undefined : text))
  return [...(rules.defined_only === true ? [defined] : []), ...membershipDemands<number>('enum', rules)]
}

interface Any {
  readonly typeUrl?: string | undefined
}

/** The rules of `google.protobuf.Any`. */
export function anyDemands(rules: Rules): Demand[] {
  return membershipDemands<string>('any', rules).map(({ id, rule, broken }) => ({
    id,
    rule,
    broken: ({ typeUrl = '' }: Any, clock) => {
      const text = broken(typeUrl as never, clock)
      return text === undefined ? undefined : `type URL ${text}`
    },
  }))
}

interface Mask {
  readonly paths?: readonly string[] | undefined
}

/** The rules of `google.protobuf.FieldMask`. A path of a list stands for all paths below it, too. */
export function fieldMaskDemands(rules: Rules): Demand[] {
  const only = rules.const as Mask | undefined
  const allowed = listIn<string>(rules, 'in')
  const banned = listIn<string>(rules, 'not_in')
  const one = (name: string, text: string, holds: (paths: readonly string[]) => boolean): Demand =>
    demand('field_mask', name, ({ paths = [] }: Mask) => (holds(paths) ? undefined : text))
  const names = (list: readonly string[]): string => list.map(shown).join(', ')
  return [
    ...(only
      ? [one('const', `must have the paths ${names(only.paths ?? [])}`, (paths) => equal(paths, only.paths))]
      : []),
    ...(allowed
      ? [one('in', `must have only paths of ${names(allowed)}`, (paths) => paths.every(within(allowed)))]
      : []),
    ...(banned
      ? [one('not_in', `must have no paths of ${names(banned)}`, (paths) => !paths.some(within(banned)))]
      : []),
  ]
}

function equal(paths: readonly string[], wanted: readonly string[] = []): boolean {
  return paths.length === wanted.length && paths.every((path, index) => path === wanted[index])
}

function within(list: readonly string[]): (path: string) => boolean {
  return (path) => list.some((one) => path === one || path.startsWith(`${one}.`))
}
