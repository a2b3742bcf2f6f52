import { type Method, streamsRequests, streamsResponses } from '../endpoint/method.js'
import { type Middleware, withSnapshot } from '../endpoint/middleware.js'
import { Code, type ErrorCode } from '../error/code.js'
import { Backoff, type BackoffOptions } from '../resilience/backoff.js'
import type { Random } from '../resilience/clock.js'
import type { RetryBudget, RetryBudgetOptions } from '../resilience/retry-budget.js'
import { RetriedCall } from './retry/retried-call.js'
import { RetriedStream } from './retry/retried-stream.js'
import { RetryBudgets } from './retry/retry-budgets.js'
import type { RetryEvent, RetryPolicy } from './retry/retry-policy.js'

/** Which calls are tried again, how often and when. */
export interface RetryOptions {
  /** Most attempts, the first included: from 1 to 5; more count as 5. 3 by default. */
  readonly attempts?: number | undefined
  /** Delays between attempts: 50 ms at first, doubling up to 1 s, each spread by 20 %, by default. */
  readonly backoff?: BackoffOptions | undefined
  /** Codes after which an idempotent call is tried again; `UNAVAILABLE` by default. */
  readonly codes?: readonly ErrorCode[] | undefined
  /** Treats methods as idempotent that are not marked so: all, or as a function says. None by default. */
  readonly assumeIdempotent?: boolean | ((method: Method) => boolean) | undefined
  /**
   * Ends retries while most calls fail, for each service; 100 tokens with a ratio of 0.1 by default. A `RetryBudget` is
   * shared by all that it is given to; `false` lifts the limit.
   */
  readonly budget?: RetryBudgetOptions | RetryBudget | false | undefined
  /** Told of each retry before its delay. */
  readonly onRetry?: ((event: RetryEvent) => void) | undefined
  /** Source of the jitter; `Math.random` by default. */
  readonly random?: Random | undefined
}

/**
 * Tries failed calls again, as gRPC does, but only where it is known to be safe. A call that was never sent is tried again
 * whatever the method, first at once, then with backoff, five times at most, which counts for nothing else. A call that
 * may have reached a handler is tried again if its method is idempotent (`idempotency_level` of the contract, or
 * `assumeIdempotent`) and the code is one of `codes`, or the server asks for it by `grpc-retry-pushback-ms` or
 * `google.rpc.RetryInfo`, whose delay is kept exactly; a pushback that is negative or unreadable ends the call.
 *
 * Response streams are tried again until their first message. Calls that stream requests are made once. The wait obeys the
 * call's signal, and a delay that would not end before the deadline is not begun: the call fails at once. It fails as its
 * last attempt did, with the errors of all attempts in an `AggregateError` as `cause`. An attempt sees the metadata as it
 * was before the first; response metadata is that of the last.
 *
 * @see https://github.com/grpc/proposal/blob/master/A6-client-retries.md
 * @see https://google.aip.dev/194
 */
export function retry(options: RetryOptions = {}): Middleware {
  const budgets = new RetryBudgets(options.budget)
  const policyOf = policies(options, budgets)
  const again: Middleware = (next) =>
    function retry(request, context) {
      const { kind } = context.method
      if (streamsRequests(kind)) return next(request, context)
      const call = new RetriedCall(policyOf(context.method), next, request, context)
      return call.respond().then((response) => {
        if (streamsResponses(kind))
          return new RetriedStream(call, response as AsyncIterable<unknown>) as typeof response
        call.succeeded()
        return response
      })
    }
  return withSnapshot(again, () => ({ middleware: 'retry', budgets: budgets.snapshot() }))
}

/** Makes the policies of methods, each once; methods of a service share a budget. */
function policies(options: RetryOptions, budgets: RetryBudgets): (method: Method) => RetryPolicy {
  const { attempts = 3, codes = [Code.UNAVAILABLE], assumeIdempotent = false, onRetry } = options
  if (!(Number.isInteger(attempts) && attempts >= 1)) {
    throw new RangeError(`retry: attempts must be a whole number of at least 1, not ${attempts}`)
  }
  const backoff = new Backoff(options.backoff, options.random)
  const shared = { attempts: Math.min(attempts, 5), codes: new Set<Code>(codes), backoff, onRetry }
  const assumed = typeof assumeIdempotent === 'function' ? assumeIdempotent : () => assumeIdempotent
  const known = new WeakMap<Method, RetryPolicy>()
  return (method) => {
    const policy = known.get(method)
    if (policy) return policy
    const idempotent = method.idempotency !== 'unknown' || assumed(method)
    const made = { ...shared, idempotent, budget: budgets.of(method.service) }
    known.set(method, made)
    return made
  }
}
