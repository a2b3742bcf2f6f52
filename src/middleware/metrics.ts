import type { Registry } from 'prom-client'
import type { Context } from '../endpoint/context.js'
import type { Method } from '../endpoint/method.js'
import type { Middleware } from '../endpoint/middleware.js'
import { CountedCall } from '../observability/counted-call.js'
import type { MethodCounters } from '../observability/method-counters.js'
import { observeCall } from '../observability/observe-call.js'
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
  const find = ({ method, side }: Context): MethodCounters => {
    sides[side] ??= rpcMetrics(side, options)
    const unknown = side === 'server' && known && !known.has(method.path)
    return unknown ? sides[side].otherCounters(method.kind) : sides[side].counters(method)
  }
  return (next) => {
    let last: { readonly method: Method; readonly counters: MethodCounters } | undefined
    return function metrics(request, context) {
      if (last?.method !== context.method) last = { method: context.method, counters: find(context) }
      return observeCall(next, request, context, new CountedCall(last.counters, context.side))
    }
  }
}
