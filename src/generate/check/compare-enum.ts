import type { EnumSchema, EnumValueSchema } from '../../codec/schema/schema.js'
import { type Change, change, inside } from './breaking-change.js'
import type { Places } from './compare-message.js'
import { compareRemoved, compareReserved } from './compare-reserved.js'

/** An enum before and after. */
export interface EnumPair {
  readonly before: EnumSchema
  readonly after: EnumSchema
  readonly places: Places
}

/** What changed of an enum. */
export function compareEnum(pair: EnumPair): Change[] {
  const { before, after, places } = pair
  const closed =
    Boolean(before.closed) === Boolean(after.closed)
      ? []
      : [
          change('ENUM_CLOSED_CHANGED', places.after, {
            text: after.closed
              ? 'drops values that it does not know, did not'
              : 'keeps values that it does not know, did not',
            breaks: ['wire'],
          }),
        ]
  return [
    ...closed,
    ...before.values.flatMap((value) => valueChanges(value, pair)),
    ...writtenNames(pair),
    ...compareReserved(before.reserved, after.reserved, places.after),
  ]
}

function valueChanges({ name, number }: EnumValueSchema, { before, after, places }: EnumPair): Change[] {
  const namesake = after.values.find((value) => value.name === name)
  if (namesake?.number === number) return []
  if (namesake) {
    const text = `is ${namesake.number}, was ${number}`
    const place = inside(places.after, name)
    return [change('ENUM_VALUE_NUMBER_CHANGED', place, { text, breaks: ['wire', 'source'] })]
  }
  const same = after.values.filter((value) => value.number === number)
  const renamed = same.find((value) => !before.values.some((old) => old.name === value.name)) ?? same[0]
  if (renamed) {
    const text = `value ${number} is called ${renamed.name}, was ${name}`
    return [change('ENUM_VALUE_RENAMED', inside(places.after, renamed.name), { text, breaks: ['json', 'source'] })]
  }
  const { categories, missing } = compareRemoved({ number, name }, after.reserved)
  const text = `value ${number} is removed${missing}`
  return [change('ENUM_VALUE_REMOVED', inside(places.before, name), { text, breaks: categories })]
}

/** JSON has the first name of a value: that of an alias is another for those who do not know it. */
function writtenNames({ before, after, places }: EnumPair): Change[] {
  const numbers = [...new Set(before.values.map(({ number }) => number))]
  return numbers.flatMap((number) => {
    const was = before.values.find((value) => value.number === number)?.name
    const is = after.values.find((value) => value.number === number)?.name
    const kept = after.values.some((value) => value.number === number && value.name === was)
    if (is === undefined || is === was || !kept || before.values.some(({ name }) => name === is)) return []
    const text = `value ${number} is written as ${is} in JSON, was ${was}`
    return [change('ENUM_VALUE_RENAMED', inside(places.after, is), { text, breaks: ['json'] })]
  })
}
