import { createServer, type Server as Listener } from 'node:net'
import type { Binding } from '../../endpoint/serve.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { systemClock } from '../../resilience/clock.js'
import { Roster } from '../../resilience/roster.js'
import { endsWithin } from '../ends-within.js'
import type { GrpcServerOptions } from '../grpc-options.js'
import { DEFAULT_MAX_CONNECTIONS, listenOn } from '../grpc-wire/address/listen-on.js'
import { DEFAULT_MAX_RECEIVE_BYTES } from '../grpc-wire/compression.js'
import { DEFAULT_MAX_HEADER_BYTES } from '../grpc-wire/frame/header-budget.js'
import type { Address, Server } from '../transport.js'
import { Connections } from './engine/connections.js'
import { type IncomingStream, type ServerEngine, startServerEngine } from './engine/server-engine.js'
import { type CallScope, ServerCall } from './server-call.js'
import { judgeRequest } from './wire.js'

/** How long connections may take to bring the last statuses to their clients, in ms. */
const GOODBYE_MS = 500

/**
 * Serves gRPC on @grpc/grpc-js. The first GOAWAY of a drain refuses no call; what grpc-js does otherwise than the
 * protocol says is in `docs/grpc-js-deviations.md`.
 */
export function grpcJsServer(options: GrpcServerOptions = {}): Server {
  return new GrpcJsServer(options)
}

type Phase = 'new' | 'serving' | 'draining' | 'closed'

class GrpcJsServer implements Server {
  readonly #options: GrpcServerOptions
  readonly #scope: CallScope
  readonly #listener: Listener = createServer({ noDelay: true })
  readonly #connections = new Connections()
  readonly #bindings = new Map<string, Binding>()
  #engine: ServerEngine | undefined
  #phase: Phase = 'new'
  #closed: Promise<void> | undefined

  constructor(options: GrpcServerOptions) {
    this.#options = options
    this.#scope = {
      clock: options.clock ?? systemClock,
      maxReceiveBytes: options.maxReceiveBytes ?? DEFAULT_MAX_RECEIVE_BYTES,
      maxSendBytes: options.maxSendBytes ?? Number.POSITIVE_INFINITY,
      gzip: options.gzip ?? false,
      calls: new Roster(),
    }
  }

  async listen(bindings: readonly Binding[]): Promise<Address> {
    if (this.#phase !== 'new') throw new Error('this gRPC server has listened before: make a new one')
    this.#phase = 'serving'
    try {
      for (const binding of bindings) this.#bind(binding)
      const engine = this.#start()
      this.#engine = engine
      this.#listener.on('connection', (socket) => {
        this.#connections.addSocket(socket)
        engine.connect(socket)
      })
      const { host = '0.0.0.0', port = 0, tls, maxConnections = DEFAULT_MAX_CONNECTIONS } = this.#options
      this.#listener.maxConnections = maxConnections
      return await listenOn(this.#listener, { host, port, scheme: tls ? 'grpcs' : 'grpc' })
    } catch (thrown) {
      await this.close()
      throw thrown
    }
  }

  async drain(timeoutMs: number): Promise<void> {
    const { clock } = this.#scope
    if (this.#phase === 'serving') {
      this.#phase = 'draining'
      this.#listener.close()
      this.#connections.retire()
    }
    const gone = this.#connections.whenNone()
    if (await endsWithin(timeoutMs, gone, clock)) return
    this.#connections.close()
    for (const call of this.#scope.calls.members())
      call.cancel(new RpcError(Code.UNAVAILABLE, 'the server is shutting down'))
    if (await endsWithin(GOODBYE_MS, gone, clock)) return
    this.#connections.destroy()
    await gone
  }

  close(): Promise<void> {
    this.#closed ??= this.#shutDown()
    return this.#closed
  }

  async #shutDown(): Promise<void> {
    this.#phase = 'closed'
    this.#listener.close()
    await this.drain(0)
    this.#connections.destroy()
    this.#engine?.stop()
  }

  #bind(binding: Binding): void {
    const { path } = binding.method
    if (this.#bindings.has(path)) throw new Error(`the method ${path} is bound twice`)
    this.#bindings.set(path, binding)
  }

  #start(): ServerEngine {
    return startServerEngine({
      options: this.#options,
      maxHeaderBytes: this.#options.maxHeaderBytes ?? DEFAULT_MAX_HEADER_BYTES,
      onSession: (session) => this.#connections.addSession(session),
      onStream: (incoming) => this.#receive(incoming),
    })
  }

  #receive(incoming: IncomingStream): void {
    const { stream, session, headers } = incoming
    const request = judgeRequest(headers, this.#bindings)
    if ('binding' in request) {
      const connection = this.#connections.of(session)
      new ServerCall(this.#scope, { incoming, request, connection }).start()
      return
    }
    // What becomes of a stream that is not wanted is of no interest.
    stream.on('error', () => {})
    stream.respond(request.answer, { endStream: true })
    stream.resume()
  }
}
