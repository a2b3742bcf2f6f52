import type { ExtensionSchema } from '../../schema/schema.js'
import { type Check, checkAll, type Demand, type Now } from '../finding.js'
import { listIn, RuleProblem, type Rules } from '../option/rules.js'
import { type CelSubject, CelTypes } from './cel-types.js'
import { registerFunctions } from './functions.js'
import { type CelEnvironment, type CelExpression, celLibrary } from './library.js'
import { celSource } from './source.js'

/** An expression that has to be true, or an empty text. */
export interface CustomRule {
  readonly id: string
  /** Where it stands: `cel[0]`. */
  readonly rule: string
  /** What declares it, if the contract itself does. */
  readonly extension?: ExtensionSchema | undefined
  readonly expression: string
  /** What is demanded, in words; empty if the expression says so, or the expression itself. */
  readonly message: string
}

/** Further names that expressions know, each with its type and value. */
export type Variables = Readonly<Record<string, { readonly type: string; readonly value: unknown }>>

// Functions are registered once; what follows from a contract is registered on a copy.
let functions: CelEnvironment | undefined

/**
 * Compiles the expressions of a field or a message, in `cel` and `cel_expression`; `undefined` without any. Throws a
 * `RuleProblem` if one is none, or needs what there is not.
 */
export function customCheck(rules: Rules, subject: CelSubject): Check | undefined {
  return expressionCheck(customRules(rules), subject)
}

/** The expressions among rules. */
export function customRules(rules: Rules): CustomRule[] {
  const short = listIn<string>(rules, 'cel_expression') ?? []
  const long = listIn<Rules>(rules, 'cel') ?? []
  return [
    ...short.map((expression, index) => ({
      id: expression,
      rule: `cel_expression[${index}]`,
      expression,
      message: '',
    })),
    ...long.map(({ id = '', message = '', expression = '' }, index) => ({
      id: (id || expression) as string,
      rule: `cel[${index}]`,
      expression: expression as string,
      message: message as string,
    })),
  ]
}

/** Compiles expressions about one value. */
export function expressionCheck(
  rules: readonly CustomRule[],
  subject: CelSubject,
  more: Variables = {},
): Check | undefined {
  if (rules.length === 0) return undefined
  const library = celLibrary()
  functions ??= registerFunctions(new library.Environment())
  const types = new CelTypes(library)
  const { name, convert } = types.typeOf(subject)
  const environment = functions.clone()
  types.register(environment)
  environment.registerVariable('this', name).registerVariable('now', 'google.protobuf.Timestamp')
  const fixed: Record<string, unknown> = {}
  for (const [variable, { type, value }] of Object.entries(more)) {
    environment.registerVariable(variable, type)
    fixed[variable] = value
  }
  const check = checkAll(rules.map((rule) => demandOf(rule, compile(rule, environment), fixed)))
  return check && ((value, clock) => check(convert(value), clock))
}

function compile({ id, expression }: CustomRule, environment: CelEnvironment): CelExpression {
  const problem = (why: string): RuleProblem =>
    new RuleProblem(`the expression of ${id} cannot be used, ${JSON.stringify(expression)}: ${why}`)
  if (expression.trim() === '') throw problem('it is empty')
  let parsed: CelExpression
  try {
    parsed = environment.parse(celSource(expression))
  } catch (error) {
    throw problem(firstLine(error))
  }
  const { valid, type, error } = parsed.check()
  if (!valid) throw problem(firstLine(error))
  if (type !== 'bool' && type !== 'string' && type !== 'dyn')
    throw problem(`it is a ${type}, and neither bool nor string`)
  return parsed
}

function demandOf({ id, rule, extension, message, expression }: CustomRule, run: CelExpression, fixed: object): Demand {
  const text = message || `${expression} must be true`
  const broken = (value: unknown, clock: Now): string | undefined => {
    const result = evaluate(run, { id, context: { ...fixed, this: value, now: new Date(clock.now()) } })
    if (result === true || result === '') return undefined
    return typeof result === 'string' ? message || result : text
  }
  return { id, rule, extension, broken }
}

interface Evaluation {
  readonly id: string
  readonly context: Readonly<Record<string, unknown>>
}

/** An expression that fails says nothing of the message: it must not pass for it. */
function evaluate(run: CelExpression, { id, context }: Evaluation): boolean | string {
  let result: unknown
  try {
    result = run(context)
  } catch (error) {
    throw new Error(`the expression of ${id} fails: ${firstLine(error)}`, { cause: error })
  }
  if (typeof result === 'boolean' || typeof result === 'string') return result
  throw new Error(`the expression of ${id} is neither a bool nor a string`)
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}
