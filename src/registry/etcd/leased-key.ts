import { sleep } from '../../resilience/sleep.js'
import { Scope } from '../scope.js'
import type { Lease } from './etcd-connection.js'
import type { EtcdSession } from './etcd-session.js'
import { failureOf, RetryPace } from './failure.js'
import { watchKeys } from './watch-keys.js'

/** How soon a renewal that failed is tried again, in ms. */
const RENEW_AGAIN_MS = 500

/**
 * A key that stays in etcd for as long as this process wants it there: on a lease that is renewed each third of its time,
 * replaced by a new one when it is lost, for ever; and put back when somebody deletes it.
 */
export class LeasedKey {
  readonly #session: EtcdSession
  readonly #key: Buffer
  readonly #value: Buffer
  readonly #trouble: string
  readonly #pace: RetryPace
  #lease: Lease | undefined

  constructor(session: EtcdSession, key: string, value: string) {
    this.#session = session
    this.#key = Buffer.from(key)
    this.#value = Buffer.from(value)
    this.#trouble = `cannot register '${key}'`
    this.#pace = new RetryPace(session.clock, session.random)
  }

  /** Keeps the key there until `life` aborts, then removes it; calls `visible` when it is there. Never rejects. */
  async keep(life: AbortSignal, visible: () => void): Promise<void> {
    while (!life.aborted) {
      try {
        await this.#holdLease(life, visible)
      } catch (error) {
        if (life.aborted) break
        this.#session.troubles.report(this.#trouble, error)
        await this.#pace.afterFailure(error, life)
      }
    }
    await this.#revoke()
  }

  /** Takes a lease and holds it until the end; resolves as soon as it is lost. */
  async #holdLease(life: AbortSignal, visible: () => void): Promise<void> {
    const { connection, clock, ttlMs } = this.#session
    const askedAt = clock.now()
    this.#lease = await connection.grant(ttlMs)
    const lease = this.#lease
    const scope = new Scope(life)
    try {
      await Promise.race([this.#renew(lease, askedAt, scope.signal), this.#guard(lease, visible, scope.signal)])
      if (!life.aborted) this.#lease = undefined
    } finally {
      scope.end()
    }
  }

  /** Renews a lease until the end; resolves as soon as it is lost, by etcd's word or because its time is over. Never rejects. */
  async #renew(lease: Lease, askedAt: number, signal: AbortSignal): Promise<void> {
    const { connection, clock, troubles } = this.#session
    let delayMs = lease.ttlMs / 3
    let expiresAt = askedAt + lease.ttlMs
    while (await slept(sleep(Math.min(delayMs, Math.max(0, expiresAt - clock.now())), signal, clock))) {
      const now = clock.now()
      if (now >= expiresAt) return
      try {
        const leftMs = await connection.keepAlive(lease)
        if (leftMs <= 0) return
        delayMs = leftMs / 3
        expiresAt = now + leftMs
      } catch (error) {
        if (signal.aborted || failureOf(error) === 'lease-lost') return
        troubles.report(this.#trouble, error)
        delayMs = RENEW_AGAIN_MS
      }
    }
  }

  /** Puts the key on a lease, and again when it is deleted, until the end; resolves as soon as the lease is lost. */
  async #guard(lease: Lease, visible: () => void, signal: AbortSignal): Promise<void> {
    const { troubles } = this.#session
    while (!signal.aborted) {
      try {
        const revision = await this.#assert(lease)
        if (signal.aborted) return
        troubles.over(this.#trouble)
        this.#pace.worked()
        visible()
        await this.#untilDeleted(revision, signal)
      } catch (error) {
        if (signal.aborted || failureOf(error) === 'lease-lost') return
        troubles.report(this.#trouble, error)
        await this.#pace.afterFailure(error, signal)
      }
    }
  }

  /** Sees to it that the key is there; returns a revision at which it was. */
  async #assert(lease: Lease): Promise<bigint> {
    const { connection } = this.#session
    const { kvs, header } = await connection.range({ key: this.#key })
    if (kvs[0]?.lease === lease.id) return BigInt(header.revision)
    return connection.put({ key: this.#key, value: this.#value, lease: lease.id })
  }

  async #untilDeleted(after: bigint, signal: AbortSignal): Promise<void> {
    const { connection, clock, timeoutMs } = this.#session
    const scope = new Scope(signal)
    const watch = { connection, clock, timeoutMs, key: this.#key, after, established: () => {} }
    try {
      await watchKeys(
        { ...watch, changed: (events) => void (events.some(({ type }) => type === 'Delete') && scope.end()) },
        scope.signal,
      )
    } finally {
      scope.end()
    }
  }

  /** Deletes the key with its lease; where etcd does not answer, the lease runs out by itself. */
  async #revoke(): Promise<void> {
    const { connection, troubles } = this.#session
    const lease = this.#lease
    if (!lease) return
    const trouble = `cannot deregister '${this.#key}'`
    await connection
      .revoke(lease)
      .catch((error) => (failureOf(error) === 'unreachable' ? connection.revoke(lease) : Promise.reject(error)))
      .catch((error: unknown) => failureOf(error) !== 'lease-lost' && troubles.report(trouble, error))
  }
}

function slept(sleeping: Promise<void>): Promise<boolean> {
  return sleeping.then(
    () => true,
    () => false,
  )
}
