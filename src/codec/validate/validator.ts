import type { FieldSchema, MessageSchema } from '../schema/schema.js'
import { compileMessage, hasOwnRules } from './compile-message.js'
import type { Check, Finding, Now } from './finding.js'

/** Finds what is wrong with a message of a type, by the rules of its contract; `undefined` if nothing. */
export type MessageValidator = (message: unknown, clock: Now) => readonly Finding[] | undefined

// Values that follow from the description alone: types that are in several others are compiled once.
const validators = new WeakMap<MessageSchema, Check>()

/**
 * The validator of a message type by the `buf.validate` options of its contract, compiled when it is first asked for;
 * `undefined` if neither it nor any type in it has rules.
 *
 * Throws a `TypeError` that lists every rule which cannot be applied, with message and field.
 *
 * @see https://buf.build/docs/protovalidate/schemas/standard-rules
 */
export function messageValidator(schema: MessageSchema): MessageValidator | undefined {
  return isChecked(schema) ? (validators.get(schema) ?? new Compilation().run(schema)) : undefined
}

/** The types that are compiled together. */
class Compilation {
  readonly #compiled = new Map<MessageSchema, { check: Check | undefined }>()
  readonly #problems: string[] = []

  run(schema: MessageSchema): Check {
    const check = this.#checkOf(schema)
    if (this.#problems.length > 0) {
      const list = this.#problems.map((problem) => `\n- ${problem}`).join('')
      throw new TypeError(`messages of type ${schema.fullName} cannot be validated:${list}`)
    }
    for (const [one, { check: done }] of this.#compiled) if (done) validators.set(one, done)
    return check
  }

  /** Types may be in themselves: what is being compiled is looked up when it is needed. */
  #checkOf(schema: MessageSchema): Check {
    const known = validators.get(schema)
    if (known) return known
    const present = this.#compiled.get(schema)
    if (present) return present.check ?? ((message, clock) => present.check?.(message, clock))
    const slot: { check: Check | undefined } = { check: undefined }
    this.#compiled.set(schema, slot)
    const { check, problems } = compileMessage(schema, (type) => (isChecked(type) ? this.#checkOf(type) : undefined))
    this.#problems.push(...problems)
    slot.check = check
    return check
  }
}

/** True if a type, or one that messages of it may hold, has rules. */
function isChecked(schema: MessageSchema): boolean {
  const seen = new Set<MessageSchema>()
  const open = [schema]
  for (let type = open.pop(); type; type = open.pop()) {
    if (seen.has(type)) continue
    seen.add(type)
    if (hasOwnRules(type)) return true
    for (const member of type.members) {
      const fields = member.kind === 'oneof' ? member.fields : [member]
      open.push(...fields.flatMap(messageIn))
    }
  }
  return false
}

function messageIn({ type }: FieldSchema): MessageSchema[] {
  return typeof type === 'object' && type.kind === 'message' ? [type.schema] : []
}
