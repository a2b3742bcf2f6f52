/** gRPC servers and channels on tierkit's own HTTP/2: the fast engine. @module */
export type { Http2Limits } from '../../http2/options.js'
export type {
  EngineOptions,
  GrpcChannelKeepalive,
  GrpcChannelOptions,
  GrpcReconnect,
  GrpcServerKeepalive,
  GrpcServerOptions,
} from '../grpc-options.js'
export { compressionKey, wasCompressedKey } from '../grpc-wire/message-keys.js'
export { grpcChannel } from './client.js'
export { grpcServer } from './server.js'
