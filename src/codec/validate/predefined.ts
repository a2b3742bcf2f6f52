import type { ExtensionSchema, MessageSchema, OptionValue } from '../schema/schema.js'
import type { CelSubject } from './cel/cel-types.js'
import { CelTypes } from './cel/cel-types.js'
import { customRules, expressionCheck } from './cel/custom-check.js'
import { dynamicRules } from './cel/dynamic-value.js'
import { celLibrary } from './cel/library.js'
import { type Check, checkEvery } from './finding.js'
import { EXTENSIONS, readField, readRules } from './option/read-option.js'
import { RuleProblem, type Rules } from './option/rules.js'

/** Where rules are written: what kind they are, about what, and in which message. */
export interface Predefined {
  readonly kind: string
  readonly subject: CelSubject
  readonly owner: MessageSchema
}

/**
 * Compiles the rules that files of a contract add to those of protovalidate; `undefined` without any. Throws a
 * `RuleProblem` if a rule is not declared, or does not say what it means.
 */
export function predefinedCheck(rules: Rules, predefined: Predefined): Check | undefined {
  const written = (rules[EXTENSIONS] ?? {}) as Readonly<Record<string, OptionValue>>
  return checkEvery(
    Object.entries(written).map(([name, value]) => extensionCheck(name, value, { ...predefined, rules })),
  )
}

function extensionCheck(
  name: string,
  value: OptionValue,
  { kind, subject, owner, rules }: Predefined & { rules: Rules },
) {
  const extension = extensionOf(name, kind, owner)
  if (!extension) throw new RuleProblem(`there is no rule (${name}) for ${kind}: no file that was read declares it`)
  const custom = customRules(readRules(extension.options, '(buf.validate.predefined)'))
  if (custom.length === 0)
    throw new RuleProblem(`the rule (${extension.fullName}) has no (buf.validate.predefined).cel`)
  const at = `${kind}.[${extension.fullName}]`
  const type = new CelTypes(celLibrary()).typeOf({ ...extension, mapKey: undefined })
  const set = type.convert(readField(extension, [value], `(${extension.fullName})`))
  return expressionCheck(
    custom.map((one) => ({ ...one, rule: at, extension })),
    subject,
    {
      rule: { type: type.name, value: set },
      rules: { type: 'dyn', value: dynamicRules(withoutExtensions(rules), kind) },
    },
  )
}

function withoutExtensions(rules: Rules): Rules {
  return Object.fromEntries(Object.entries(rules).filter(([name]) => name !== EXTENSIONS))
}

/** Names are looked up from the inside out, as in every `.proto` file. */
function extensionOf(name: string, kind: string, { fullName, declaredIn }: MessageSchema): ExtensionSchema | undefined {
  const files = [declaredIn, ...(declaredIn.optionFiles ?? [])]
  const extendee = `buf.validate.${kind.replace(/_/g, '')}rules`.toLowerCase()
  const extensions = files
    .flatMap((file) => file.extensions ?? [])
    .filter((extension) => extension.extendee.toLowerCase() === extendee)
  const scope = fullName.split('.')
  for (let depth = scope.length; depth >= 0; depth--) {
    const full = [...scope.slice(0, depth), name].join('.')
    const found = extensions.find((extension) => extension.fullName === full)
    if (found) return found
  }
  return undefined
}
