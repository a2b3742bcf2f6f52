import { encodeStatus, type RpcError } from '../../kernel.js'
import { errorReply } from '../error.js'
import type { ErrorStyle } from '../error-body/error-body.js'
import type { Reply } from '../serve/reply.js'
import { JSON_TYPE } from '../wire/media-type.js'

/** The answer that tells of an error to a client whose response would have had a type: protobuf, or JSON. */
export function failureReply(error: RpcError, errors: ErrorStyle, type: string): Omit<Reply, 'trailers'> {
  const reply = errorReply(error, errors)
  // `google.rpc.Status` is the one shape that there is in protobuf too.
  return type === JSON_TYPE || !errors.isStatus ? reply : { ...reply, type, body: encodeStatus(error) }
}
