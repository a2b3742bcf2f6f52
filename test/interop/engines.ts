import { grpcChannel, grpcServer } from 'tierkit/transport/grpc'
import { grpcJsChannel, grpcJsServer } from 'tierkit/transport/grpc-js'

/** The engines that gRPC can run on here. */
export const engines = {
  'grpc-js': { server: grpcJsServer, channel: grpcJsChannel },
  fast: { server: grpcServer, channel: grpcChannel },
}

export type EngineName = keyof typeof engines
