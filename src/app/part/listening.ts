import type { Binding } from '../../endpoint/serve.js'
import type { Clock } from '../../resilience/clock.js'
import type { Address } from '../../transport/transport.js'
import type { AppServer } from '../servers.js'
import type { Component } from './component.js'
import { within } from './within.js'

/** What the servers of an app serve, and how they end. */
export interface ListeningInit {
  readonly servers: readonly AppServer[]
  readonly bindings: readonly Binding[]
  /** Health, and reflection if it was asked for: added where a server speaks gRPC. */
  readonly grpcBindings: readonly Binding[]
  readonly drainTimeoutMs: number
  /** Aborted when the servers begin to drain. */
  readonly stopping: AbortController
  readonly clock: Clock
}

/** How long past its time a drain, and then a close, may take before the server is left alone. */
const GRACE_MS = 500

/** The servers of an app as one part: they listen, and are drained, at the same time. */
export class Listening implements Component {
  readonly name = 'servers'
  readonly stopTimeoutMs: number
  readonly #init: ListeningInit
  #addresses: readonly Address[] = []

  constructor(init: ListeningInit) {
    this.#init = init
    this.stopTimeoutMs = init.drainTimeoutMs + 2 * GRACE_MS
  }

  /** Where the servers listen, in the order of the options. */
  get addresses(): readonly Address[] {
    return this.#addresses
  }

  async start(): Promise<void> {
    const { servers, bindings, grpcBindings } = this.#init
    const listening = await Promise.allSettled(
      servers.map((server) => server.listen(server.servesHealth ? [...bindings, ...grpcBindings] : bindings)),
    )
    const failed = listening.find((result) => result.status === 'rejected')
    if (failed) {
      await this.#closeAll()
      throw failed.reason
    }
    this.#addresses = listening.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  }

  async stop(): Promise<void> {
    const { servers, drainTimeoutMs, stopping, clock } = this.#init
    stopping.abort()
    const drain = (server: AppServer): Promise<void> =>
      within(drainTimeoutMs + GRACE_MS, () => server.drain(drainTimeoutMs), clock)
    const drained = await Promise.allSettled(servers.map(drain))
    throwFailures([...drained, ...(await this.#closeAll())])
  }

  #closeAll(): Promise<readonly PromiseSettledResult<void>[]> {
    return Promise.allSettled(this.#init.servers.map((server) => server.close()))
  }
}

function throwFailures(results: readonly PromiseSettledResult<void>[]): void {
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
  if (reasons.length > 1) throw new AggregateError(reasons, reasons.map(String).join('; '))
  if (reasons.length === 1) throw reasons[0]
}
