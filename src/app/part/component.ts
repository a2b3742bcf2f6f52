/** Something that lives as long as the app: a connection pool, a consumer, a scheduler, telemetry. */
export interface Component {
  /** For messages: `database`. */
  readonly name: string
  /** Resolves when it can be used; what it throws ends the start of the app. `signal` aborts when the app is to stop. */
  start?(signal: AbortSignal): unknown
  /** Resolves when nothing of it is left. Called only if it has started. */
  stop?(): unknown
  /** How long it may take to stop, or to give up its start, before it is left alone, in ms. 10,000 by default. */
  readonly stopTimeoutMs?: number | undefined
}
