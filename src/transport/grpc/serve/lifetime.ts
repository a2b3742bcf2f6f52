import type { CancelTimer, Timers } from '../connect/timers.js'

/** How long a connection may live. */
export interface LifetimeOptions {
  readonly clock: Timers
  /** A number in [0, 1), drawn anew each time. */
  readonly random: () => number
  readonly maxIdleMs: number | undefined
  readonly maxAgeMs: number | undefined
  readonly maxAgeGraceMs: number | undefined
}

/** What becomes of a connection whose time is over. */
export interface LifetimeListener {
  /** Asks the client to leave, for a reason in gRPC's words. */
  retire(reason: 'max_idle' | 'max_age'): void
  /** Ends what still runs. */
  cutOff(): void
}

/**
 * Ends connections that are idle, or old: age is spread by a tenth to both sides, so that not all clients come back at once.
 *
 * @see https://github.com/grpc/proposal/blob/master/A9-server-side-conn-mgt.md
 */
export class Lifetime {
  readonly #options: LifetimeOptions
  readonly #listener: LifetimeListener
  /** Since when there is no call; `undefined` while there is one. */
  #idleSince: number | undefined
  #stopIdle: CancelTimer | undefined
  #stopAge: CancelTimer | undefined
  #maxIdleMs: number | undefined

  /** Nothing, if neither idleness nor age ends the connection. */
  static of(options: LifetimeOptions, listener: LifetimeListener): Lifetime | undefined {
    const { maxIdleMs, maxAgeMs } = options
    return maxIdleMs === undefined && maxAgeMs === undefined ? undefined : new Lifetime(options, listener)
  }

  constructor(options: LifetimeOptions, listener: LifetimeListener) {
    const { clock, random, maxAgeMs } = options
    this.#options = options
    this.#listener = listener
    this.#maxIdleMs = options.maxIdleMs
    this.onIdle()
    if (maxAgeMs !== undefined) this.#stopAge = clock.schedule(maxAgeMs * (0.9 + 0.2 * random()), () => this.#grow())
  }

  /** Sets how long the connection may be idle, unless that was said. To be called while there is a call. */
  limitIdle(maxIdleMs: number): void {
    this.#maxIdleMs ??= maxIdleMs
  }

  /** A call began. */
  onBusy(): void {
    this.#idleSince = undefined
  }

  /** The last call ended. */
  onIdle(): void {
    const { clock } = this.#options
    const maxIdleMs = this.#maxIdleMs
    if (maxIdleMs === undefined) return
    this.#idleSince = clock.now()
    // One timer is enough, however often calls come and go while it runs.
    this.#stopIdle ??= clock.schedule(maxIdleMs, () => this.#checkIdle(maxIdleMs))
  }

  /** The connection is closed. */
  close(): void {
    this.#stopIdle?.()
    this.#stopAge?.()
  }

  #checkIdle(maxIdleMs: number): void {
    const { clock } = this.#options
    this.#stopIdle = undefined
    if (this.#idleSince === undefined) return
    const leftMs = this.#idleSince + maxIdleMs - clock.now()
    if (leftMs <= 0) this.#listener.retire('max_idle')
    else this.#stopIdle = clock.schedule(leftMs, () => this.#checkIdle(maxIdleMs))
  }

  #grow(): void {
    const { clock, maxAgeGraceMs } = this.#options
    this.#listener.retire('max_age')
    if (maxAgeGraceMs !== undefined) this.#stopAge = clock.schedule(maxAgeGraceMs, () => this.#listener.cutOff())
  }
}
