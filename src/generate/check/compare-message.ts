import type { FieldSchema, MessageSchema, OneofSchema } from '../../codec/schema/schema.js'
import { fieldsOf } from '../proto/option-type.js'
import { type Change, change, inside, type Place } from './breaking-change.js'
import { compareField } from './compare-field.js'
import { compareRemoved, compareReserved } from './compare-reserved.js'
import type { TypeComparison } from './type-change.js'

/** A message before and after. */
export interface MessagePair {
  readonly before: MessageSchema
  readonly after: MessageSchema
  readonly places: Places
}

/** Where a declaration was, and where it is. */
export interface Places {
  readonly before: Place
  readonly after: Place
}

/** What changed of a message. */
export function compareMessage(pair: MessagePair, types: TypeComparison): Change[] {
  const { before, after, places } = pair
  const now = fieldsOf(after)
  const changes = fieldsOf(before).flatMap((field) => {
    const same = now.find(({ no }) => no === field.no)
    const namesake = now.find(({ protoName }) => protoName === field.protoName)
    if (same && (same === namesake || !namesake))
      return compareField({ before: field, after: same, place: inside(places.after, same.protoName) }, types)
    if (!namesake) return removed(field, pair)
    const place = inside(places.after, field.protoName)
    return [
      ...renumbered(field, namesake, pair),
      ...compareField({ before: field, after: namesake, place }, types).flatMap(offTheWire),
    ]
  })
  return [
    ...changes,
    ...added(pair),
    ...oneofChanges(pair),
    ...compareReserved(before.reserved, after.reserved, places.after),
  ]
}

function renumbered(field: FieldSchema, namesake: FieldSchema, { before, after, places }: MessagePair): Change[] {
  const place = inside(places.after, field.protoName)
  const text = `has the number ${namesake.no}, was ${field.no}`
  const user = fieldsOf(after).find(({ no }) => no === field.no)
  const isNew = user && !fieldsOf(before).some(({ protoName }) => protoName === user.protoName)
  const reuse = isNew
    ? [
        change('FIELD_NUMBER_REUSED', inside(places.after, user.protoName), {
          text: `has the number ${field.no}, which was that of ${field.protoName}`,
          breaks: ['wire'],
        }),
      ]
    : []
  return [change('FIELD_NUMBER_CHANGED', place, { text, breaks: ['wire'] }), ...reuse]
}

/** What a change breaks where the wire is broken by the number already. */
function offTheWire(changed: Change): Change[] {
  const categories = changed.categories.filter((category) => category !== 'wire')
  return categories.length > 0 ? [{ ...changed, categories }] : []
}

function removed({ no, protoName, required }: FieldSchema, { after, places }: MessagePair): Change[] {
  const { categories, missing } = compareRemoved({ number: no, name: protoName }, after.reserved)
  const place = inside(places.before, protoName)
  const [text, breaks] = required
    ? [`required field ${no} is removed${missing}`, ['wire', 'json', 'source'] as const]
    : [`field ${no} is removed${missing}`, categories]
  return [change('FIELD_REMOVED', place, { text, breaks })]
}

/** Fields that nobody who does not know them can do without. */
function added({ before, after, places }: MessagePair): Change[] {
  const old = fieldsOf(before)
  return fieldsOf(after)
    .filter(({ required, no }) => required && !old.some((field) => field.no === no))
    .map(({ no, protoName }) => {
      const text = `required field ${no} is added`
      return change('FIELD_REQUIRED_CHANGED', inside(places.after, protoName), {
        text,
        breaks: ['wire', 'json', 'source'],
      })
    })
}

/** Fields that are in another oneof now, or in none. */
function oneofChanges({ before, after, places }: MessagePair): Change[] {
  const old = fieldsOf(before)
  return fieldsOf(after).flatMap((field) => {
    const known = old.find(({ no }) => no === field.no)
    if (!known) return []
    const [was, is] = [oneofOf(before, field.no), oneofOf(after, field.no)]
    if (was?.name === is?.name) return []
    const text = `is in ${oneofText(is)}, was in ${oneofText(was)}`
    const place = inside(places.after, field.protoName)
    const safe = alone(was, field, after) && alone(is, field, before)
    // A oneof by another name with the same cases is the same on the wire and in JSON.
    const renamed = was && is && sharedCases(was, is) === Math.max(knownCases(was, after), knownCases(is, before))
    return [
      change('FIELD_ONEOF_CHANGED', place, { text, breaks: safe || renamed ? ['source'] : ['wire', 'json', 'source'] }),
    ]
  })
}

function oneofOf({ members }: MessageSchema, no: number): OneofSchema | undefined {
  return members.find((member) => member.kind === 'oneof' && member.fields.some((field) => field.no === no)) as
    | OneofSchema
    | undefined
}

function oneofText(oneof: OneofSchema | undefined): string {
  return oneof ? `the oneof ${oneof.name}` : 'no oneof'
}

/** True if no other case of a oneof is a field of the other version: then there was nothing to choose from. */
function alone(oneof: OneofSchema | undefined, { no }: FieldSchema, other: MessageSchema): boolean {
  return (oneof?.fields ?? []).every((field) => field.no === no || !hasField(other, field.no))
}

function hasField(message: MessageSchema, no: number): boolean {
  return fieldsOf(message).some((field) => field.no === no)
}

function sharedCases(a: OneofSchema, b: OneofSchema): number {
  return a.fields.filter(({ no }) => b.fields.some((field) => field.no === no)).length
}

function knownCases({ fields }: OneofSchema, other: MessageSchema): number {
  return fields.filter(({ no }) => hasField(other, no)).length
}
