import type { EnumSchema, MessageSchema, TypeReference } from '../../codec/schema/schema.js'
import type { BreakingCategory } from './breaking-change.js'

/** What one value of a field is. */
export type ValueType = string | TypeReference

/** Types that read what the others of their group have written. */
const WIRE = [
  ['int32', 'uint32', 'int64', 'uint64', 'bool'],
  ['sint32', 'sint64'],
  ['fixed32', 'sfixed32'],
  ['fixed64', 'sfixed64'],
  ['string', 'bytes'],
]

/** Types whose values look alike in JSON. */
const JSON_FORMS = [
  ['int32', 'uint32', 'sint32', 'fixed32', 'sfixed32'],
  ['int64', 'uint64', 'sint64', 'fixed64', 'sfixed64'],
  ['float', 'double'],
]

/** Compares types that have other names now. */
export interface TypeComparison {
  /** The full name that a type would have now, if its package was renamed. */
  renamed(fullName: string): string
  messages(before: MessageSchema, after: MessageSchema): readonly BreakingCategory[]
  enums(before: EnumSchema, after: EnumSchema): readonly BreakingCategory[]
}

/** What a change of type breaks; `undefined` if it is the same type. */
export function typeChange(
  before: ValueType,
  after: ValueType,
  types: TypeComparison,
): readonly BreakingCategory[] | undefined {
  if (typeof before === 'string' && typeof after === 'string')
    return before === after ? undefined : scalars(before, after)
  if (typeof before === 'object' && typeof after === 'object') return named(before, after, types)
  const isNumber = [before, after].every((type) =>
    typeof type === 'object' ? type.kind === 'enum' : type !== 'bool' && WIRE[0]?.includes(type),
  )
  // An enum is an int32 on the wire, and a name in JSON.
  return isNumber ? ['json', 'source'] : ['wire', 'json', 'source']
}

function scalars(before: string, after: string): readonly BreakingCategory[] {
  const together = (groups: readonly (readonly string[])[]): boolean =>
    groups.some((group) => group.includes(before) && group.includes(after))
  return [...(together(WIRE) ? [] : ['wire' as const]), ...(together(JSON_FORMS) ? [] : ['json' as const]), 'source']
}

function named(
  before: TypeReference,
  after: TypeReference,
  types: TypeComparison,
): readonly BreakingCategory[] | undefined {
  if (types.renamed(before.fullName) === after.fullName && before.kind === after.kind) return undefined
  if (before.kind === 'message' && after.kind === 'message')
    return [...types.messages(before.schema, after.schema), 'source']
  if (before.kind === 'enum' && after.kind === 'enum') return [...types.enums(before.schema, after.schema), 'source']
  return ['wire', 'json', 'source']
}

/** A type for people. */
export function typeText(type: ValueType): string {
  return typeof type === 'string' ? type : type.fullName
}
