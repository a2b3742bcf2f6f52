/** What the folders of this one need of the kernel, and of what gRPC says. */

export { decompress, ENCODINGS, gzipMessage, isReadable } from '../../grpc-wire/compression.js'
export { encodeBinary } from '../../grpc-wire/fields.js'
export {
  type FrameFault,
  FrameReader,
  type FrameRules,
  type Message,
  writeFrame,
} from '../../grpc-wire/frame/frame-reader.js'
export { framingError } from '../../grpc-wire/message-error.js'
export { compressionKey, wasCompressedKey } from '../../grpc-wire/message-keys.js'
export { encodeDetails, encodeMessage } from '../../grpc-wire/status.js'
export { parseTimeout } from '../../grpc-wire/timeout.js'
export {
  Any,
  Code,
  type Context,
  codeName,
  type JsonValue,
  type Method,
  RpcError,
  statusMessage,
  streamsRequests,
  streamsResponses,
  untilCancelled,
} from '../../kernel.js'
