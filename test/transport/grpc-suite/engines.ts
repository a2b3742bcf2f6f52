import { grpcChannel, grpcServer } from 'tierkit/transport/grpc'
import { type GrpcChannelOptions, type GrpcServerOptions, grpcJsChannel, grpcJsServer } from 'tierkit/transport/grpc-js'

/** A gRPC engine, or a server of one with channels of another. */
export interface GrpcEngine {
  readonly name: string
  server(options?: GrpcServerOptions): ReturnType<typeof grpcServer>
  channel(url: string, options?: GrpcChannelOptions): ReturnType<typeof grpcChannel>
}

export const grpcJs: GrpcEngine = { name: 'grpc-js', server: grpcJsServer, channel: grpcJsChannel }

export const fast: GrpcEngine = { name: 'grpc', server: grpcServer, channel: grpcChannel }
