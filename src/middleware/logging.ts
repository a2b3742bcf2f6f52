import type { Context } from '../endpoint/context.js'
import type { Middleware } from '../endpoint/middleware.js'
import type { Outcome } from '../endpoint/outcome.js'
import { Code, codeName } from '../error/code.js'
import { createLogger } from '../observability/create-logger.js'
import { callFields } from '../observability/log-fields.js'
import { type Logger, type LogLevel, logs } from '../observability/logger.js'
import { reporting } from '../observability/reporting.js'
import { isServerFault } from '../observability/server-fault.js'

/** What is recorded of calls. */
export interface LoggingOptions {
  /** Where records go; a new logger to standard output by default. */
  readonly logger?: Logger | undefined
  /**
   * How much a call matters; `silent` leaves it out. By default, on a server: its own faults are errors, refused
   * permissions and limits warnings, the rest is `info`. On a client: faults of the server are warnings, other failures
   * `info`, and what went well is `debug`, as the server has a record of it.
   */
  readonly level?: ((outcome: Outcome, context: Context) => LogLevel) | undefined
  /** A call that took this long, in ms, is a warning at least and marked `slow`; none is by default. */
  readonly slowMs?: number | undefined
}

/** Refusals that somebody should look at when they are many. */
const NOTEWORTHY: readonly Code[] = [Code.PERMISSION_DENIED, Code.UNAUTHENTICATED, Code.RESOURCE_EXHAUSTED]

/**
 * Writes one record at the end of each call: method, code, peer, duration, request id, trace, and the error with its
 * reason, for faults with its causes and stack. Messages and metadata are never in it.
 */
export function logging(options: LoggingOptions = {}): Middleware {
  const { logger = createLogger(), level: levelOf = defaultLevel, slowMs = Number.POSITIVE_INFINITY } = options
  const end = (ended: Outcome, context: Context): void => {
    const slow = ended.durationMs >= slowMs
    const wanted = levelOf(ended, context)
    if (wanted === 'silent') return
    const level = slow && wanted !== 'error' ? 'warn' : wanted
    if (!logs(logger, level)) return
    logger[level](record(ended, context, slow), context.side === 'server' ? 'call served' : 'call made')
  }
  const observer = { end }
  return (next) =>
    reporting(function logging() {
      return observer
    }, next)
}

function defaultLevel({ code }: Outcome, { side }: Context): LogLevel {
  const fault = isServerFault(code)
  if (side === 'client') return code === Code.OK ? 'debug' : fault ? 'warn' : 'info'
  return fault ? 'error' : NOTEWORTHY.includes(code) ? 'warn' : 'info'
}

function record({ code, error, durationMs }: Outcome, context: Context, slow: boolean): Record<string, unknown> {
  const fields = callFields(context)
  fields['grpc.code'] = codeName(code)
  fields.duration_ms = Math.round(durationMs * 1000) / 1000
  if (context.peer) fields.peer = context.peer.address
  if (context.principal) fields.subject = context.principal.subject
  if (slow) fields.slow = true
  if (!error) return fields
  if (error.reason !== undefined) fields.reason = error.reason
  if (isServerFault(code)) fields.err = error
  else {
    fields.error = error.rawMessage
    if (error.internal !== undefined) fields.internal = error.internal
  }
  return fields
}
