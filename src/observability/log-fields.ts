import { currentContext } from '../endpoint/ambient.js'
import type { Context } from '../endpoint/context.js'
import { codeName } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import { currentTrace } from './current-trace.js'
import { requestIdKey } from './request-id.js'
import { callTraceKey, formatFlags, type TraceContext } from './trace-context.js'

const MAX_CAUSES = 4

/** What a record says of the call that it was written in: trace, request and method. */
export function callFields(context: Context, trace = context.get(callTraceKey)?.trace): Record<string, unknown> {
  const fields: Record<string, unknown> = { 'grpc.service': context.method.service, 'grpc.method': context.method.name }
  const requestId = context.get(requestIdKey)
  if (requestId !== undefined) fields.request_id = requestId
  return trace ? Object.assign(fields, traceFields(trace)) : fields
}

/** What every record says of where it was written: the call that is served, if any, and the trace. */
export function ambientFields(): Record<string, unknown> {
  const context = currentContext()
  const trace = currentTrace()
  if (context) return callFields(context, trace)
  return trace ? traceFields(trace) : {}
}

/** An error as records show it, with its causes. */
export function errorFields(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error
  const { name: type, message, stack, cause } = error
  const fields: Record<string, unknown> = { type, message, stack }
  if (error instanceof RpcError) {
    fields.code = codeName(error.code)
    if (error.reason !== undefined) fields.reason = error.reason
    if (error.internal !== undefined) fields.internal = error.internal
    if (Object.keys(error.metadata).length > 0) fields.metadata = error.metadata
  } else if ('code' in error) {
    fields.code = error.code
  }
  if (cause !== undefined && depth < MAX_CAUSES) fields.cause = errorFields(cause, depth + 1)
  return fields
}

// Names and format: https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/
function traceFields({ traceId, spanId, traceFlags }: TraceContext): Record<string, unknown> {
  return { trace_id: traceId, span_id: spanId, trace_flags: formatFlags(traceFlags) }
}
