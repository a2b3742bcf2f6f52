import type { AppServer } from 'tierkit/app'
import { grpcChannel, grpcServer } from 'tierkit/transport/grpc'
import { type GrpcServerOptions, grpcJsChannel, grpcJsServer } from 'tierkit/transport/grpc-js'

/** One of the engines of gRPC, as apps and clients take it. */
const engineOf = (server: typeof grpcServer, channel: typeof grpcChannel) => ({
  server: (options: GrpcServerOptions): AppServer => Object.assign(server(options), { servesHealth: true }),
  channel,
  /** For clients that find their servers themselves. */
  transports: { grpc: (url: string) => channel(url) },
})

/** The engines of gRPC: tierkit's own, and grpc-js. */
export const engines = {
  grpc: engineOf(grpcServer, grpcChannel),
  'grpc-js': engineOf(grpcJsServer, grpcJsChannel),
}

export type EngineName = keyof typeof engines
export const engineNames = Object.keys(engines) as EngineName[]
