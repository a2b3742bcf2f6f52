/** What a change breaks: those who speak protobuf, those who speak JSON over whatever protocol, or code written against the contract. */
export type BreakingCategory = 'wire' | 'json' | 'source'

/** All categories. */
export const BREAKING_CATEGORIES: readonly BreakingCategory[] = ['wire', 'json', 'source']

/** What kind of change it is. */
export type BreakingRule =
  | 'PACKAGE_CHANGED'
  | 'TYPE_MOVED'
  | 'MESSAGE_REMOVED'
  | 'FIELD_REMOVED'
  | 'FIELD_NUMBER_CHANGED'
  | 'FIELD_NUMBER_REUSED'
  | 'FIELD_TYPE_CHANGED'
  | 'FIELD_CARDINALITY_CHANGED'
  | 'FIELD_PRESENCE_CHANGED'
  | 'FIELD_REQUIRED_CHANGED'
  | 'FIELD_ONEOF_CHANGED'
  | 'FIELD_RENAMED'
  | 'FIELD_JSON_NAME_CHANGED'
  | 'FIELD_DEFAULT_CHANGED'
  | 'FIELD_ENCODING_CHANGED'
  | 'RESERVED_REMOVED'
  | 'ENUM_REMOVED'
  | 'ENUM_CLOSED_CHANGED'
  | 'ENUM_VALUE_REMOVED'
  | 'ENUM_VALUE_NUMBER_CHANGED'
  | 'ENUM_VALUE_RENAMED'
  | 'SERVICE_REMOVED'
  | 'METHOD_REMOVED'
  | 'METHOD_KIND_CHANGED'
  | 'METHOD_REQUEST_CHANGED'
  | 'METHOD_RESPONSE_CHANGED'
  | 'METHOD_IDEMPOTENCY_LOST'
  | 'HTTP_RULE_CHANGED'

/** A change of a contract that breaks somebody. */
export interface BreakingChange {
  readonly rule: BreakingRule
  readonly categories: readonly BreakingCategory[]
  /** Full name of what changed: `shop.v1.Order.total`. */
  readonly fullName: string
  /** What changed, in words. */
  readonly text: string
  /** The file that declares it now, or that declared it if it is gone. */
  readonly file: string
  /** Where the declaration begins there, from 1; absent if the contract is from code. */
  readonly line?: number | undefined
  readonly column?: number | undefined
}

/** A declaration in the contract as it was, or as it is. */
export interface Place {
  readonly side: 'old' | 'new'
  /** Name of the file. */
  readonly file: string
  /** Names from the package down. */
  readonly path: readonly string[]
  readonly fullName: string
}

/** A change, before it is known where the declaration stands in its file. */
export interface Change extends Pick<BreakingChange, 'rule' | 'categories' | 'text'> {
  readonly place: Place
}

/** A change at a place. */
export function change(
  rule: BreakingRule,
  place: Place,
  { text, breaks }: { readonly text: string; readonly breaks: readonly BreakingCategory[] },
): Change {
  return { rule, categories: BREAKING_CATEGORIES.filter((category) => breaks.includes(category)), text, place }
}

/** Something that is declared in a place. */
export function inside(place: Place, name: string): Place {
  return { ...place, path: [...place.path, name], fullName: `${place.fullName}.${name}` }
}
