import type { Clock } from '../../kernel.js'
import type { HttpResponse } from './http-message.js'

/** What ends the wait for a reader. */
export interface RoomInit {
  /** Fires when the client has refused to read for too long; the result stops that. */
  schedule(fire: () => void): () => void
  /** Ends the wait with the call. */
  onCancel(listener: () => void): () => void
}

/** Resolves when a response has room for more, or nobody reads it. One who does not read for too long is cut off. */
export function untilRoom(response: HttpResponse, { schedule, onCancel }: RoomInit): Promise<void> {
  return new Promise((resolve) => {
    const stop: (() => void)[] = []
    const settle = (): void => {
      for (const one of stop.splice(0)) one()
      response.off('drain', settle).off('close', settle)
      resolve()
    }
    response.on('drain', settle).on('close', settle)
    stop.push(
      schedule(() => response.destroy()),
      onCancel(settle),
    )
    if (response.destroyed) settle()
  })
}

/** Leaves a response that is written to its reader. One who does not read it cannot keep it in memory for ever. */
export function letGo(response: HttpResponse, clock: Clock, writeTimeoutMs: number): void {
  if (response.writableLength === 0 || writeTimeoutMs === 0) return
  const cancelTimer = clock.schedule(writeTimeoutMs, () => response.destroy())
  response.once('close', cancelTimer)
}
