import type { Health } from '../observability/health.js'
import type { Instance } from '../registry/registry.js'
import type { Address } from '../transport/transport.js'

/** Where an app listens. */
export interface AppAddresses {
  /** Of the servers, in the order of the options. */
  readonly servers: readonly Address[]
  /** Of the admin server, if there is one. */
  readonly admin: Address | undefined
}

/** A process that serves: what `createApp` makes. */
export interface App {
  /** What the app is registered as; its endpoints are known once it has started. */
  readonly instance: Instance
  readonly health: Health
  /** Where the app listens, once it has started. */
  readonly addresses: AppAddresses | undefined
  /**
   * Starts: components, servers, readiness, registration, in this order. Resolves when all of it is done.
   *
   * If something fails, what has started is stopped again and the result rejects with an `AggregateError`: its `cause` is
   * what failed first, and its `errors` also hold what went wrong on the way back. An app starts once.
   */
  start(): Promise<AppAddresses>
  /**
   * Stops, in reverse: readiness off, registration gone, propagation delay, servers drained, components stopped. Each step
   * has a limit. May be called at any time and more than once; during the start it breaks the start off.
   *
   * Everything is stopped whatever fails on the way; the result then rejects with an `AggregateError` of all that did.
   */
  stop(): Promise<void>
  /**
   * Starts, waits for a signal (`SIGTERM` or `SIGINT`) or for `stop`, and stops. Made to be the last line of a program.
   *
   * After a signal the process ends by itself with exit code 0, or 1 if something failed while stopping; what still keeps
   * it alive half a second later is cut off. A second signal ends it at once with exit code 1.
   */
  run(): Promise<void>
}
