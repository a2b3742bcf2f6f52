import { type Clock, systemClock } from './clock.js'

/** Waits `delayMs`, keeping the process alive; rejects with the signal's reason as soon as it aborts. */
export function sleep(delayMs: number, signal?: AbortSignal, clock: Clock = systemClock): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason)
      return
    }
    const abort = (): void => {
      cancel()
      reject(signal?.reason)
    }
    const wake = (): void => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }
    const cancel = clock.schedule(delayMs, wake, true)
    signal?.addEventListener('abort', abort, { once: true })
  })
}
