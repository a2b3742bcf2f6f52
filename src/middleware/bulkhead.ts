import type { Context } from '../endpoint/context.js'
import { streamsResponses } from '../endpoint/method.js'
import { type Middleware, withSnapshot } from '../endpoint/middleware.js'
import { outcome } from '../endpoint/outcome.js'
import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import { ConcurrencyLimit } from '../resilience/concurrency-limit.js'

/** How many calls run at once. */
export interface BulkheadOptions {
  /** Most calls that run at once, over all methods that this bulkhead guards. */
  readonly concurrent: number
  /** Most calls that wait for others to end, first come, first served; 0 by default. */
  readonly queue?: number | undefined
}

/**
 * Runs only so many calls at once; some more may wait in a queue, and the rest fails at once with `RESOURCE_EXHAUSTED`,
 * reason `BULKHEAD_FULL`. A stream holds its place until it ends. A call that is cancelled while it waits leaves the queue.
 *
 * One bulkhead is one set of places for all methods it is named for; to keep methods apart, give each its own.
 */
export function bulkhead(options: BulkheadOptions): Middleware {
  const limit = new ConcurrencyLimit(options)
  const observer = { end: () => limit.release() }
  const count = { refused: 0 }
  const guard: Middleware = (next) => {
    // Not `finally`, and not `outcome` for what has one response: they cost several promises more.
    const pass = <T>(response: T): T => {
      limit.release()
      return response
    }
    const fail = (thrown: unknown): never => {
      limit.release()
      throw thrown
    }
    const run: typeof next = (request, context) => {
      if (streamsResponses(context.method.kind)) return outcome(next, request, context, observer)
      try {
        return next(request, context).then(pass, fail)
      } catch (thrown) {
        limit.release()
        return Promise.reject(thrown)
      }
    }
    return function bulkhead(request, context) {
      return limit.take() ? run(request, context) : turn(limit, context, count).then(() => run(request, context))
    }
  }
  return withSnapshot(guard, () => {
    const { held: running, waiting, concurrent, queue } = limit
    return { middleware: 'bulkhead', running, waiting, concurrent, queue, ...count }
  })
}

/** Waits in the queue until the call holds a place. */
function turn(limit: ConcurrencyLimit, context: Context, count: { refused: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = limit.wait(() => {
      stop()
      resolve()
    })
    const stop = leave ? context.onCancel((reason) => leave() && reject(reason)) : () => {}
    if (leave) return
    count.refused += 1
    reject(full(context))
  })
}

function full({ side }: Context): RpcError {
  const options = { reason: 'BULKHEAD_FULL', domain: 'tierkit', neverSent: side === 'client' }
  return new RpcError(Code.RESOURCE_EXHAUSTED, 'too many calls run at once', options)
}
