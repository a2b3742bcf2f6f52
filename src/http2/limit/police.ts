import type { Timers } from '../options.js'
import { Allowance } from './allowance.js'
import type { Limits } from './limits.js'

/** Frames that a DATA frame of ours may cause: two WINDOW_UPDATE, and a PING that measures. */
const answersPerFrame = 3

/** Counts what the other side does that costs us more than it costs it. */
export class Police {
  readonly #resets: Allowance
  readonly #idle: Allowance
  #credited = 0

  constructor(limits: Limits, timers: Timers) {
    this.#resets = new Allowance({ burst: limits.resetBurst, perSecond: limits.resetsPerSecond }, timers)
    this.#idle = new Allowance({ burst: limits.idleFrameBurst, perSecond: limits.idleFramesPerSecond }, timers)
  }

  /** A stream was reset by the other side, or for its fault; false if that was one too many. */
  admitsReset(): boolean {
    return this.#resets.spend()
  }

  /** A frame came that carries nothing; false if that was one too many. `dataFrames`: how many we ever sent. */
  admitsIdleFrame(dataFrames: number): boolean {
    this.#idle.give((dataFrames - this.#credited) * answersPerFrame)
    this.#credited = dataFrames
    return this.#idle.spend()
  }
}
