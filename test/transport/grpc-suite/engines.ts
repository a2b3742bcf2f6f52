import { Code } from 'tierkit/error'
import { grpcChannel, grpcServer } from 'tierkit/transport/grpc'
import { type GrpcChannelOptions, type GrpcServerOptions, grpcJsChannel, grpcJsServer } from 'tierkit/transport/grpc-js'

/** A gRPC engine, or a server of one with channels of another. */
export interface GrpcEngine {
  readonly name: string
  /** What is answered to a request with too many header bytes. */
  readonly tooLong: object
  /** The code of a status whose field HTTP/2 does not allow. */
  readonly malformed: Code
  server(options?: GrpcServerOptions): ReturnType<typeof grpcServer>
  channel(url: string, options?: GrpcChannelOptions): ReturnType<typeof grpcChannel>
}

export const grpcJs: GrpcEngine = {
  name: 'grpc-js',
  tooLong: { resetCode: 11 },
  malformed: Code.UNKNOWN,
  server: grpcJsServer,
  channel: grpcJsChannel,
}

export const fast: GrpcEngine = {
  name: 'grpc',
  tooLong: { headers: { ':status': 431 } },
  malformed: Code.INTERNAL,
  server: grpcServer,
  channel: grpcChannel,
}
