/** How much a record matters, least first; `silent` as a threshold lets nothing through. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Facts of a record: `{ orderId, err }`. An error belongs under `err`. */
export type LogFields = Readonly<Record<string, unknown>>

/** Writes a record: facts with an optional text, or a text alone. */
export interface LogMethod {
  (fields: LogFields, message?: string): void
  (message: string): void
}

/**
 * What tierkit needs of a logger. `createLogger` makes one; one of pino fits as it is, and any other can be adapted.
 */
export interface Logger {
  /** The threshold; may be set at any time. */
  level: string
  readonly trace: LogMethod
  readonly debug: LogMethod
  readonly info: LogMethod
  readonly warn: LogMethod
  readonly error: LogMethod
  /** A logger whose records all carry `fields`. It follows the level of its parent. */
  child(fields: LogFields): Logger
}

// `fatal` is a threshold of pino.
const RANK: Readonly<Record<string, number>> = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 }

/** True if a record of this level would be written; spares building it where not. */
export function logs(logger: Logger, level: Exclude<LogLevel, 'silent'>): boolean {
  return (RANK[level] ?? 0) >= (RANK[logger.level] ?? Number.POSITIVE_INFINITY)
}
