import { type CheckOptions, type HealthCheck, HealthChecks, type HealthReport } from './health-check.js'
import { HealthWatch } from './health-watch.js'
import type { ServingStatus, SettableStatus } from './serving-status.js'

/**
 * Whether this process, and each service in it, wants calls.
 *
 * The service `''` stands for the whole process. It is `SERVING` from the start, like in other gRPC implementations; an
 * app sets it to `NOT_SERVING` until it is up. Kubernetes asks for it, over gRPC or through the admin port.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
export class Health {
  readonly #statuses = new Map<string, SettableStatus>([['', 'SERVING']])
  readonly #watches = new Set<HealthWatch>()
  readonly #checks = new HealthChecks()
  #down = false

  /** Sets the status of a service. Ignored after `shutdown`. */
  set(service: string, status: SettableStatus): void {
    if (this.#down || this.#statuses.get(service) === status) return
    this.#statuses.set(service, status)
    this.#wake()
  }

  /** The status of a service; `undefined` if it was never set. */
  get(service: string): ServingStatus | undefined {
    return this.#statuses.get(service)
  }

  /** The status of every service that has one. */
  statuses(): ReadonlyMap<string, ServingStatus> {
    return new Map(this.#statuses)
  }

  /**
   * The status of a service: the present one at once, then one more after each change. A slow reader sees the latest only.
   * A service that was never set is `SERVICE_UNKNOWN` until it is. The stream ends after `shutdown`, or when `signal` aborts.
   */
  watch(service: string, signal?: AbortSignal): AsyncIterableIterator<ServingStatus> {
    const read = (): ServingStatus => this.#statuses.get(service) ?? 'SERVICE_UNKNOWN'
    const watch = new HealthWatch({ read, signal, over: () => this.#down, ended: () => this.#watches.delete(watch) })
    this.#watches.add(watch)
    return watch
  }

  /** Sets everything to `NOT_SERVING` for good; watches see that and end. */
  shutdown(): void {
    if (this.#down) return
    for (const service of this.#statuses.keys()) this.#statuses.set(service, 'NOT_SERVING')
    this.#down = true
    this.#wake()
  }

  /**
   * Adds a check that readiness (or, by option, liveness) depends on: of a database, say. A check that throws, rejects or
   * outlasts its time has failed. Returns how to remove it.
   *
   * Liveness must not depend on others: a check that fails there gets the process killed.
   */
  addCheck(name: string, check: HealthCheck, options?: CheckOptions): () => void {
    return this.#checks.add(name, check, options)
  }

  /** Whether the process wants calls: `''` is `SERVING` and every readiness check passes. */
  async ready(): Promise<HealthReport> {
    const { checks } = await this.#checks.run('readiness')
    const serving = { name: 'serving', ok: this.#statuses.get('') === 'SERVING', error: undefined }
    return { ok: serving.ok && checks.every((check) => check.ok), checks: [serving, ...checks] }
  }

  /** Whether the process is alive: every liveness check passes. Stays true while it drains. */
  live(): Promise<HealthReport> {
    return this.#checks.run('liveness')
  }

  #wake(): void {
    for (const watch of [...this.#watches]) watch.wake()
  }
}
