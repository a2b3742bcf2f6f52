import { AsyncResource } from 'node:async_hooks'
import { type Place, Roster } from './roster.js'

/** Cancels a timer. */
type Cancel = () => void

/** Arms a timer of its own for one thing. */
type Arm = (delayMs: number, fire: () => void) => Cancel

/** A timer that is far from due. */
interface Waiting {
  readonly dueMs: number
  readonly fire: () => void
  /** Where it waits. */
  place: Place<Waiting> | undefined
  /** How to cancel it once it has a timer of its own. */
  cancel: Cancel | undefined
}

const SECOND_MS = 1000
const MINUTE_MS = 60_000

/** Timers that are due so far ahead are kept here, in ms. */
export const FAR_MS = 2 * SECOND_MS

/**
 * Timers that will most likely be cancelled long before they are due, as those of deadlines are: a timer of the system
 * each would be the dearest part of many a call. They wait together, by the second or by the minute, and get timers of
 * their own when that begins.
 */
export class FarTimers {
  readonly #arm: Arm
  readonly #now: () => number
  readonly #groups = new Map<number, Roster<Waiting>>()
  // What waits together comes from many calls: none of them is the ambient one of what fires.
  readonly #outside = new AsyncResource('FarTimers')

  constructor(now: () => number, arm: Arm) {
    this.#now = now
    this.#arm = arm
  }

  /** Calls `fire` once after `delayMs`, at least `FAR_MS`. */
  schedule(delayMs: number, fire: () => void): Cancel {
    const now = this.#now()
    const waiting: Waiting = { dueMs: now + delayMs, fire, place: undefined, cancel: undefined }
    const widthMs = delayMs < 2 * MINUTE_MS ? SECOND_MS : MINUTE_MS
    const group = this.#groupAt(Math.floor(waiting.dueMs / widthMs) * widthMs, now)
    waiting.place = group.add(waiting)
    return () => {
      if (!waiting.place || !group.remove(waiting.place)) waiting.cancel?.()
      waiting.place = undefined
    }
  }

  #groupAt(startMs: number, now: number): Roster<Waiting> {
    const known = this.#groups.get(startMs)
    if (known) return known
    const group = new Roster<Waiting>()
    this.#groups.set(startMs, group)
    this.#outside.runInAsyncScope(this.#arm, undefined, startMs - now, () => this.#open(startMs, group))
    return group
  }

  /** What is left of a group is due soon. */
  #open(startMs: number, group: Roster<Waiting>): void {
    this.#groups.delete(startMs)
    for (const waiting of group.members()) {
      if (waiting.place) group.remove(waiting.place)
      const leftMs = waiting.dueMs - this.#now()
      waiting.cancel = leftMs < FAR_MS ? this.#arm(leftMs, waiting.fire) : this.schedule(leftMs, waiting.fire)
    }
  }
}
