import { once } from 'node:events'
import { type AddressInfo, createServer, type Server as NetServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import type { ServerTls } from './transport.js'

/** How connections are taken. */
export interface ListenerInit {
  readonly tls: ServerTls | undefined
  /** What may be spoken over TLS, the best first, as ALPN names it. */
  readonly protocols: readonly string[]
  /** How long TLS may take to be agreed on, in ms; 0 is 10 s. */
  readonly handshakeTimeoutMs: number
  /** Most connections at a time; 0 is any number. */
  readonly maxConnections: number
  /** Takes a connection: with TLS, once that is agreed on. */
  accept(socket: Socket): void
}

/** Where to listen. */
export interface ListenAt {
  readonly host: string
  readonly port: number
  /** For the error that says where it could not be. */
  readonly scheme: string
}

/** Listens on a port, and knows every socket that came in by it, those included that still shake hands. */
export class Listener {
  readonly #server: NetServer
  readonly #sockets = new Set<Socket>()
  #closed: Promise<void> | undefined

  /** Throws `FAILED_PRECONDITION` if the key or a certificate cannot be used. */
  constructor(init: ListenerInit) {
    const { tls, maxConnections, accept } = init
    const take = (socket: Socket): void => {
      this.#follow(socket)
      accept(socket)
    }
    this.#server = tls ? createSecure(init, tls, take) : createServer({ allowHalfOpen: true, noDelay: true }, take)
    if (maxConnections > 0) this.#server.maxConnections = maxConnections
    if (tls) this.#server.on('connection', (socket: Socket) => this.#follow(socket))
  }

  /** Starts to listen; resolves to the port. Rejects with `UNAVAILABLE`, naming the address, if it cannot be had. */
  async listen({ host, port, scheme }: ListenAt): Promise<number> {
    const server = this.#server
    try {
      server.listen({ host, port })
      await once(server, 'listening')
    } catch (cause) {
      const problem = (cause as Error).message
      throw new RpcError(Code.UNAVAILABLE, `cannot listen on ${scheme}://${host}:${port}: ${problem}`, { cause })
    }
    // Whatever goes wrong with one connection later must not end the process.
    server.on('error', () => {})
    return (server.address() as AddressInfo).port
  }

  /** Takes no further connections; resolves when the last one is gone. */
  stop(): Promise<void> {
    this.#closed ??= new Promise((resolve) => this.#server.close(() => resolve()))
    return this.#closed
  }

  /** Closes every connection. */
  destroy(): void {
    for (const socket of [...this.#sockets]) socket.destroy()
  }

  #follow(socket: Socket): void {
    this.#sockets.add(socket)
    // Whoever serves it hears of errors too; while nobody does they are nobody's.
    socket.on('error', () => {})
    socket.once('close', () => this.#sockets.delete(socket))
  }
}

/** The URL of where a server listens. */
export function urlOf({ scheme, host, port }: ListenAt): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function createSecure(
  init: ListenerInit,
  { key, cert, clientCa }: ServerTls,
  take: (socket: Socket) => void,
): NetServer {
  const text = (pem: string | Uint8Array): string | Buffer => (typeof pem === 'string' ? pem : Buffer.from(pem))
  const trust = clientCa === undefined ? {} : { ca: text(clientCa), requestCert: true, rejectUnauthorized: true }
  try {
    const server = createTlsServer({
      ...trust,
      key: text(key),
      cert: text(cert),
      minVersion: 'TLSv1.2',
      ALPNProtocols: [...init.protocols],
      handshakeTimeout: init.handshakeTimeoutMs || 10_000,
      noDelay: true,
    })
    // Node leaves those open that take too long.
    server.on('tlsClientError', (_error, socket) => socket.destroy())
    return server.on('secureConnection', take)
  } catch (cause) {
    throw new RpcError(Code.FAILED_PRECONDITION, `tls: ${(cause as Error).message}`, { cause })
  }
}
