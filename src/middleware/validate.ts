import type { Violation } from '../codec/detail/bad-request.js'
import type { Context } from '../endpoint/context.js'
import { type Method, streamsRequests } from '../endpoint/method.js'
import { type Middleware, withMethodCheck } from '../endpoint/middleware.js'
import { tapStream } from '../endpoint/stream.js'
import { invalidRequest } from './validate/bad-request.js'
import { byContract } from './validate/by-contract.js'
import { bySchema, type StandardSchema } from './validate/standard-schema.js'

/** Checks a message: by a schema, or by a function that returns what is wrong. */
export type Validator = StandardSchema | ValidatorFunction

/** Returns what is wrong with a message; an empty list, or nothing, if all is well. May also throw an `RpcError`. */
// biome-ignore lint/suspicious/noExplicitAny: a function that knows its own message must fit
export type ValidatorFunction = (message: any, context: Context) => Violations | Promise<Violations>

/** What is wrong with a message. */
export type Violations = readonly Violation[] | undefined

/** Validators by method: `PlaceOrder`, or `shop.v1.Orders/PlaceOrder`, which wins. Methods without one are not checked. */
export type ValidationRules = Readonly<Record<string, Validator>>

/**
 * Checks requests before they are handled, or before they are sent; in streams, each message. A request has to comply with
 * the `buf.validate` options of its contract, and then with the rule that is given for its method, if there is one.
 *
 * What is wrong fails the call with `INVALID_ARGUMENT`, reason `INVALID_REQUEST`, and a `google.rpc.BadRequest` that names
 * each field; for rules of the contract with a `buf.validate.Violations` too. On a client the error is one of a call that was
 * never sent, unless it is a message of a stream. Messages are checked only: what a schema would change or add is left
 * out. A rule that can check nothing throws a `TypeError` at once; one of the contract when the server is put together, or,
 * for a client or inside of `@use`, when its method is first called.
 *
 * ```ts
 * validate()                                                            // by the contract
 * validate({ PlaceOrder: z.object({ items: z.array(item).min(1) }) })   // and by method
 * @rpc() @use(validate(placeOrder)) async placeOrder(…) { … }           // and by one validator for all it is used on
 * ```
 */
export function validate(rules: ValidationRules | Validator = {}): Middleware {
  if (!isValidator(rules)) {
    const [wrong] = Object.entries(rules).find(([, rule]) => !isValidator(rule)) ?? []
    if (wrong !== undefined) throw new TypeError(`validate: the rule for ${wrong} is neither a schema nor a function`)
  }
  return withMethodCheck(checking(rules), (method) => void byContract(method.request))
}

function checking(rules: ValidationRules | Validator): Middleware {
  return (next) => {
    let known: Method | undefined
    let check: Check | undefined
    // Not async: where there is nothing to check, a call costs nothing more.
    return function validate(request, context) {
      try {
        if (known !== context.method) {
          check = checkFor(rules, context.method)
          known = context.method
        }
        if (!check) return next(request, context)
        if (streamsRequests(known.kind)) {
          const stream = checkEach(request as AsyncIterable<unknown>, check, context)
          return next(stream as typeof request, context)
        }
        const checked = check(request, context)
        return checked === undefined ? next(request, context) : checked.then(() => next(request, context))
      } catch (error) {
        return Promise.reject(error)
      }
    }
  }
}

/** Throws, or rejects, if something is wrong with a message. */
type Check = (message: unknown, context: Context) => Promise<void> | undefined

function checkFor(rules: ValidationRules | Validator, method: Method): Check | undefined {
  const { service, name, request } = method
  const contract = byContract(request)
  const validator = isValidator(rules) ? rules : (ownRule(rules, `${service}/${name}`) ?? ownRule(rules, name))
  if (!contract && !validator) return undefined
  // A stream has begun by the time that its first message is checked: the handler may run.
  const isNeverSent = (side: Context['side']): boolean => side === 'client' && !streamsRequests(method.kind)
  return (message, context) => {
    const neverSent = isNeverSent(context.side)
    const error = contract?.(message, context, neverSent)
    if (error) throw error
    return validator && byValidator(validator, { message, context, neverSent })
  }
}

interface Checked {
  readonly message: unknown
  readonly context: Context
  readonly neverSent: boolean
}

async function byValidator(validator: Validator, { message, context, neverSent }: Checked): Promise<void> {
  const violations = '~standard' in validator ? await bySchema(validator, message) : await validator(message, context)
  if (violations?.length) throw invalidRequest(violations, { neverSent })
}

function isValidator(rule: ValidationRules | Validator): rule is Validator {
  // The schemas of some libraries are functions.
  return typeof rule === 'function' || (typeof rule === 'object' && rule !== null && '~standard' in rule)
}

function ownRule(rules: ValidationRules, name: string): Validator | undefined {
  return Object.hasOwn(rules, name) ? rules[name] : undefined
}

/** No generator: that could not be left while it waits for a message. */
function checkEach<T>(messages: AsyncIterable<T>, check: Check, context: Context): AsyncIterable<T> {
  return tapStream(messages, {
    step: async (take) => {
      const taken = await take()
      const { done, value } = taken as IteratorResult<unknown>
      if (!done) await check(value, context)
      return taken
    },
  })
}
