import type { Code } from '../error/code.js'

/** Upper bounds of latency in seconds: those that go-grpc-prometheus has by default. */
export const LATENCY_BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

const CODES = 17

/** How the series of a method are labelled. */
export type MethodLabels = Readonly<Record<'grpc_method' | 'grpc_service' | 'grpc_type', string>>

/** What is counted of one method on one side: plain numbers, so that a call costs a few additions. */
export class MethodCounters {
  readonly labels: MethodLabels
  started = 0
  /** Messages that came in: requests on a server, responses on a client. */
  received = 0
  /** Messages that went out. */
  sent = 0
  /** Calls that ended, by code. */
  readonly handled = new Float64Array(CODES)
  /** Calls that ended, by the bucket that their latency falls into; the last one has no bound. */
  readonly latency: Float64Array
  /** Of all calls that ended, in seconds. */
  latencySum = 0
  /** True if every code has a series, be it at 0. */
  complete = false
  readonly #bounds: readonly number[]

  constructor(labels: MethodLabels, bounds: readonly number[]) {
    this.labels = labels
    this.#bounds = bounds
    this.latency = new Float64Array(bounds.length + 1)
  }

  /** A call ended. */
  end(code: Code, seconds: number): void {
    this.handled[code] = (this.handled[code] ?? 0) + 1
    this.latencySum += seconds
    const bucket = this.#bucketOf(seconds)
    this.latency[bucket] = (this.latency[bucket] ?? 0) + 1
  }

  /** Sets everything back to 0. */
  reset(): void {
    this.started = 0
    this.received = 0
    this.sent = 0
    this.handled.fill(0)
    this.latency.fill(0)
    this.latencySum = 0
  }

  #bucketOf(seconds: number): number {
    const bounds = this.#bounds
    let bucket = 0
    while (bucket < bounds.length && seconds > (bounds[bucket] ?? 0)) bucket += 1
    return bucket
  }
}
