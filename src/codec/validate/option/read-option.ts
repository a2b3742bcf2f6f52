import { bundledCodec } from '../../protobuf/bundled/bundled-root.js'
import type { FieldSchema, MessageSchema, Options, OptionValue } from '../../schema/schema.js'
import { isEnum, scalarRule } from './read-scalar.js'
import { RuleProblem, type Rules, type RuleValue } from './rules.js'

/** What extensions are set to as it is written, by the names that they are written with. */
export const EXTENSIONS = '[extensions]'

/** The options that rules are in, and their types. */
const TYPES = {
  '(buf.validate.message)': 'buf.validate.MessageRules',
  '(buf.validate.oneof)': 'buf.validate.OneofRules',
  '(buf.validate.field)': 'buf.validate.FieldRules',
  '(buf.validate.predefined)': 'buf.validate.PredefinedRules',
} as const

/** The rules that an option holds; none if it is not set. Throws a `RuleProblem` that names the rule which is wrong. */
export function readRules(options: Options, name: keyof typeof TYPES): Rules {
  const value = options[name]
  const parts = value === undefined ? [] : [value]
  // As files keep them that were written as JSON: `(buf.validate.field).string.min_len`.
  for (const [key, part] of Object.entries(options)) {
    if (key.startsWith(`${name}.`)) parts.push(nest(key.slice(name.length + 1).split('.'), part))
  }
  if (parts.length === 0) return {}
  const { schema } = bundledCodec(TYPES[name])
  return readMessage(schema as MessageSchema, parts.flat(), name)
}

function nest(path: readonly string[], value: OptionValue): OptionValue {
  return path.reduceRight<OptionValue>((inner, name) => ({ [name]: inner }), value)
}

type Written = { readonly [name: string]: OptionValue }

/** Reads what was said of one message, in one place or in several. */
function readMessage(schema: MessageSchema, parts: readonly OptionValue[], at: string): Rules {
  const written = new Map<string, OptionValue[]>()
  const extensions: Record<string, RuleValue> = {}
  for (const part of parts) {
    for (const [key, value] of entriesOf(part, at)) {
      const extension = extensionName(key)
      if (extension === undefined) written.set(key, [...(written.get(key) ?? []), value])
      else extensions[extension] = value as RuleValue
    }
  }
  const rules: Record<string, RuleValue> = {}
  for (const [name, values] of written) {
    rules[name] = readField(fieldOf(schema, name, at), values, `${at}.${name}`)
  }
  refuseSeveral(schema, rules, at)
  return Object.keys(extensions).length > 0 ? { ...rules, [EXTENSIONS]: extensions } : rules
}

function entriesOf(part: OptionValue, at: string): [string, OptionValue][] {
  if (typeof part === 'object' && !Array.isArray(part)) return Object.entries(part as Written)
  throw new RuleProblem(`${at} holds rules, not ${JSON.stringify(part)}`)
}

function fieldOf(schema: MessageSchema, name: string, at: string): FieldSchema {
  const fields = schema.members.flatMap((member) => (member.kind === 'oneof' ? member.fields : [member]))
  const field = fields.find(({ protoName }) => protoName === name)
  if (!field) throw new RuleProblem(`${at}.${name} is no rule: ${schema.fullName} has no such field`)
  return field
}

/** Reads what was said of one field, in one place or in several. */
export function readField(
  field: Pick<FieldSchema, 'type' | 'shape'>,
  values: readonly OptionValue[],
  at: string,
): RuleValue {
  const { type, shape } = field
  const all = values.flat() as OptionValue[]
  const one = (value: OptionValue): RuleValue => {
    if (typeof type === 'object' && type.kind === 'message') return readMessage(type.schema, [value], at)
    return scalarRule(isEnum(type) ? type.schema : (type as string), value, at)
  }
  if (shape === 'list') return all.map(one)
  if (typeof type === 'object' && type.kind === 'message') return readMessage(type.schema, all, at)
  const [value] = all
  if (value === undefined || all.length > 1) throw new RuleProblem(`${at} takes one value, and is given ${all.length}`)
  return one(value)
}

/** Fails where several cases of a oneof are set. */
function refuseSeveral(schema: MessageSchema, rules: Rules, at: string): void {
  for (const member of schema.members) {
    if (member.kind !== 'oneof') continue
    const set = member.fields.map(({ protoName }) => protoName).filter((name) => rules[name] !== undefined)
    if (set.length > 1) throw new RuleProblem(`${at} may have ${set[0]} or ${set[1]}, not both`)
  }
}

/** The name in brackets of either kind; `undefined` for a field. */
function extensionName(key: string): string | undefined {
  return /^[[(]\.?([^\])]*)/.exec(key)?.[1]
}
