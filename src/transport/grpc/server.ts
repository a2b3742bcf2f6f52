import { createServer, type Server as Listener, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import type { Binding } from '../../endpoint/serve.js'
import { systemClock } from '../../resilience/clock.js'
import { endsWithin } from '../ends-within.js'
import type { GrpcServerOptions } from '../grpc-options.js'
import { DEFAULT_MAX_CONNECTIONS, listenOn } from '../grpc-wire/address/listen-on.js'
import type { ServerSnapshot } from '../snapshot.js'
import type { Address, Server, ServerTls } from '../transport.js'
import { GrpcConnections } from './serve/grpc-connections.js'

/** How long connections may take to bring the last statuses to their clients, in ms. */
const GOODBYE_MS = 500

/** How long TLS may take to be agreed on, in ms. */
const HANDSHAKE_MS = 10_000

/** Serves gRPC on tierkit's own HTTP/2, which is the fast engine. `channelOptions`, for other engines, mean nothing to it. */
export function grpcServer(options: GrpcServerOptions = {}): Server {
  return new GrpcServer(options)
}

type Phase = 'new' | 'serving' | 'draining' | 'closed'

class GrpcServer implements Server {
  readonly #options: GrpcServerOptions
  /** Sockets, of which some may still be shaking hands. */
  readonly #sockets = new Set<Socket>()
  #listener: Listener | undefined
  #connections: GrpcConnections | undefined
  #phase: Phase = 'new'
  #closed: Promise<void> | undefined

  constructor(options: GrpcServerOptions) {
    this.#options = options
  }

  async listen(bindings: readonly Binding[]): Promise<Address> {
    if (this.#phase !== 'new') throw new Error('this gRPC server has listened before: make a new one')
    this.#phase = 'serving'
    const { host = '0.0.0.0', port = 0, tls, maxConnections = DEFAULT_MAX_CONNECTIONS } = this.#options
    try {
      const connections = new GrpcConnections({ options: this.#options, bindings })
      const listener = createListener(tls, (socket) => connections.accept(socket))
      this.#connections = connections
      this.#listener = listener
      listener.maxConnections = maxConnections
      listener.on('connection', (socket: Socket) => this.#follow(socket))
      return await listenOn(listener, { host, port, scheme: tls ? 'grpcs' : 'grpc' })
    } catch (thrown) {
      await this.close()
      throw thrown
    }
  }

  async drain(timeoutMs: number): Promise<void> {
    const { clock = systemClock } = this.#options
    if (this.#phase === 'serving') {
      this.#phase = 'draining'
      this.#listener?.close()
      this.#connections?.retire()
    }
    const connections = this.#connections
    if (!connections) return
    const gone = connections.whenNone()
    if (await endsWithin(timeoutMs, gone, clock)) return
    connections.cancelCalls('the server is shutting down')
    if (await endsWithin(GOODBYE_MS, gone, clock)) return
    connections.destroy()
    await gone
  }

  snapshot(): ServerSnapshot | undefined {
    return this.#connections?.snapshot()
  }

  close(): Promise<void> {
    this.#closed ??= this.#shutDown()
    return this.#closed
  }

  async #shutDown(): Promise<void> {
    // What was not told to leave by a drain is told now.
    await this.drain(0)
    this.#phase = 'closed'
    this.#listener?.close()
    for (const socket of [...this.#sockets]) socket.destroy()
  }

  #follow(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }
}

function createListener(tls: ServerTls | undefined, accept: (socket: Socket) => void): Listener {
  if (!tls) return createServer({ noDelay: true }, accept)
  const { key, cert, clientCa } = tls
  const trust = clientCa === undefined ? {} : { ca: Buffer.from(clientCa), requestCert: true, rejectUnauthorized: true }
  const pair = { key: Buffer.from(key), cert: Buffer.from(cert) }
  try {
    const rules = {
      ALPNProtocols: ['h2'],
      minVersion: 'TLSv1.2',
      noDelay: true,
      handshakeTimeout: HANDSHAKE_MS,
    } as const
    const listener = createTlsServer({ ...pair, ...trust, ...rules })
    // Node leaves those open that take too long.
    listener.on('tlsClientError', (_, socket) => socket.destroy())
    return listener.on('secureConnection', (socket: TLSSocket) => {
      // What was not agreed upon is not spoken (RFC 9113, 3.2).
      if (socket.alpnProtocol === 'h2') accept(socket)
      else socket.destroy()
    })
  } catch (cause) {
    throw new Error(`the key or a certificate of the gRPC server cannot be used: ${(cause as Error).message}`, {
      cause,
    })
  }
}
