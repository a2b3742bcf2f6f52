import type { Clock } from '../../resilience/clock.js'
import type { GrpcServerOptions } from '../../transport/grpc-options.js'
import type { HttpServerOptions } from '../../transport/http/options.js'
import type { ServerTls } from '../../transport/transport.js'

/** How one port serves gRPC and HTTP/JSON. */
export interface ServeOptions {
  /** Address to listen on; `0.0.0.0`, every IPv4 interface, by default. */
  readonly host?: string | undefined
  /** Port to listen on; 0, the default, takes a free one. */
  readonly port?: number | undefined
  /** Serves `grpcs` and `https`; plain text without it. */
  readonly tls?: ServerTls | undefined
  /** For gRPC, and for connections of HTTP/2, whatever comes on them. The number of connections is said under `http`. */
  readonly grpc?:
    | Omit<GrpcServerOptions, 'host' | 'port' | 'tls' | 'clock' | 'maxConnections' | 'channelOptions'>
    | undefined
  /** For HTTP/JSON. `maxConnections` and `headersTimeoutMs`, until it is known what is spoken, are for all connections. */
  readonly http?: Omit<HttpServerOptions, 'host' | 'port' | 'tls' | 'clock'> | undefined
  /** Times deadlines and the drain. */
  readonly clock?: Clock | undefined
}
