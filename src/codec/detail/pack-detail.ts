import type { ErrorDetail, RpcError } from '../../error/rpc-error.js'
import type { MessageCodec } from '../message-codec.js'

/**
 * A message as a detail of an error: of `google.rpc`, or of your own contract.
 *
 * ```ts
 * throw new RpcError(Code.FAILED_PRECONDITION, 'accept the terms first', {
 *   details: [packDetail(Help, { links: [{ description: 'The terms', url: 'https://example.com/terms' }] })],
 * })
 * ```
 */
export function packDetail<T, Init>(codec: MessageCodec<T, Init>, message: T | Init): ErrorDetail {
  return { type: codec.typeName, value: codec.encode(message) }
}

/** The first detail of a type that an error carries; `undefined` if it has none that can be read. */
export function findDetail<T, Init>(error: RpcError, codec: MessageCodec<T, Init>): T | undefined {
  const detail = error.details.find(({ type }) => type === codec.typeName)
  if (!detail) return undefined
  try {
    return codec.decode(detail.value)
  } catch {
    // What the other side sent is not to be trusted: the error itself must not be lost for it.
    return undefined
  }
}
