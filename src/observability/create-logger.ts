import type pino from 'pino'
import { lazyPackage } from '../codec/library/lazy-package.js'
import { ambientFields, errorFields } from './log-fields.js'
import type { Logger, LogLevel } from './logger.js'
import { REDACTED, redact, SECRET_KEYS } from './redact.js'

/** What a logger writes, and where to. */
export interface LoggerOptions {
  /** Name of the service, in every record as `service.name`. */
  readonly name?: string | undefined
  /** Version of the service, in every record as `service.version`. */
  readonly version?: string | undefined
  /** The least level that is written; `info` by default. */
  readonly level?: LogLevel | undefined
  /** Further secrets, as paths into a record: `['card.number', 'users[*].email']`. */
  readonly redact?: readonly string[] | undefined
  /** Further fields of every record. */
  readonly fields?: Readonly<Record<string, unknown>> | undefined
  /** Where records go; standard output by default, written at once. */
  readonly destination?: LogDestination | undefined
}

/** Takes records: a stream of Node, say. */
export interface LogDestination {
  /** Gets a record as one line of JSON with its line break. */
  write(line: string): void
}

/**
 * Makes a logger that writes JSON lines through pino. Records written while a call is served carry `trace_id`, `span_id`,
 * `trace_flags`, `request_id` and the method, without anyone passing them on. Credentials, cookies and `-bin` metadata are
 * redacted by their keys, at any depth.
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { name, version, level = 'info', redact: paths = [], fields, destination } = options
  const create = lazyPackage<typeof pino>('pino')
  const settings: pino.LoggerOptions = {
    level,
    base: { ...(name && { 'service.name': name }), ...(version && { 'service.version': version }), ...fields },
    timestamp: create.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: redact },
    serializers: { err: errorFields, error: errorFields },
    // Fields of children do not pass through `formatters.log`, hence the same keys here.
    redact: { paths: [...SECRET_KEYS.map((key) => `["${key}"]`), ...paths], censor: REDACTED },
    mixin: ambientFields,
  }
  return destination ? create(settings, destination) : create(settings)
}
