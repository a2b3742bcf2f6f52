import type { JWTVerifyGetKey } from 'jose'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'

/** Where keys are published, and how often they may be asked for. */
export interface RemoteKeySetOptions {
  /** Asks for the keys, and makes them searchable. */
  fetch(): Promise<JWTVerifyGetKey>
  /** How long no further request is made after one, in ms, whatever keys are asked for. */
  readonly cooldownMs: number
  /** After this time the keys are asked for anew, in ms. */
  readonly maxAgeMs: number
}

/** While there are no keys at all every call fails, so the next try comes soon. */
const RETRY_MS = 1000

/**
 * A published set of keys (JWKS) that outlasts the outages of who publishes it: keys are used until others come, aged ones
 * are replaced behind the back of calls, and only a key that is not known makes a call wait for a request, at most one in
 * a cool-down.
 */
export class RemoteKeySet {
  readonly #options: RemoteKeySetOptions
  #keys: JWTVerifyGetKey | undefined
  #failure: unknown
  #staleAt = 0
  #notBefore = Number.NEGATIVE_INFINITY
  #pending: Promise<void> | undefined

  constructor(options: RemoteKeySetOptions) {
    this.#options = options
  }

  /** The key for a token, at the time `now` in ms. Rejects with `UNAVAILABLE` while there are no keys at all. */
  async find(now: number, ...token: Parameters<JWTVerifyGetKey>): Promise<Awaited<ReturnType<JWTVerifyGetKey>>> {
    if (!this.#keys) await this.#refresh(now)
    else if (now >= this.#staleAt) void this.#refresh(now)
    const keys = this.#known()
    try {
      return await keys(...token)
    } catch (error) {
      if (!isUnknownKey(error)) throw error
      await this.#refresh(now)
      const fresh = this.#known()
      if (fresh === keys) throw error
      return fresh(...token)
    }
  }

  #known(): JWTVerifyGetKey {
    if (this.#keys) return this.#keys
    throw new RpcError(Code.UNAVAILABLE, 'credentials cannot be verified at present', {
      reason: 'KEYS_UNAVAILABLE',
      domain: 'tierkit',
      cause: this.#failure,
    })
  }

  /** Asks for the keys, unless it is too soon. Never rejects: what is known stays. */
  #refresh(now: number): Promise<void> {
    if (this.#pending) return this.#pending
    if (now < this.#notBefore) return Promise.resolve()
    this.#pending = this.#load(now).finally(() => {
      this.#pending = undefined
    })
    return this.#pending
  }

  async #load(now: number): Promise<void> {
    const { fetch, cooldownMs, maxAgeMs } = this.#options
    try {
      this.#keys = await fetch()
      this.#staleAt = now + maxAgeMs
    } catch (error) {
      this.#failure = error
    }
    this.#notBefore = now + (this.#keys ? cooldownMs : Math.min(RETRY_MS, cooldownMs))
  }
}

function isUnknownKey(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_JWKS_NO_MATCHING_KEY'
}
