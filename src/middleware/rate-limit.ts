import { retryInfo } from '../codec/detail/retry-info.js'
import type { Context } from '../endpoint/context.js'
import { type Middleware, withSnapshot } from '../endpoint/middleware.js'
import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import { LruMap } from '../resilience/lru-map.js'
import { TokenBucket } from '../resilience/token-bucket.js'

/** How often calls may come. */
export interface RateLimitOptions {
  /** Calls a second in the long run, for each key. */
  readonly perSecond: number
  /** Calls that may come at once after a silence; as many as in a second by default, but at least 1. */
  readonly burst?: number | undefined
  /**
   * Whom a call counts for: each key has a limit of its own, and calls without one (`undefined`) are not limited. All
   * calls count together by default.
   */
  readonly key?: ((context: Context) => string | undefined) | undefined
  /** Most keys remembered; that which was used longest ago is forgotten first, and starts anew. 10,000 by default. */
  readonly maxKeys?: number | undefined
}

/**
 * Lets calls through at an even rate, with bursts, by a token bucket. A call beyond it fails at once with
 * `RESOURCE_EXHAUSTED`, reason `RATE_LIMITED`, and tells when to come again: as `google.rpc.RetryInfo`, and on a server in
 * the trailer `grpc-retry-pushback-ms` too, which `retry` and the clients of gRPC obey.
 */
export function rateLimit(options: RateLimitOptions): Middleware {
  const { key = () => '', maxKeys = 10_000 } = options
  const buckets = new LruMap<string, TokenBucket>({ maxKeys })
  // Made once for nothing, so that wrong options are told of now.
  new TokenBucket(options)
  let refused = 0
  const limiter: Middleware = (next) =>
    async function rateLimit(request, context) {
      const name = key(context)
      if (name === undefined) return next(request, context)
      const bucket = buckets.getOrAdd(name, () => new TokenBucket(options, context.clock))
      if (bucket.take()) return next(request, context)
      refused += 1
      throw limited(context, bucket.waitMs())
    }
  const { perSecond, burst = Math.max(1, perSecond) } = options
  // Keys are not shown: they say who calls, and may be what callers prove themselves by.
  return withSnapshot(limiter, () => ({ middleware: 'rateLimit', perSecond, burst, keys: buckets.size, refused }))
}

function limited(context: Context, waitMs: number): RpcError {
  const delayMs = Math.ceil(waitMs)
  const client = context.side === 'client'
  if (!client) context.responseTrailers.set('grpc-retry-pushback-ms', String(delayMs))
  return new RpcError(Code.RESOURCE_EXHAUSTED, 'too many calls', {
    reason: 'RATE_LIMITED',
    domain: 'tierkit',
    details: [retryInfo(delayMs)],
    neverSent: client,
  })
}
