import type { Metadata } from '../endpoint/metadata.js'
import { SAMPLED, type TraceContext } from './trace-context.js'

const SINGLE = /^([0-9a-f]{32}|[0-9a-f]{16})-([0-9a-f]{16})(?:-([01d])(?:-[0-9a-f]{16})?)?$/i
const TRACE_ID = /^(?:[0-9a-f]{32}|[0-9a-f]{16})$/i
const SPAN_ID = /^[0-9a-f]{16}$/i
const ZEROS = /^0+$/

/**
 * Reads the single `b3` header, or where there is none the `x-b3-` ones; `undefined` if they name no trace. The debug
 * flag reads as sampled, a decision that was left open as not sampled.
 *
 * @see https://github.com/openzipkin/b3-propagation
 */
export function extractB3(metadata: Metadata): TraceContext | undefined {
  const single = metadata.get('b3')
  return single === undefined ? extractMulti(metadata) : parseB3(single)
}

/** Reads the value of a single `b3` header. */
export function parseB3(header: string): TraceContext | undefined {
  const match = SINGLE.exec(header.trim())
  if (!match) return undefined
  const [, traceId = '', spanId = '', sampled] = match
  return traceOf(traceId, spanId, sampled === '1' || sampled === 'd')
}

/** Writes a single `b3` header, without the parent's id. */
export function formatB3({ traceId, spanId, traceFlags }: TraceContext): string {
  return `${traceId}-${spanId}-${traceFlags & SAMPLED}`
}

/** Writes the three `x-b3-` headers; the parent's id is never sent. */
export function injectB3Multi(trace: TraceContext, metadata: Metadata): void {
  metadata.set('x-b3-traceid', trace.traceId)
  metadata.set('x-b3-spanid', trace.spanId)
  metadata.set('x-b3-sampled', `${trace.traceFlags & SAMPLED}`)
}

function extractMulti(metadata: Metadata): TraceContext | undefined {
  const traceId = metadata.get('x-b3-traceid')?.trim() ?? ''
  const spanId = metadata.get('x-b3-spanid')?.trim() ?? ''
  if (!TRACE_ID.test(traceId) || !SPAN_ID.test(spanId)) return undefined
  const sampled = metadata.get('x-b3-sampled')?.trim().toLowerCase()
  return traceOf(traceId, spanId, sampled === '1' || sampled === 'true' || metadata.get('x-b3-flags')?.trim() === '1')
}

function traceOf(traceId: string, spanId: string, sampled: boolean): TraceContext | undefined {
  if (ZEROS.test(traceId) || ZEROS.test(spanId)) return undefined
  return {
    traceId: traceId.toLowerCase().padStart(32, '0'),
    spanId: spanId.toLowerCase(),
    traceFlags: sampled ? SAMPLED : 0,
  }
}
