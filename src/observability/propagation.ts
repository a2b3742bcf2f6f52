import type { Metadata, MetadataValue } from '../endpoint/metadata.js'
import { extractB3, formatB3, injectB3Multi } from './b3.js'
import type { TraceContext } from './trace-context.js'
import { formatTraceparent, parseBaggage, parseTraceparent, parseTracestate } from './w3c.js'

/**
 * How a trace is written into metadata: `w3c` as `traceparent`, `tracestate` and `baggage`; `b3` as the single `b3` header;
 * `b3multi` as the `x-b3-` headers. Both B3 formats read both forms, and the single header wins.
 */
export type TraceFormat = 'w3c' | 'b3' | 'b3multi'

/** Reads the trace that a call belongs to, in the first of the formats that names one. */
export function extractTrace(metadata: Metadata, formats: readonly TraceFormat[]): TraceContext | undefined {
  for (const format of formats) {
    const trace = format === 'w3c' ? extractW3c(metadata) : extractB3(metadata)
    if (trace) return trace
  }
  return undefined
}

/** Writes the trace that a call belongs to, in each of the formats, over what was there. */
export function injectTrace(trace: TraceContext, metadata: Metadata, formats: readonly TraceFormat[]): void {
  for (const format of formats) {
    if (format === 'w3c') injectW3c(trace, metadata)
    else if (format === 'b3') metadata.set('b3', formatB3(trace))
    else injectB3Multi(trace, metadata)
  }
}

function extractW3c(metadata: Metadata): TraceContext | undefined {
  const headers = metadata.getAll('traceparent')
  // Two of them contradict each other; W3C lets none of them count.
  if (headers.length !== 1) return undefined
  const trace = parseTraceparent(String(headers[0]))
  if (!trace) return undefined
  const traceState = parseTracestate(texts(metadata.getAll('tracestate')))
  const baggage = parseBaggage(texts(metadata.getAll('baggage')))
  return traceState === undefined && baggage === undefined ? trace : { ...trace, traceState, baggage }
}

function injectW3c(trace: TraceContext, metadata: Metadata): void {
  metadata.set('traceparent', formatTraceparent(trace))
  if (trace.traceState === undefined) metadata.delete('tracestate')
  else metadata.set('tracestate', trace.traceState)
  // Baggage is not ours: what the caller set stays.
  if (trace.baggage !== undefined && !metadata.has('baggage')) metadata.set('baggage', trace.baggage)
}

function texts(values: readonly MetadataValue[]): string[] {
  return values.filter((value) => typeof value === 'string')
}
