import type { TypeReference } from '../../schema/schema.js'

/** The value of a rule, of the type that the rule has. */
export type RuleValue = string | number | bigint | boolean | Uint8Array | Rules | readonly RuleValue[]

/** Rules by name as in `validate.proto`, only those that are set. Extensions are apart, by what they are called. */
export interface Rules {
  readonly [name: string]: RuleValue
}

/** What a contract says wrongly of its messages: where, and what. */
export class RuleProblem extends Error {
  override readonly name = 'RuleProblem'
}

/** A rule that is a message of rules; without any if it is not set. */
export function rulesIn(rules: Rules, name: string): Rules {
  return (rules[name] ?? {}) as Rules
}

/** The values of a rule that is a list; `undefined` if it is not set. */
export function listIn<T>(rules: Rules, name: string): readonly T[] | undefined {
  const list = rules[name] as readonly T[] | undefined
  return list?.length ? list : undefined
}

/** Full name of the message type that a type is; `undefined` for others. */
export function messageName(type: string | TypeReference): string | undefined {
  return typeof type === 'object' && type.kind === 'message' ? type.fullName : undefined
}
