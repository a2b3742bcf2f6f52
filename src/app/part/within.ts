import type { Clock } from '../../resilience/clock.js'

/** Runs `run`, which may take `timeoutMs` and is not waited for any longer: the result then rejects. */
export async function within<T>(timeoutMs: number, run: () => T | Promise<T>, clock: Clock): Promise<T> {
  if (timeoutMs === Number.POSITIVE_INFINITY) return run()
  let cancel = (): void => {}
  const late = new Promise<never>((_, reject) => {
    cancel = clock.schedule(timeoutMs, () => reject(new Error(`it took longer than ${timeoutMs} ms`)))
  })
  try {
    return await Promise.race([(async () => run())(), late])
  } finally {
    cancel()
  }
}

/** An error that says where it comes from; what was thrown is its cause. */
export function named(where: string, cause: unknown): Error {
  return new Error(`${where}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
}
