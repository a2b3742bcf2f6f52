import type { MethodCounters } from './method-counters.js'

/** One line of a scrape. */
export interface Series {
  readonly value: number
  readonly labels: Readonly<Record<string, string | number>>
  /** Where it differs from the name of the metric. */
  readonly metricName?: string
}

/** A metric that is computed when it is scraped: what a registry of prom-client asks of one. */
export interface ScrapedMetric extends MetricFacts {
  get(): Promise<MetricFacts & { readonly values: readonly Series[] }>
  reset(): void
}

interface MetricFacts {
  /** A registry that speaks OpenMetrics cuts off `_total`. */
  name: string
  readonly help: string
  readonly type: 'counter' | 'histogram'
  readonly aggregator: 'sum'
}

/** What is scraped. */
export interface ScrapeSource {
  readonly side: 'client' | 'server'
  readonly bounds: readonly number[]
  /** The counters of each method. */
  methods(): Iterable<MethodCounters>
}

/** Status codes by number, as go-grpc-prometheus writes them. */
const CODE_LABELS = [
  ...(['OK', 'Canceled', 'Unknown', 'InvalidArgument', 'DeadlineExceeded', 'NotFound', 'AlreadyExists'] as const),
  ...(['PermissionDenied', 'ResourceExhausted', 'FailedPrecondition', 'Aborted', 'OutOfRange'] as const),
  ...(['Unimplemented', 'Internal', 'Unavailable', 'DataLoss', 'Unauthenticated'] as const),
]

/** Which metric there is, and how its series come from the counters of a method. */
interface MetricShape {
  readonly name: string
  readonly help: string
  readonly type?: 'counter' | 'histogram'
  series(counters: MethodCounters): readonly Series[]
}

/**
 * The metrics of all calls on one side, by the names that dashboards for gRPC expect.
 *
 * @see https://github.com/grpc-ecosystem/go-grpc-middleware/tree/main/providers/prometheus
 */
export function rpcCounters(source: ScrapeSource): ScrapedMetric[] {
  const prefix = `grpc_${source.side}`
  const calls = source.side === 'server' ? 'calls that were served' : 'calls that were made'
  const shapes: MetricShape[] = [
    {
      name: `${prefix}_started_total`,
      help: `Number of ${calls}.`,
      series: ({ started, labels }) => [{ value: started, labels }],
    },
    {
      name: `${prefix}_handled_total`,
      help: `Number of ${calls} and have ended, by code.`,
      series: handledSeries,
    },
    {
      name: `${prefix}_msg_received_total`,
      help: `Number of messages received in ${calls}.`,
      series: ({ received, labels }) => [{ value: received, labels }],
    },
    {
      name: `${prefix}_msg_sent_total`,
      help: `Number of messages sent in ${calls}.`,
      series: ({ sent, labels }) => [{ value: sent, labels }],
    },
  ]
  return shapes.map((shape) => metric(source, shape))
}

/** The latency of all calls on one side, in seconds. */
export function rpcLatency(source: ScrapeSource): ScrapedMetric {
  const name = `grpc_${source.side}_handling_seconds`
  const help = `Seconds from start to end of calls that were ${source.side === 'server' ? 'served' : 'made'}.`
  const series = (counters: MethodCounters): Series[] => latencySeries(name, counters, source.bounds)
  return metric(source, { name, help, series, type: 'histogram' })
}

function metric(source: ScrapeSource, { name, help, series, type = 'counter' }: MetricShape): ScrapedMetric {
  const facts: MetricFacts = { name, help, type, aggregator: 'sum' }
  return {
    ...facts,
    async get() {
      return { ...facts, name: this.name, values: [...source.methods()].flatMap(series) }
    },
    reset() {
      for (const counters of source.methods()) counters.reset()
    },
  }
}

function handledSeries({ handled, complete, labels }: MethodCounters): Series[] {
  return CODE_LABELS.flatMap((grpc_code, code) => {
    const value = handled[code] ?? 0
    return value > 0 || complete ? [{ value, labels: { grpc_code, ...labels } }] : []
  })
}

function latencySeries(name: string, counters: MethodCounters, bounds: readonly number[]): Series[] {
  const { labels, latency, latencySum } = counters
  let count = 0
  const buckets = [...bounds, '+Inf'].map((le, i): Series => {
    count += latency[i] ?? 0
    return { metricName: `${name}_bucket`, value: count, labels: { le, ...labels } }
  })
  return [
    ...buckets,
    { metricName: `${name}_sum`, value: latencySum, labels },
    { metricName: `${name}_count`, value: count, labels },
  ]
}
