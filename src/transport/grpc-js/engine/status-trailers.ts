import type { OutgoingHttpHeaders } from 'node:http2'
import { toWellFormed } from '../../../codec/protobuf/well-formed.js'
import { RpcError } from '../../../error/rpc-error.js'
import { encodeMessage, writeDetails } from '../error.js'
import { headerBytes } from './header-budget.js'

/** A status as it goes out. */
export interface StatusTrailers {
  /** `grpc-message`, not yet encoded. */
  readonly message: string
  /** The fields beside code and message. */
  readonly fields: OutgoingHttpHeaders
}

/**
 * The trailers of an error in at most `maxBytes`. What is too long is cut: first the end of the message, then the details,
 * then reason and metadata. The code always arrives.
 */
export function statusTrailers(error: RpcError, own: OutgoingHttpHeaders, maxBytes: number): StatusTrailers {
  const room = maxBytes - headerBytes(own)
  for (const candidate of candidates(error, room)) {
    const fields: OutgoingHttpHeaders = {}
    writeDetails(candidate, fields)
    const message = toWellFormed(candidate.rawMessage)
    const bytes = headerBytes({ ...fields, 'grpc-message': encodeMessage(message) })
    if (bytes <= room) return { message, fields: { ...own, ...fields } }
  }
  return { message: cut(error.rawMessage, Math.floor(maxBytes / 4)), fields: {} }
}

function* candidates(error: RpcError, room: number): Generator<RpcError> {
  yield error
  const { code, reason, domain, metadata, details } = error
  const message = cut(error.rawMessage, Math.floor(room / 4))
  yield new RpcError(code, message, { reason, domain, metadata, details })
  yield new RpcError(code, message, { reason, domain, metadata })
  yield new RpcError(code, message)
}

/** As much of the beginning of a text as takes at most `maxBytes` when it is encoded. */
function cut(message: string, maxBytes: number): string {
  let text = toWellFormed(message.slice(0, Math.max(0, maxBytes)))
  for (;;) {
    const bytes = encodeMessage(text).length
    if (bytes <= maxBytes || text === '') return text
    text = toWellFormed(text.slice(0, Math.min(text.length - 1, Math.floor((text.length * maxBytes) / bytes))))
  }
}
