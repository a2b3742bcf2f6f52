import type promClient from 'prom-client'
import type { Metric, Registry } from 'prom-client'
import { lazyPackage } from '../codec/library/lazy-package.js'
import type { Method, MethodKind } from '../endpoint/method.js'
import { LATENCY_BUCKETS, MethodCounters } from './method-counters.js'
import { rpcCounters, rpcLatency, type ScrapedMetric } from './rpc-series.js'

/** Which metrics there are, and where. */
export interface RpcMetricsOptions {
  /** Registry of prom-client that is scraped; its default one by default. */
  readonly registry?: Registry | undefined
  /** Whether latency is measured; it is by default. */
  readonly histogram?: boolean | undefined
  /** Upper bounds of latency, in seconds, ascending; from 5 ms to 10 s by default. */
  readonly buckets?: readonly number[] | undefined
}

/** Label of whatever is not a method that is known. */
const OTHER = '_OTHER'
/** So many methods have series of their own, on one side of one registry: more than any process serves or calls. */
const MAX_METHODS = 1000

/**
 * The metrics of all calls on one side of a process, under the names of go-grpc-prometheus. They are computed when they
 * are scraped; a call adds to plain numbers.
 */
export class RpcMetrics {
  readonly side: 'client' | 'server'
  readonly #bounds: readonly number[]
  readonly #methods = new Map<string, MethodCounters>()

  constructor(side: 'client' | 'server', bounds: readonly number[] = LATENCY_BUCKETS) {
    this.side = side
    this.#bounds = bounds
  }

  /**
   * The counters of a method; one set for all that come after the first thousand.
   *
   * @internal
   */
  counters(method: Method): MethodCounters {
    const { kind, service, name } = method
    const known = this.#methods.size < MAX_METHODS || this.#methods.has(keyOf(kind, service, name))
    return known ? this.#at(kind, service, name) : this.otherCounters(kind)
  }

  /**
   * The counters of methods that are not known, so that callers cannot make series by making up names.
   *
   * @internal
   */
  otherCounters(kind: MethodKind): MethodCounters {
    return this.#at(kind, OTHER, OTHER)
  }

  /** Makes the series of methods, for every code, before they are called: a rate needs a first value. */
  preregister(methods: Iterable<Method>): void {
    for (const method of methods) this.counters(method).complete = true
  }

  /**
   * What a registry scrapes.
   *
   * @internal
   */
  metrics(histogram: boolean): ScrapedMetric[] {
    const source = { side: this.side, bounds: this.#bounds, methods: () => this.#methods.values() }
    return histogram ? [...rpcCounters(source), rpcLatency(source)] : rpcCounters(source)
  }

  #at(kind: MethodKind, service: string, name: string): MethodCounters {
    const key = keyOf(kind, service, name)
    let counters = this.#methods.get(key)
    if (!counters) {
      const labels = { grpc_method: name, grpc_service: service, grpc_type: kind }
      counters = new MethodCounters(labels, this.#bounds)
      this.#methods.set(key, counters)
    }
    return counters
  }
}

function keyOf(kind: MethodKind, service: string, name: string): string {
  return `${kind} ${service}/${name}`
}

/** Per registry, so that all middleware of a process counts into the same series. Holds no registry that nobody else holds. */
const registered = new WeakMap<Registry, Map<string, RpcMetrics>>()

/** The metrics of one side in a registry, made and registered on first use; later options do not change them. */
export function rpcMetrics(side: 'client' | 'server', options: RpcMetricsOptions = {}): RpcMetrics {
  const { registry = lazyPackage<typeof promClient>('prom-client').register, histogram = true, buckets } = options
  const sides = registered.get(registry) ?? new Map<string, RpcMetrics>()
  registered.set(registry, sides)
  const known = sides.get(side)
  // A registry that was cleared since has lost them, and gets new ones.
  if (known && registry.getSingleMetric(`grpc_${side}_started_total`)) return known
  const metrics = new RpcMetrics(side, buckets)
  for (const metric of metrics.metrics(histogram)) registry.registerMetric(metric as unknown as Metric)
  sides.set(side, metrics)
  return metrics
}
