import type { Clock } from '../../kernel.js'
import type { HttpResponse } from './http-message.js'

/** Leaves a response that is written to its reader. One who does not read it cannot keep it in memory for ever. */
export function letGo(response: HttpResponse, clock: Clock, writeTimeoutMs: number): void {
  if (response.writableLength === 0 || writeTimeoutMs === 0) return
  const cancelTimer = clock.schedule(writeTimeoutMs, () => response.destroy())
  response.once('close', cancelTimer)
}
