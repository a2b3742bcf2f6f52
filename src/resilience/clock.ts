import { FAR_MS, FarTimers } from './far-timers.js'

/** Cancels a timer. Calling it twice, or after the timer fired, does nothing. */
export type CancelTimer = () => void

/** Where time comes from. Everything that waits or measures takes one, so that tests can own time. */
export interface Clock {
  /** Milliseconds since the Unix epoch, with fraction, that never run backwards within a process. */
  now(): number
  /**
   * Calls `fire` once after `delayMs`, which may exceed 2^31, and never before. The timer keeps the process alive only if
   * `keepAlive` says so: for what somebody waits for, not for limits on it.
   */
  schedule(delayMs: number, fire: () => void, keepAlive?: boolean): CancelTimer
}

/** The longest delay that a Node timer holds: 2^31 - 1 ms, 24.8 days. Longer ones are walked in steps. */
const MAX_TIMER_MS = 2_147_483_647

/** Timers exist in every JavaScript runtime, but not in the language's own types. */
declare function setTimeout(fire: () => void, delayMs: number): { unref?(): void }
declare function clearTimeout(timer: unknown): void
declare const performance: { readonly timeOrigin: number; now(): number }

/** Asked for once: it is a slow getter. */
const { timeOrigin } = performance

/** The real time of this process. */
export const systemClock: Clock = {
  now: () => timeOrigin + performance.now(),
  schedule(delayMs, fire, keepAlive = false) {
    return keepAlive || delayMs < FAR_MS ? arm(delayMs, fire, keepAlive) : far.schedule(delayMs, fire)
  },
}

const far = new FarTimers(() => performance.now(), arm)

function arm(delayMs: number, fire: () => void, keepAlive = false): CancelTimer {
  const due = performance.now() + delayMs
  let timer: { unref?(): void }
  const wait = (leftMs: number): void => {
    timer = setTimeout(check, Math.min(Math.max(0, leftMs), MAX_TIMER_MS))
    if (!keepAlive) timer.unref?.()
  }
  // Node counts whole milliseconds, and so comes up to two of them early.
  const check = (): void => {
    const leftMs = due - performance.now()
    if (leftMs > 0) wait(leftMs)
    else fire()
  }
  wait(delayMs)
  return () => clearTimeout(timer)
}

/** Where chance comes from: a number in [0, 1), like `Math.random`. */
export type Random = () => number
