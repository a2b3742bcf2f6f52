import type { Middleware } from '../endpoint/middleware.js'
import { CallTracer } from '../observability/call-tracer.js'
import type { TraceFormat } from '../observability/propagation.js'

/** How calls are traced. */
export interface TracingOptions {
  /**
   * Formats that traces are read and written in, the first that names a trace wins. By default the propagator that is
   * registered with OpenTelemetry does it; without one, `w3c` and `b3` are read and `w3c` is written.
   */
  readonly propagators?: readonly TraceFormat[] | undefined
  /** What a client calls, for `server.address`: a client target, or `host:port`. The instance that is called by default. */
  readonly target?: string | undefined
  /** A span for each attempt, inside that of the call: for `attemptMiddleware`. */
  readonly attempt?: boolean | undefined
}

/**
 * Traces calls with whatever OpenTelemetry SDK the application registered, under the stable conventions for RPC: on a
 * server a span within the caller's trace, on a client one span around all attempts. The handler runs with its span active.
 *
 * Without an SDK there are no spans, but a trace still goes through: from the caller to logs and to outgoing calls. A
 * server that is called without one starts it, so that logs of one call can be found everywhere.
 */
export function tracing({ propagators, target, attempt = false }: TracingOptions = {}): Middleware {
  const tracer = new CallTracer({ propagators, target })
  return (next) =>
    function tracing(request, context) {
      const call = { next, request, context }
      if (context.side === 'server') return tracer.serve(call)
      return attempt ? tracer.attempt(call) : tracer.make(call)
    }
}
