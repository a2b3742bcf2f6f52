import type { WebSocket } from 'ws'
import type { Clock } from '../../kernel.js'

/** How a client is looked after. */
export interface HeartbeatInit {
  readonly clock: Clock
  /** Time between two pings, in ms; 0 is never. */
  readonly everyMs: number
  /** True while an answer could not be heard. */
  isDeaf(): boolean
}

/** Pings a client, and cuts off one that has not been heard of between two pings. Returns how to stop. */
export function heartbeat(socket: WebSocket, { clock, everyMs, isDeaf }: HeartbeatInit): () => void {
  if (!(everyMs > 0)) return () => {}
  let heard = true
  const hear = (): void => {
    heard = true
  }
  const beat = (): void => {
    if (!heard && !isDeaf()) {
      socket.terminate()
      return
    }
    heard = isDeaf()
    if (socket.readyState === socket.OPEN) socket.ping()
    cancelTimer = clock.schedule(everyMs, beat)
  }
  let cancelTimer = clock.schedule(everyMs, beat)
  socket.on('pong', hear).on('message', hear).on('ping', hear)
  return () => cancelTimer()
}
