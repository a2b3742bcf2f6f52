import type { Socket } from 'node:net'
import type { Timers } from './timers.js'

/** How long the other side may take to close a socket on which all was said, in ms. */
const LINGER_MS = 5000

/** Closes a socket whose connection is over, if the other side does not. */
export function linger(socket: Socket, clock: Timers): void {
  const stop = clock.schedule(LINGER_MS, () => socket.destroy())
  socket.once('close', stop)
}
