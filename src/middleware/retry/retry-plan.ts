import type { Context } from '../../endpoint/context.js'
import { Code } from '../../error/code.js'
import type { RpcError } from '../../error/rpc-error.js'
import { pushbackOf } from './pushback.js'
import type { RetryPolicy } from './retry-policy.js'

/** Most retries of a call that was never sent. They load nobody, but must not go on for ever. */
const MAX_TRANSPARENT = 5

/** Decides, for one call, whether and when there is a next attempt. */
export class RetryPlan {
  readonly #policy: RetryPolicy
  #attempts = 1
  #transparent = 0
  #backoffs = 0

  constructor(policy: RetryPolicy) {
    this.#policy = policy
  }

  /** Attempts before the next one, those that were never sent left out. */
  get previous(): number {
    return this.#attempts - 1
  }

  /** True if an error says that its attempt was never sent. What a local limit refused is not to be tried again. */
  static unsent(error: RpcError): boolean {
    return error.neverSent && error.code === Code.UNAVAILABLE
  }

  /** The attempt succeeded. */
  succeeded(): void {
    if (this.#policy.idempotent) this.#policy.budget?.succeeded()
  }

  /** How long to wait before the next attempt after this error, in ms; `undefined` for none. */
  delayMs(error: RpcError, context: Context): number | undefined {
    if (RetryPlan.unsent(error)) return this.#unsentDelayMs(error)
    const { attempts, budget, codes, idempotent } = this.#policy
    const pushback = pushbackOf(error, context)
    if (!idempotent || (pushback === undefined && !codes.has(error.code))) return undefined
    budget?.failed()
    if (pushback === 'never' || this.#attempts >= attempts || budget?.allows === false) return undefined
    this.#attempts += 1
    this.#backoffs = pushback === undefined ? this.#backoffs + 1 : 0
    return pushback ?? this.#policy.backoff.delayMs(this.#backoffs)
  }

  #unsentDelayMs({ reason }: RpcError): number | undefined {
    this.#transparent += 1
    if (this.#transparent > MAX_TRANSPARENT) return undefined
    // Where a breaker is open there is nothing to wait for: another instance may be picked, at once.
    if (this.#transparent === 1 || reason === 'CIRCUIT_OPEN') return 0
    return this.#policy.backoff.delayMs(this.#transparent - 1)
  }
}
