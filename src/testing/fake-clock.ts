import type { Clock } from '../resilience/clock.js'

/** A clock that a test owns: time stands still until the test moves it. */
export interface FakeClock extends Clock {
  /**
   * Moves time on by `ms` and fires what falls due on the way, in order, each at its own time. Pending promises are let
   * run before, between and after, so that timers which they set within the span fire too.
   */
  advance(ms: number): Promise<void>
  /** How many timers are set and have not fired. */
  readonly pending: number
}

interface Timer {
  readonly at: number
  readonly fire: () => void
}

// Taken before a test can replace it: time here has nothing to do with the runner's own fake timers.
const { setImmediate } = globalThis

/** Makes a clock that shows `startMs`, 0 by default. */
export function createFakeClock(startMs = 0): FakeClock {
  let now = startMs
  const timers = new Set<Timer>()
  return {
    now: () => now,
    schedule(delayMs, fire) {
      const timer = { at: now + Math.max(0, delayMs), fire }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    async advance(ms) {
      const until = now + ms
      await settle()
      for (let timer = earliest(timers, until); timer; timer = earliest(timers, until)) {
        timers.delete(timer)
        now = Math.max(now, timer.at)
        timer.fire()
        await settle()
      }
      now = Math.max(now, until)
    },
    get pending() {
      return timers.size
    },
  }
}

/** The timer to fire next, if one is due by `until`; of several for the same time the one that was set first. */
function earliest(timers: Iterable<Timer>, until: number): Timer | undefined {
  let first: Timer | undefined
  for (const timer of timers) {
    if (timer.at <= until && (first === undefined || timer.at < first.at)) first = timer
  }
  return first
}

/** Resolves when every promise that can go on by itself has gone on. */
function settle(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}
