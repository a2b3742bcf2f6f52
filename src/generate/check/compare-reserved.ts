import type { Reserved } from '../../codec/schema/schema.js'
import { type Change, change, type Place } from './breaking-change.js'

/** What was reserved and is not any more. */
export function compareReserved(before: Reserved, after: Reserved, place: Place): Change[] {
  const numbers = before.numbers
    .filter((range) => !covered(range, after))
    .map(([first, last]) => {
      const text = `${first === last ? `number ${first} is` : `numbers ${first} to ${last} are`} not reserved any more`
      return change('RESERVED_REMOVED', place, { text, breaks: ['wire'] })
    })
  const names = before.names
    .filter((name) => !after.names.includes(name))
    .map((name) =>
      change('RESERVED_REMOVED', place, { text: `the name ${name} is not reserved any more`, breaks: ['json'] }),
    )
  return [...numbers, ...names]
}

/** True of a number that nothing may have. */
export function isReserved(number: number, { numbers }: Reserved): boolean {
  return numbers.some(([first, last]) => number >= first && number <= last)
}

/** True if ranges cover another, together if need be. */
function covered([first, last]: readonly [number, number], { numbers }: Reserved): boolean {
  let from = first
  for (const [start, end] of [...numbers].sort(([a], [b]) => a - b)) if (start <= from && end >= from) from = end + 1
  return from > last
}

/** What goes wrong when something that has a number and a name is removed. */
export function compareRemoved(
  { number, name }: { readonly number: number; readonly name: string },
  after: Reserved,
): Pick<Change, 'categories'> & { readonly missing: string } {
  const open = [
    ...(isReserved(number, after) ? [] : [{ category: 'wire' as const, text: `number ${number}` }]),
    ...(after.names.includes(name) ? [] : [{ category: 'json' as const, text: `the name ${name}` }]),
  ]
  const missing = open.length === 0 ? '' : ` without reserving ${open.map(({ text }) => text).join(' and ')}`
  return { categories: [...open.map(({ category }) => category), 'source'], missing }
}
