import type { Socket } from 'node:net'
import type { ConnectionListener, Http2Connection } from '../../../http2/http2.js'
import { type BoundListener, bindSocket } from '../../../http2/socket/bind-socket.js'
import type { Clock } from '../../../resilience/clock.js'

/** How long the other side may take to close a socket on which all was said, in ms. */
const LINGER_MS = 5000

/** How a connection is made, and who hears of it. */
export interface Attachment<Machine extends Http2Connection> {
  readonly clock: Clock
  readonly listener: BoundListener
  readonly create: (listener: ConnectionListener) => Machine
}

/** Makes a connection that speaks over a socket, which is closed soon after the connection is over. */
export function attach<Machine extends Http2Connection>(socket: Socket, attachment: Attachment<Machine>): Machine {
  const { clock, listener, create } = attachment
  return bindSocket(socket, create, {
    ...listener,
    onClose: (error) => {
      const stop = clock.schedule(LINGER_MS, () => socket.destroy())
      socket.once('close', stop)
      listener.onClose(error)
    },
  })
}
