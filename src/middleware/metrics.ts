import type { Registry } from 'prom-client'
import type { Context } from '../endpoint/context.js'
import type { Method } from '../endpoint/method.js'
import type { Middleware } from '../endpoint/middleware.js'
import { CountedMethod } from '../observability/counted-method.js'
import { reporting } from '../observability/reporting.js'
import { type RpcMetrics, rpcMetrics } from '../observability/rpc-metrics.js'

/** What is measured, and where it is scraped. */
export interface MetricsOptions {
  /** Registry of prom-client; its default one by default. */
  readonly registry?: Registry | undefined
  /** Whether latency is measured; it is by default. */
  readonly histogram?: boolean | undefined
  /** Upper bounds of latency, in seconds, ascending; from 5 ms to 10 s by default. */
  readonly buckets?: readonly number[] | undefined
  /** The methods that a server has: their series are there from the start, and whatever else is called is `_OTHER`. */
  readonly methods?: Iterable<Method> | undefined
}

/**
 * Counts calls, messages, codes and latency in prom-client, under the names of go-grpc-prometheus: `grpc_server_…` for
 * calls that are served, `grpc_client_…` for calls that are made. All middleware on one registry shares its series.
 */
export function metrics(options: MetricsOptions = {}): Middleware {
  const methods = options.methods && [...options.methods]
  if (methods) rpcMetrics('server', options).preregister(methods)
  const known = methods && new Set(methods.map(({ path }) => path))
  const sides: Partial<Record<Context['side'], RpcMetrics>> = {}
  const find = ({ method, side }: Context): CountedMethod => {
    sides[side] ??= rpcMetrics(side, options)
    const unknown = side === 'server' && known && !known.has(method.path)
    const counters = unknown ? sides[side].otherCounters(method.kind) : sides[side].counters(method)
    return new CountedMethod(method, counters, side)
  }
  return (next) => {
    let last: CountedMethod | undefined
    return reporting(function metrics(context) {
      if (last?.method !== context.method) last = find(context)
      last.counters.started += 1
      return last
    }, next)
  }
}
