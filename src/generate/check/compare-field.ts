import type { FieldSchema } from '../../codec/schema/schema.js'
import { type BreakingCategory, type Change, change, type Place } from './breaking-change.js'
import { type TypeComparison, typeChange, typeText } from './type-change.js'

/** A field before and after, with the same number. */
export interface FieldPair {
  readonly before: FieldSchema
  readonly after: FieldSchema
  readonly place: Place
}

const ALL: readonly BreakingCategory[] = ['wire', 'json', 'source']

/** What changed of a field, but for its oneof. */
export function compareField(pair: FieldPair, types: TypeComparison): Change[] {
  return [...nameChanges(pair), ...shapeChanges(pair, types), ...presenceChanges(pair), ...encodingChanges(pair)]
}

function nameChanges({ before, after, place }: FieldPair): Change[] {
  const json = before.jsonName !== after.jsonName
  if (before.protoName !== after.protoName) {
    const text = `field ${before.no} is called ${after.protoName}, was ${before.protoName}`
    return [change('FIELD_RENAMED', place, { text, breaks: json ? ['json', 'source'] : ['source'] })]
  }
  if (!json) return []
  const text = `is called ${after.jsonName} in JSON, was ${before.jsonName}`
  return [change('FIELD_JSON_NAME_CHANGED', place, { text, breaks: ['json'] })]
}

const SHAPES = { singular: 'a single value', list: 'a list', map: 'a map' }

function shapeChanges({ before, after, place }: FieldPair, types: TypeComparison): Change[] {
  if (before.shape !== after.shape) {
    const text = `is ${SHAPES[after.shape]}, was ${SHAPES[before.shape]}`
    return [change('FIELD_CARDINALITY_CHANGED', place, { text, breaks: ALL })]
  }
  const key = typeChange(before.mapKey ?? '', after.mapKey ?? '', types)
  const value = typeChange(before.type, after.type, types)
  return [
    ...(key ? [typeChanged(`has keys of ${after.mapKey}, was ${before.mapKey}`, key, place)] : []),
    ...(value ? [typeChanged(`is ${typeText(after.type)}, was ${typeText(before.type)}`, value, place)] : []),
  ]
}

function typeChanged(text: string, breaks: readonly BreakingCategory[], place: Place): Change {
  return change('FIELD_TYPE_CHANGED', place, { text, breaks })
}

function presenceChanges({ before, after, place }: FieldPair): Change[] {
  if (before.required !== after.required) {
    const text = after.required ? 'is required, was not' : 'is not required any more'
    return [change('FIELD_REQUIRED_CHANGED', place, { text, breaks: ALL })]
  }
  // Messages are always optional: that one became a message, or was one, is another change.
  const plain = [before, after].every(({ shape, type }) => shape === 'singular' && !isMessage(type))
  if (!plain || before.presence === after.presence) return []
  const text = after.presence ? 'is optional, was always there' : 'is always there, was optional'
  return [change('FIELD_PRESENCE_CHANGED', place, { text, breaks: ['source'] })]
}

function encodingChanges({ before, after, place }: FieldPair): Change[] {
  const changes: Change[] = []
  if (Boolean(before.delimited) !== Boolean(after.delimited)) {
    const text = after.delimited ? 'is written as a group, was not' : 'is not written as a group any more'
    changes.push(change('FIELD_ENCODING_CHANGED', place, { text, breaks: ['wire'] }))
  }
  const [old, now] = [before.options.default, after.options.default]
  if (old !== now && before.presence === after.presence) {
    const text = `has the default ${JSON.stringify(now) ?? 'of its type'}, was ${JSON.stringify(old) ?? 'that of its type'}`
    changes.push(change('FIELD_DEFAULT_CHANGED', place, { text, breaks: ['wire', 'json'] }))
  }
  return changes
}

function isMessage(type: FieldSchema['type']): boolean {
  return typeof type === 'object' && type.kind === 'message'
}
