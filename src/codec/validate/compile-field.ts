import { propertyOf } from '../protobuf/property.js'
import type { FieldSchema, MessageSchema } from '../schema/schema.js'
import type { CelSubject } from './cel/cel-types.js'
import { customCheck } from './cel/custom-check.js'
import type { ValueType } from './compile-value.js'
import {
  compileValue,
  refuseOtherKinds,
  ruleKind,
  unlessZero,
  unwrapped,
  wrappedScalar,
  zeroOf,
} from './compile-value.js'
import { below, type Check, checkAll, checkEvery, type Finding, MAX_FINDINGS, type Now, together } from './finding.js'
import { hasField, hasPresence } from './has-field.js'
import { type Rules, rulesIn } from './option/rules.js'
import { predefinedCheck } from './predefined.js'
import { listDemands, mapDemands } from './rule/collection-rules.js'

/** A check of one property of messages. */
export type MemberCheck = (message: Readonly<Record<string, unknown>>, clock: Now) => Finding[] | undefined

/** What a field is compiled with. */
export interface FieldContext {
  /** The check of a message type; `undefined` if it has no rules, nor has any type in it. */
  readonly nested: (schema: MessageSchema) => Check | undefined
  /** The message that the field is in. */
  readonly owner: MessageSchema
  /** The field is one of several of which its message may have one. */
  readonly exclusive: boolean
}

/** Values of `buf.validate.Ignore`. */
const IF_ZERO = 1
const ALWAYS = 3

const REQUIRED = { id: 'required', rule: 'required', text: 'is required' }

/** Compiles the rules of a field; `undefined` if there is nothing to check. Throws a `RuleProblem` if they do not fit. */
export function compileField(field: FieldSchema, rules: Rules, context: FieldContext): MemberCheck | undefined {
  const { name, shape } = field
  const check = valuesCheck(field, rules, context)
  if (rules.ignore === ALWAYS) return undefined
  const required = rules.required === true
  if (!check && !required) return undefined
  const tracked = hasPresence(field)
  const ignoresZero = tracked || (rules.ignore ?? (context.exclusive ? IF_ZERO : 0)) === IF_ZERO
  const { get } = propertyOf(name)
  const has = hasField(field, get)
  const missing: Finding = { ...REQUIRED, path: [{ field }] }
  const zero = shape === 'singular' ? zeroOf(field.type) : shape === 'list' ? [] : {}
  return (message, clock) => {
    if (required && !has(message)) return [missing]
    if (!check || (ignoresZero && !has(message))) return undefined
    return check(get(message) ?? zero, clock)
  }
}

/** Compiles the rules of a case of a oneof, of which the check gets the value. */
export function compileCase(field: FieldSchema, rules: Rules, context: FieldContext): Check | undefined {
  const check = valuesCheck(field, rules, context)
  return rules.ignore === ALWAYS ? undefined : check
}

/** The check of what a field holds, with the path to it. */
function valuesCheck(field: FieldSchema, rules: Rules, context: FieldContext): Check | undefined {
  refuseOtherKinds(rules, ruleKind(field.type, field.shape))
  const own = (): Check | undefined =>
    saidCheck(rules, ruleKind(field.type, field.shape), { ...context, subject: field })
  if (field.shape === 'list') return listCheck(field, rules, { ...context, own })
  if (field.shape === 'map') return mapCheck(field, rules, { ...context, own })
  const check = elementCheck(field.type, rules, context)
  return check && located(field, check)
}

/** The check of one value: what is said of it, and if it is a message what is in it. */
function elementCheck(type: ValueType, rules: Rules, context: FieldContext, place = ''): Check | undefined {
  const subject = { type: wrappedScalar(type) ?? type, shape: 'singular', mapKey: undefined } as const
  const said = saidCheck(rules, ruleKind(type), { ...context, subject })
  const own = checkEvery([said && unwrapped(type, said), compileValue(type, rules)])
  const message = typeof type === 'object' && type.kind === 'message' ? context.nested(type.schema) : undefined
  return checkEvery([own && placed(place, own), message])
}

/** What is said in expressions, those of the field and those of rules that the contract declares. */
function saidCheck(
  rules: Rules,
  kind: string | undefined,
  context: FieldContext & { subject: CelSubject },
): Check | undefined {
  const { subject, owner } = context
  return checkEvery([
    customCheck(rules, subject),
    kind === undefined ? undefined : predefinedCheck(rulesIn(rules, kind), { kind, subject, owner }),
  ])
}

/** The rules of what is in a list or map stand in those of the list or map. */
function placed(place: string, check: Check): Check {
  if (place === '') return check
  return (value, clock) => check(value, clock)?.map((one) => ({ ...one, rule: `${place}.${one.rule}` }))
}

function located(field: FieldSchema, check: Check): Check {
  const step = { field }
  return (value, clock) => {
    const found = check(value, clock)
    return found && below(step, found)
  }
}

interface CollectionContext extends FieldContext {
  readonly own: () => Check | undefined
}

function listCheck(field: FieldSchema, rules: Rules, context: CollectionContext): Check | undefined {
  const repeated = rulesIn(rules, 'repeated')
  const whole = checkEvery([context.own(), checkAll(listDemands(repeated, field))])
  const item = ignoring(rulesIn(repeated, 'items'), (items) =>
    elementCheck(field.type, items, context, 'repeated.items'),
  )
  const items: Check | undefined =
    item &&
    ((list, clock) => {
      let found: Finding[] | undefined
      const values = list as readonly unknown[]
      for (let key = 0; key < values.length; key++) {
        const wrong = item(values[key], clock)
        if (!wrong) continue
        found = together(found, below({ field, key }, wrong))
        if (found && found.length >= MAX_FINDINGS) break
      }
      return found
    })
  return checkEvery([whole && located(field, whole), items])
}

function mapCheck(field: FieldSchema, rules: Rules, context: CollectionContext): Check | undefined {
  const map = rulesIn(rules, 'map')
  const whole = checkEvery([context.own(), checkAll(mapDemands(map))])
  const keyType = field.mapKey ?? 'string'
  const keyCheck = ignoring(rulesIn(map, 'keys'), (keys) => elementCheck(keyType, keys, context, 'map.keys'))
  const valueCheck = ignoring(rulesIn(map, 'values'), (values) =>
    elementCheck(field.type, values, context, 'map.values'),
  )
  if (!keyCheck && !valueCheck) return whole && located(field, whole)
  const keyOf = keyReader(keyType)
  const entry = (key: string, value: unknown, clock: Now): Finding[] | undefined => {
    const wrongKey = keyCheck?.(keyOf(key), clock)
    const forKey = wrongKey?.map((one) => ({ ...one, forKey: true }))
    const wrongValue = valueCheck?.(value, clock)
    return together(forKey, wrongValue)
  }
  const entries: Check = (values, clock) => {
    let found: Finding[] | undefined
    for (const key in values as Record<string, unknown>) {
      const wrong = entry(key, (values as Record<string, unknown>)[key], clock)
      if (wrong) found = together(found, below({ field, key }, wrong))
      if (found && found.length >= MAX_FINDINGS) break
    }
    return found
  }
  return checkEvery([whole && located(field, whole), entries])
}

/** What is to be ignored is left out. */
function ignoring(rules: Rules, compile: (rules: Rules) => Check | undefined): Check | undefined {
  const check = compile(rules)
  if (!check || rules.ignore === ALWAYS) return undefined
  return rules.ignore === IF_ZERO ? unlessZero(check) : check
}

/** Keys of maps are properties: what they are to rules. */
function keyReader(type: string): (key: string) => unknown {
  if (type === 'string') return (key) => key
  if (type === 'bool') return (key) => key === 'true'
  return type.endsWith('64') ? BigInt : Number
}
