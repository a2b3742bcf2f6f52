import type { Rules, RuleValue } from '../option/rules.js'

interface Value {
  readonly kind?: { readonly case: string; readonly value: unknown } | undefined
}

/** A `google.protobuf.Value` or `ListValue` for expressions. */
export function dynamicValue(name: string, value: unknown): unknown {
  return name.endsWith('ListValue') ? valueOfList(value) : jsonValue(value)
}

/** A `google.protobuf.Struct` for expressions. */
export function valueOfStruct(struct: unknown): Map<string, unknown> {
  const { fields = {} } = (struct ?? {}) as { readonly fields?: Readonly<Record<string, unknown>> }
  return new Map(Object.entries(fields).map(([name, value]) => [name, jsonValue(value)]))
}

function valueOfList(list: unknown): unknown[] {
  return ((list ?? {}) as { readonly values?: readonly unknown[] }).values?.map(jsonValue) ?? []
}

function jsonValue(value: unknown): unknown {
  const kind = (value as Value | undefined)?.kind
  switch (kind?.case) {
    case 'structValue':
      return valueOfStruct(kind.value)
    case 'listValue':
      return valueOfList(kind.value)
    case 'stringValue':
    case 'numberValue':
    case 'boolValue':
      return kind.value
    default:
      return null
  }
}

/** The rules of a field for expressions that are about them. Whole numbers are `int`, but for rules of floating ones. */
export function dynamicRules(rules: Rules, kind: string): Map<string, unknown> {
  const floating = kind === 'double' || kind === 'float'
  const one = (value: RuleValue): unknown => {
    if (typeof value === 'number') return floating ? value : BigInt(value)
    if (Array.isArray(value)) return value.map(one)
    return typeof value === 'object' && !(value instanceof Uint8Array) ? dynamicRules(value as Rules, kind) : value
  }
  return new Map(Object.entries(rules).map(([name, value]) => [name, one(value)]))
}
