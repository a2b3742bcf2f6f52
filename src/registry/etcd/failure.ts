import { Backoff } from '../../resilience/backoff.js'
import type { Clock, Random } from '../../resilience/clock.js'
import { sleep } from '../../resilience/sleep.js'

/** What a failed request tells of what to do next. */
export type EtcdFailure =
  /** The member did not answer, or could not: try again, or try another. */
  | 'unreachable'
  /** The lease ended: whatever hung on it is gone. */
  | 'lease-lost'
  /** The token is no longer valid: authenticate again. */
  | 'bad-token'
  /** These keys are not for this user. */
  | 'forbidden'
  /** etcd answered that it will not. */
  | 'refused'

/** gRPC codes, at the beginning of an error's text, that mean that the member is in trouble rather than the request. */
const TROUBLE = /^(1 CANCELLED|2 UNKNOWN|4 DEADLINE_EXCEEDED|8 RESOURCE_EXHAUSTED|13 INTERNAL|14 UNAVAILABLE)/

/**
 * Judges an error by its text: etcd3 turns errors into classes that keep neither code nor cause, and may be there twice.
 *
 * @see https://github.com/etcd-io/etcd/blob/main/api/v3rpc/rpctypes/error.go
 */
export function failureOf(error: unknown): EtcdFailure {
  const text = error instanceof Error ? error.message : String(error)
  if (text.includes('requested lease not found')) return 'lease-lost'
  if (/(invalid|outdated) auth token|revision of auth store is old/.test(text)) return 'bad-token'
  if (text.includes('permission denied')) return 'forbidden'
  if (/^\d+ [A-Z_]+:/.test(text)) return TROUBLE.test(text) ? 'unreachable' : 'refused'
  return text.includes('etcdserver:') ? 'refused' : 'unreachable'
}

/**
 * How fast something is tried again that must never be given up: at first soon, then every 10 s or so; every 3 s in an
 * outage, for it costs a member that is down nothing, and is to be known soon when it is up.
 */
export class RetryPace {
  readonly #usual: Backoff
  readonly #unreachable: Backoff
  readonly #clock: Clock
  #failures = 0

  constructor(clock: Clock, random: Random) {
    this.#usual = new Backoff({ initialMs: 500, maxMs: 10_000 }, random)
    this.#unreachable = new Backoff({ initialMs: 500, maxMs: 3_000 }, random)
    this.#clock = clock
  }

  /** It worked: the next failure is a first one again. */
  worked(): void {
    this.#failures = 0
  }

  /** Waits as long as this failure asks for, or until `signal` aborts. */
  async afterFailure(error: unknown, signal: AbortSignal): Promise<void> {
    this.#failures += 1
    const backoff = failureOf(error) === 'unreachable' ? this.#unreachable : this.#usual
    await sleep(backoff.delayMs(this.#failures), signal, this.#clock).catch(() => {})
  }
}
