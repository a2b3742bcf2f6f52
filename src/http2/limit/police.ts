import type { Timers } from '../options.js'
import { Allowance } from './allowance.js'
import type { Limits } from './limits.js'

/** Frames that a DATA frame of ours may cause: two WINDOW_UPDATE, and a PING that measures. */
const answersPerFrame = 3

/** Counts what the other side does that costs us more than it costs it. */
export class Police {
  readonly #limits: Limits
  readonly #timers: Timers
  #resets: Allowance | undefined
  #idle: Allowance | undefined
  #credited = 0
  #creditedStreams = 0

  constructor(limits: Limits, timers: Timers) {
    this.#limits = limits
    this.#timers = timers
  }

  /**
   * A stream was reset by the other side, or for its fault; false if that was one too many. `finished`: how many streams
   * ever ended in peace. Each pays for a reset: who gives up one call in ten is no attacker, however busy.
   */
  admitsReset(finished: number): boolean {
    const { resetBurst, resetsPerSecond } = this.#limits
    this.#resets ??= new Allowance({ burst: resetBurst, perSecond: resetsPerSecond }, this.#timers)
    this.#resets.give(finished - this.#creditedStreams)
    this.#creditedStreams = finished
    return this.#resets.spend()
  }

  /** A frame came that carries nothing; false if that was one too many. `dataFrames`: how many we ever sent. */
  admitsIdleFrame(dataFrames: number): boolean {
    const { idleFrameBurst, idleFramesPerSecond } = this.#limits
    this.#idle ??= new Allowance({ burst: idleFrameBurst, perSecond: idleFramesPerSecond }, this.#timers)
    this.#idle.give((dataFrames - this.#credited) * answersPerFrame)
    this.#credited = dataFrames
    return this.#idle.spend()
  }
}
