import type { Clock } from '../resilience/clock.js'

/** Whether `done` resolves within the time. */
export function endsWithin(timeoutMs: number, done: Promise<void>, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const stop = clock.schedule(timeoutMs, () => resolve(false))
    void done.then(() => {
      stop()
      resolve(true)
    })
  })
}
