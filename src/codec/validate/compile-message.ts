import { propertyOf } from '../protobuf/property.js'
import type { FieldSchema, MessageSchema, OneofSchema } from '../schema/schema.js'
import { customRules, expressionCheck } from './cel/custom-check.js'
import { compileCase, compileField, type FieldContext, type MemberCheck } from './compile-field.js'
import { type Check, type Finding, MAX_FINDINGS, together } from './finding.js'
import { hasField } from './has-field.js'
import { readRules } from './option/read-option.js'
import { listIn, RuleProblem, type Rules } from './option/rules.js'

type Nested = (schema: MessageSchema) => Check | undefined

/** Compiles the rules of a message type, with the checks of those in it. Returns what is wrong with the rules. */
export function compileMessage(schema: MessageSchema, nested: Nested): { check: Check; problems: string[] } {
  const problems: string[] = []
  const attempt = <T>(name: string, compile: () => T): T | undefined => {
    try {
      return compile()
    } catch (error) {
      if (!(error instanceof RuleProblem)) throw error
      problems.push(`${name}: ${error.message}`)
      return undefined
    }
  }
  const rules = attempt(schema.fullName, () => readRules(schema.options, '(buf.validate.message)')) ?? {}
  const groups = attempt(schema.fullName, () => groupsOf(schema, rules)) ?? []
  const exclusive = new Set(groups.flatMap(({ fields }) => fields))
  const context = (field: FieldSchema) => ({ nested, owner: schema, exclusive: exclusive.has(field) })
  const member = (one: FieldSchema | OneofSchema): MemberCheck | undefined => {
    if (one.kind === 'oneof') return oneofCheck(one, { attempt, context, owner: schema.fullName })
    const name = `${schema.fullName}.${one.protoName}`
    return attempt(name, () => compileField(one, fieldRules(one), context(one)))
  }
  const checks = [
    attempt(schema.fullName, () => wholeCheck(schema, rules)),
    ...groups.map(groupCheck),
    ...schema.members.map(member),
  ].filter((check) => check !== undefined)
  return { check: inOrder(checks as readonly MemberCheck[]), problems }
}

/** The expressions about a message as a whole, which have no place in the rules of a field. */
function wholeCheck(schema: MessageSchema, rules: Rules): Check | undefined {
  const custom = customRules(rules).map((one) => ({ ...one, rule: '' }))
  return expressionCheck(custom, { type: schema, shape: 'singular', mapKey: undefined })
}

/** True if options of a message type or of its fields demand anything. */
export function hasOwnRules(schema: MessageSchema): boolean {
  return (
    mentionsRules(schema) ||
    schema.members.some((one) => mentionsRules(one) || (one.kind === 'oneof' && one.fields.some(mentionsRules)))
  )
}

function mentionsRules({ options }: Pick<FieldSchema, 'options'>): boolean {
  return Object.keys(options).some((name) => name.startsWith('(buf.validate.'))
}

/** The rules of a field. */
export function fieldRules({ options }: FieldSchema): Rules {
  return readRules(options, '(buf.validate.field)')
}

function inOrder(checks: readonly MemberCheck[]): Check {
  return (message, clock) => {
    let found: Finding[] | undefined
    for (const check of checks) {
      const wrong = check(message as Readonly<Record<string, unknown>>, clock)
      if (wrong === undefined) continue
      found = together(found, wrong)
      if (found && found.length >= MAX_FINDINGS) return found
    }
    return found
  }
}

interface OneofContext {
  attempt<T>(name: string, compile: () => T): T | undefined
  context(field: FieldSchema): FieldContext
  readonly owner: string
}

function oneofCheck(oneof: OneofSchema, { attempt, context, owner }: OneofContext): MemberCheck | undefined {
  const rules = attempt(`${owner}.${oneof.name}`, () => readRules(oneof.options, '(buf.validate.oneof)')) ?? {}
  const cases = new Map<string, Check>()
  const required = new Map<string, FieldSchema>()
  for (const field of oneof.fields) {
    attempt(`${owner}.${field.protoName}`, () => {
      const own = fieldRules(field)
      const check = compileCase(field, own, context(field))
      if (check) cases.set(field.name, check)
      if (own.required === true && own.ignore !== 3) required.set(field.name, field)
    })
  }
  const mustBeSet = rules.required === true
  if (!mustBeSet && cases.size === 0 && required.size === 0) return undefined
  const { get } = propertyOf(oneof.name)
  const text = 'one of its fields is required'
  const missing: Finding = { path: [{ field: oneof }], id: 'required', rule: '', text }
  return (message, clock) => {
    const chosen = get(message) as { readonly case?: string; readonly value?: unknown } | null | undefined
    const name = chosen?.case
    const absent = required.size > 0 ? absentCases(required, name) : undefined
    if (name === undefined) return mustBeSet ? together([missing], absent) : absent
    return together(absent, cases.get(name)?.(chosen?.value, clock))
  }
}

/** A case may be required itself, which leaves no choice. */
function absentCases(required: ReadonlyMap<string, FieldSchema>, name: string | undefined): Finding[] | undefined {
  const found = [...required.values()]
    .filter((field) => field.name !== name)
    .map((field) => ({ path: [{ field }], id: 'required', rule: 'required', text: 'is required' }))
  return found.length > 0 ? found : undefined
}

/** Fields of which a message may have one. */
interface Group {
  readonly fields: readonly FieldSchema[]
  readonly has: readonly ((message: Readonly<Record<string, unknown>>) => boolean)[]
  readonly required: boolean
}

function groupsOf(schema: MessageSchema, rules: Rules): Group[] {
  return (listIn<Rules>(rules, 'oneof') ?? []).map((rule) => {
    const names = listIn<string>(rule, 'fields') ?? []
    if (names.length === 0) throw new RuleProblem('(buf.validate.message).oneof names no fields')
    const twice = names.find((name, index) => names.indexOf(name) !== index)
    if (twice !== undefined) throw new RuleProblem(`(buf.validate.message).oneof names ${twice} twice`)
    const found = names.map((name) => groupMember(schema, name))
    return {
      fields: found.map(({ field }) => field),
      has: found.map(({ has }) => has),
      required: rule.required === true,
    }
  })
}

function groupMember(schema: MessageSchema, name: string): { field: FieldSchema; has: Group['has'][number] } {
  for (const member of schema.members) {
    if (member.kind === 'field' && member.protoName === name) {
      return { field: member, has: hasField(member, propertyOf(member.name).get) }
    }
    const field = member.kind === 'oneof' ? member.fields.find(({ protoName }) => protoName === name) : undefined
    if (!field) continue
    const { get } = propertyOf(member.name)
    const has: Group['has'][number] = (message) => (get(message) as { case?: string } | undefined)?.case === field.name
    return { field, has }
  }
  throw new RuleProblem(`(buf.validate.message).oneof names ${name}, which is no field of ${schema.fullName}`)
}

function groupCheck({ fields, has, required }: Group): MemberCheck {
  const names = fields.map(({ protoName }) => protoName).join(', ')
  const finding = (text: string): Finding[] => [{ path: [], id: 'message.oneof', rule: '', text }]
  return (message) => {
    let count = 0
    for (const one of has) if (one(message)) count++
    if (count > 1) return finding(`may have only one of ${names}`)
    return count === 0 && required ? finding(`must have one of ${names}`) : undefined
  }
}
