/** gRPC servers and channels on @grpc/grpc-js, and middleware around handlers written for it. @module */
export type {
  EngineOptions,
  GrpcChannelKeepalive,
  GrpcChannelOptions,
  GrpcReconnect,
  GrpcServerKeepalive,
  GrpcServerOptions,
} from '../grpc-options.js'
export { grpcJsChannel } from './client.js'
export { grpcJsServer } from './server.js'
export { wrapGrpcHandlers } from './wrap.js'
