import type { Binding } from '../endpoint/serve.js'
import type { GrpcServerOptions } from '../transport/grpc-options.js'
import type { HttpServerOptions, HttpServing } from '../transport/http/options.js'
import type { ServerSnapshot } from '../transport/snapshot.js'
import type { Address, Server } from '../transport/transport.js'
import type { ServeOptions } from './one-port/serve-options.js'

/** A server as an app takes it: any `Server` will do. */
export interface AppServer extends Server {
  /** Whether the app adds the health service of gRPC to the services, and reflection if it has it. No by default. */
  readonly servesHealth?: boolean | undefined
  /** How it serves HTTP, which `/openapi.json` tells; `false` if it does not. Without it nothing is known. */
  readonly servesHttp?: HttpServing | false | undefined
}

/** How a gRPC server listens, and what serves it. */
export interface GrpcOptions extends GrpcServerOptions {
  /** The implementation of gRPC: `fast`, tierkit's own HTTP/2, by default, or `grpc-js`. */
  readonly engine?: 'fast' | 'grpc-js' | undefined
}

const engines: Readonly<Record<string, (options: GrpcServerOptions) => Promise<Server>>> = {
  fast: async (options) => (await import('../transport/grpc/server.js')).grpcServer(options),
  'grpc-js': async (options) => (await import('../transport/grpc-js/server.js')).grpcJsServer(options),
}

/**
 * A gRPC server of an app: `grpc({ port: 9000 })`. The app adds `grpc.health.v1.Health`.
 *
 * The engine is loaded when the app starts.
 */
export function grpc(options: GrpcOptions = {}): AppServer {
  const { engine = 'fast', ...rest } = options
  const load = Object.hasOwn(engines, engine) ? engines[engine] : undefined
  if (!load) throw new TypeError(`grpc: engine '${engine}' is unknown; known are ${Object.keys(engines).join(', ')}`)
  return new LazyServer(() => load(rest), { servesHealth: true, servesHttp: false })
}

/** An HTTP server of an app: `http({ port: 8000 })`, for JSON, gRPC-Web and Connect. It is loaded when the app starts. */
export function http(options: HttpServerOptions = {}): AppServer {
  const load = async (): Promise<Server> => {
    const { httpServer } = await import('../transport/http/server.js')
    return httpServer(options)
  }
  return new LazyServer(load, { servesHealth: false, servesHttp: options })
}

/**
 * A server of an app for everything on one port: `serve({ port: 8080 })`. It answers gRPC, and JSON, gRPC-Web and Connect over
 * HTTP/1.1 and HTTP/2, in plain text or over TLS. The app adds `grpc.health.v1.Health`.
 *
 * gRPC is served on tierkit's own HTTP/2. All of it is loaded when the app starts.
 */
export function serve(options: ServeOptions = {}): AppServer {
  const load = async (): Promise<Server> => {
    const { OnePortServer } = await import('./one-port/one-port-server.js')
    return new OnePortServer(options)
  }
  return new LazyServer(load, { servesHealth: true, servesHttp: options.http ?? {} })
}

/** A server whose transport is imported when it begins to listen. */
class LazyServer implements AppServer {
  readonly servesHealth: boolean
  readonly servesHttp: HttpServing | false
  readonly #load: () => Promise<Server>
  #server: Server | undefined

  constructor(
    load: () => Promise<Server>,
    { servesHealth, servesHttp }: Pick<LazyServer, 'servesHealth' | 'servesHttp'>,
  ) {
    this.#load = load
    this.servesHealth = servesHealth
    this.servesHttp = servesHttp
  }

  async listen(bindings: readonly Binding[]): Promise<Address> {
    this.#server ??= await this.#load()
    return this.#server.listen(bindings)
  }

  async drain(timeoutMs: number): Promise<void> {
    await this.#server?.drain(timeoutMs)
  }

  snapshot(): ServerSnapshot | undefined {
    return this.#server?.snapshot?.()
  }

  async close(): Promise<void> {
    await this.#server?.close()
  }
}
