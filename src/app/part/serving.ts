import type { Health } from '../../observability/health.js'
import type { Instance, Registrar, Registration } from '../../registry/registry.js'
import type { Clock } from '../../resilience/clock.js'
import { sleep } from '../../resilience/sleep.js'
import type { Component } from './component.js'
import { within } from './within.js'

/** How an app tells others that it is there, and that it goes. */
export interface ServingInit {
  readonly health: Health
  /** Services that are `SERVING` while the app is ready. */
  readonly services: readonly string[]
  readonly registrar: Registrar | undefined
  /** The instance to register; asked once the servers listen. */
  instance(): Instance
  readonly registerTimeoutMs: number
  /** How long to go on serving after the registration is gone, so that clients can notice. */
  readonly propagationDelayMs: number
  readonly clock: Clock
}

/** The time between readiness and its end: first ready then registered, and the same in reverse. */
export class Serving implements Component {
  readonly name = 'registration'
  readonly stopTimeoutMs: number
  readonly #init: ServingInit
  /** The life of the registration; only `stop` ends it. */
  readonly #life = new AbortController()
  #registration: Registration | undefined

  constructor(init: ServingInit) {
    this.#init = init
    this.stopTimeoutMs = init.registerTimeoutMs + init.propagationDelayMs + 1000
    for (const service of ['', ...init.services]) init.health.set(service, 'NOT_SERVING')
  }

  async start(signal: AbortSignal): Promise<void> {
    const { health, services } = this.#init
    for (const service of ['', ...services]) health.set(service, 'SERVING')
    try {
      await this.#register(signal)
    } catch (error) {
      health.shutdown()
      throw error
    }
  }

  async stop(): Promise<void> {
    const { health, registerTimeoutMs, propagationDelayMs, clock } = this.#init
    health.shutdown()
    try {
      await within(registerTimeoutMs, async () => this.#registration?.[Symbol.asyncDispose](), clock)
    } finally {
      this.#life.abort()
      if (propagationDelayMs > 0) await sleep(propagationDelayMs, undefined, clock)
    }
  }

  async #register(signal: AbortSignal): Promise<void> {
    const { registrar, registerTimeoutMs, clock } = this.#init
    if (!registrar) return
    const giveUp = (): void => this.#life.abort(signal.reason)
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      const instance = this.#init.instance()
      const register = (): Promise<Registration> => registrar.register(instance, this.#life.signal)
      this.#registration = await within(registerTimeoutMs, register, clock)
    } catch (error) {
      this.#life.abort(error)
      throw error
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }
}
