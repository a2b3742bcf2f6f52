import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { ClientConnection } from '../../../src/http2/connection/client-connection.js'
import { ServerConnection } from '../../../src/http2/connection/server-connection.js'
import type { Http2Options } from '../../../src/http2/options.js'
import { bindSocket } from '../../../src/http2/socket/bind-socket.js'
import { systemClock } from '../../../src/resilience/clock.js'
import { Side } from './pair.js'

/** Without `onOutput`, and bound: what `bindSocket` takes. */
function heardBy(side: Side) {
  return {
    onStream: side.onStream.bind(side),
    onReady: () => side.onReady(),
    onGoaway: (code: number, debug: string) => side.onGoaway(code, debug),
    onBreach: (limit: string) => side.onBreach(limit),
    onClose: (error: Error | undefined) => side.onClose(error),
  }
}

/** A server on a socket of this machine. */
export class SocketServer {
  readonly connections: ServerConnection[] = []
  readonly sides: Side[] = []
  readonly sockets: Socket[] = []
  readonly #server: Server

  constructor(serve: Side['serve'], options: Partial<Http2Options> = {}) {
    this.#server = createServer((socket) => {
      const side = new Side()
      side.serve = serve
      this.sides.push(side)
      this.sockets.push(socket)
      const create = (listener: ConstructorParameters<typeof ServerConnection>[0]) =>
        new ServerConnection(listener, { timers: systemClock, ...options })
      this.connections.push(bindSocket(socket, create, heardBy(side)))
    })
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

/** A client on a socket. */
export class SocketClient {
  readonly side = new Side()
  readonly socket: Socket
  readonly connection: ClientConnection

  constructor(socket: Socket, options: Partial<Http2Options> = {}) {
    this.socket = socket
    this.connection = bindSocket(
      socket,
      (listener) => new ClientConnection(listener, { timers: systemClock, ...options }),
      heardBy(this.side),
    )
  }

  static async connect(port: number, options: Partial<Http2Options> = {}): Promise<SocketClient> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return new SocketClient(socket, options)
  }
}
