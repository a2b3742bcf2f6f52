import { EventEmitter } from 'node:events'
import type CircuitBreaker from 'opossum'
import { lazyPackage } from '../../codec/library/lazy-package.js'
import type { Clock } from '../../resilience/clock.js'
import type { Verdict } from './verdict.js'

/** Whether calls pass a circuit: all, none, or one to try. */
export type CircuitState = 'closed' | 'open' | 'half_open'

/** When a circuit opens, and for how long. */
export interface CircuitInit {
  readonly errorThresholdPercentage: number
  readonly volumeThreshold: number
  readonly windowMs: number
  readonly resetTimeoutMs: number
  readonly clock: Clock
  /** Told of each change of state. Must not throw. */
  changed(from: CircuitState, to: CircuitState): void
}

/** A circuit at one moment. Times are in ms since 1970. */
export interface CircuitSnapshot {
  readonly state: CircuitState
  /** When it came to this state. */
  readonly since: number
  /** When it was closed for the last time; `undefined` while it is. */
  readonly openedAt: number | undefined
  /** Calls within the window that count; of an open circuit those that opened it. */
  readonly calls: number
  /** How many of them failed. */
  readonly failures: number
  /** Calls refused since `openedAt`. */
  readonly refused: number
  /** When an open circuit lets a call through to try. */
  readonly retryAt: number | undefined
}

/** What the types of opossum leave out: its counts can be added to. */
type Breaker = CircuitBreaker<[failed: boolean], void> & { readonly status: { increment(count: 'fires'): void } }

/** Slices that the window of failures is kept in. */
const SLICES = 10
const DONE = Promise.resolve()
const FAILED = new Error('the call failed')

/**
 * A circuit of opossum, which keeps the window, the threshold and the changes of state. Its time is that of the clock, so
 * it has no timers; it hears of a call when that has ended, and only of what counts. What comes of a call that began
 * before the last change of state is too late to count. A closed circuit forgets what opened it.
 */
export class Circuit {
  readonly #init: CircuitInit
  readonly #rotations = new EventEmitter()
  #breaker: Breaker
  #state: CircuitState = 'closed'
  /** Grows with each change of state and each probe. Results of an earlier one are late. */
  #epoch = 0
  #rotatedAt: number
  #since: number
  #openedAt: number | undefined
  #opening: Pick<CircuitSnapshot, 'calls' | 'failures'> = { calls: 0, failures: 0 }
  #refused = 0
  #openUntil = 0
  #probeUntil = 0

  constructor(init: CircuitInit) {
    this.#init = init
    this.#rotatedAt = init.clock.now()
    this.#since = this.#rotatedAt
    this.#breaker = this.#make({ closed: true, halfOpen: false })
  }

  get state(): CircuitState {
    return this.#state
  }

  /** Lets a call through: what it is to be recorded with, or `undefined` if it must not be made. */
  admit(): number | undefined {
    if (this.#state === 'closed') return this.#epoch
    const now = this.#init.clock.now()
    if (this.#state === 'open') {
      if (now < this.#openUntil) return this.#refuse()
      this.#breaker = this.#make({ closed: false, halfOpen: true })
      this.#become('half_open')
    } else if (now < this.#probeUntil) return this.#refuse()
    // A probe that hangs must not keep the circuit from ever closing: after a while another one goes.
    this.#probeUntil = now + this.#init.resetTimeoutMs
    this.#epoch += 1
    return this.#epoch
  }

  /** Takes note of how a call ended. Success and failure count; to close a half-open circuit any answer is enough. */
  record(admission: number, verdict: Verdict): void {
    if (admission !== this.#epoch) return
    const probe = this.#state === 'half_open'
    if (verdict === 'failure') this.#tell(true)
    else if (verdict === 'success' || (probe && verdict === 'answer')) this.#tell(false)
    else if (probe) this.#probeUntil = 0
  }

  /** What it does now. */
  snapshot(): CircuitSnapshot {
    const state = this.#state
    if (state !== 'open') this.#rotate()
    const counts = state === 'open' ? this.#opening : this.#counts()
    const retryAt = state === 'open' ? this.#openUntil : undefined
    return { state, since: this.#since, openedAt: this.#openedAt, ...counts, refused: this.#refused, retryAt }
  }

  /** Ends the circuit. */
  close(): void {
    this.#breaker.shutdown()
  }

  #refuse(): undefined {
    this.#refused += 1
  }

  #counts(): Pick<CircuitSnapshot, 'calls' | 'failures'> {
    const { fires, failures } = this.#breaker.stats
    return { calls: fires, failures }
  }

  #tell(failed: boolean): void {
    this.#rotate()
    // While the circuit is closed a success changes nothing but the count of calls, and `fire` keeps a record of each.
    if (!failed && this.#state === 'closed') this.#breaker.status.increment('fires')
    else this.#breaker.fire(failed).catch(() => {})
  }

  #make(state: { closed: boolean; halfOpen: boolean }): Breaker {
    const { errorThresholdPercentage, volumeThreshold, windowMs, resetTimeoutMs } = this.#init
    const options = {
      errorThresholdPercentage,
      volumeThreshold,
      rollingCountTimeout: windowMs,
      rollingCountBuckets: SLICES,
      resetTimeout: resetTimeoutMs,
      rotateBucketController: this.#rotations,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      timeout: false as const,
      // Not in the types of opossum, but in its documentation.
      state,
    }
    const Opossum = lazyPackage<typeof CircuitBreaker>('opossum')
    const breaker = new Opossum(report, options) as Breaker
    breaker.on('close', () => this.#become('closed'))
    breaker.on('open', () => {
      this.#opening = this.#counts()
      // With its timer: when the circuit may be tried again is read off the clock.
      breaker.shutdown()
      this.#openUntil = this.#init.clock.now() + resetTimeoutMs
      this.#become('open')
    })
    return breaker
  }

  #become(state: CircuitState): void {
    const from = this.#state
    this.#state = state
    this.#since = this.#init.clock.now()
    this.#epoch += 1
    if (state === 'closed') {
      this.#openedAt = undefined
      this.#refused = 0
    } else this.#openedAt ??= this.#since
    this.#init.changed(from, state)
  }

  /** Moves the window on to now. */
  #rotate(): void {
    const sliceMs = this.#init.windowMs / SLICES
    const slices = Math.floor((this.#init.clock.now() - this.#rotatedAt) / sliceMs)
    this.#rotatedAt += slices * sliceMs
    for (let slice = Math.min(slices, SLICES); slice > 0; slice -= 1) this.#rotations.emit('rotate')
  }
}

/** What the circuit guards, as far as opossum knows: the news that a call went well or failed. */
function report(failed: boolean): Promise<void> {
  // Thrown, not rejected: the circuit then opens at once, before the next call asks.
  if (failed) throw FAILED
  return DONE
}
