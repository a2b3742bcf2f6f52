import {
  compileField,
  type FieldSchema,
  ruleKind as kindOfRules,
  type MessageSchema,
  type Rules,
  readRules,
} from '../kernel.js'

export const ruleKind: typeof kindOfRules = kindOfRules

/** Of `buf.validate.Ignore`. */
const IGNORE_ALWAYS = 3

const NONE: Rules = {}

/** The standard rules of `(buf.validate.field)`; none of a field whose rules are to be ignored, or make no sense. */
export function rulesOfField({ options, protoName }: FieldSchema, onWarning: (text: string) => void): Rules {
  try {
    const rules = readRules(options, '(buf.validate.field)')
    return rules.ignore === IGNORE_ALWAYS ? NONE : rules
  } catch (thrown) {
    onWarning(`${protoName}: ${(thrown as Error).message}`)
    return NONE
  }
}

/** True if a message without the field breaks the standard rules of the field. */
export function isDemanded(field: FieldSchema, owner: MessageSchema): boolean {
  const { cel: _cel, cel_expression: _expression, ...rules } = rulesOfField(field, () => {})
  if (rules.required === true) return true
  try {
    const check = compileField(field, rules, { nested: () => undefined, owner, exclusive: false })
    return check?.({}, { now: () => 0 }) !== undefined
  } catch {
    // What is wrong with the rules has been told of where they were read.
    return false
  }
}
