import { currentContext } from '../endpoint/ambient.js'
import { openTelemetry, traceOfSpan } from './open-telemetry.js'
import { callTraceKey, type TraceContext } from './trace-context.js'

/**
 * The trace of the running code: of the OpenTelemetry span that is active, or else of the call that is served. `undefined`
 * outside of both. For logs, and for other protocols that should go on with the trace.
 */
export function currentTrace(): TraceContext | undefined {
  const span = openTelemetry()?.trace.getActiveSpan()
  const call = currentContext()?.get(callTraceKey)?.trace
  return span ? traceOfSpan(span, call?.baggage) : call
}
