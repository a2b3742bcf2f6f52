import type { MessageCodec } from '../../codec/message-codec.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import type { FrameFault } from './frame/frame-reader.js'

/** The error of a message stream that breaks the framing of its protocol. */
export function framingError(fault: FrameFault | 'truncated', maxBytes: number, protocol = 'gRPC'): RpcError {
  switch (fault) {
    case 'too large':
      return new RpcError(Code.RESOURCE_EXHAUSTED, `a message is larger than the ${maxBytes} bytes that are accepted`)
    case 'flag':
      return new RpcError(Code.INTERNAL, `a message has flags that ${protocol} does not know`)
    case 'compressed':
      return new RpcError(Code.INTERNAL, 'a message is compressed, but no encoding was named')
    case 'truncated':
      return new RpcError(Code.INTERNAL, 'the stream ended within a message')
  }
}

/** Fails with `RESOURCE_EXHAUSTED` on a message that is larger than this side sends. */
export function checkSize(bytes: Uint8Array, maxBytes: number): void {
  if (bytes.length <= maxBytes) return
  throw new RpcError(Code.RESOURCE_EXHAUSTED, `a message of ${bytes.length} bytes is over the limit of ${maxBytes}`)
}

/** The error of a message that its codec could not read or write. */
export function codecError(thrown: unknown): RpcError {
  if (thrown instanceof RpcError) return thrown
  return new RpcError(Code.INTERNAL, 'a message does not fit its type', { cause: thrown })
}

/** A message as it is sent; throws an `RpcError` if there is none, or it is larger than `maxBytes`. */
export function encodeWith(codec: MessageCodec, message: unknown, maxBytes: number): Uint8Array {
  let bytes: Uint8Array
  try {
    bytes = codec.encode(message)
  } catch (thrown) {
    throw codecError(thrown)
  }
  checkSize(bytes, maxBytes)
  return bytes
}

/** Reads a message; throws an `RpcError` if it is none. */
export function decodeWith(codec: MessageCodec, bytes: Uint8Array): unknown {
  try {
    return codec.decode(bytes)
  } catch (thrown) {
    throw codecError(thrown)
  }
}
