import type { OutgoingHttpHeaders } from 'node:http2'
import { toWellFormed } from '../../codec/protobuf/well-formed.js'
import { decodeStatus, encodeStatus } from '../../codec/status.js'
import { Code, codeFrom } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { headerBytes } from './engine/header-budget.js'
import { decodeBinary, encodeBinary } from './metadata.js'

/** How a call ended, as far as the client knows. */
export interface ReceivedStatus {
  /** `grpc-status`, or what grpc-js made of the end of the stream. */
  readonly code: unknown
  /** The message of the status, not yet decoded if it came in trailers. */
  readonly message: string
  /** `grpc-status-details-bin`, as it came. */
  readonly details: string | undefined
  /** True if the request certainly reached no handler. */
  readonly neverSent: boolean
}

/** Writes a `grpc-message`: percent-encoded UTF-8, with text that has no UTF-8 form mended. */
export function encodeMessage(message: string): string {
  return encodeURI(toWellFormed(message))
}

/** Reads a `grpc-message`. What is not properly encoded is left as it is. */
export function decodeMessage(text: string): string {
  return text.replace(/(%[0-9A-Fa-f]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'))
}

/** Writes the details of an error into trailers; there is nothing to write unless it has a reason or details. */
export function writeDetails(error: RpcError, trailers: OutgoingHttpHeaders): void {
  const { reason, domain, metadata, details } = error
  const plain = reason === undefined && domain === undefined && details.length === 0
  if (plain && Object.keys(metadata).length === 0) return
  trailers['grpc-status-details-bin'] = encodeBinary(encodeStatus(error))
}

/** The error that a status tells of; `undefined` if it is `OK`. Its code is `grpc-status`, whatever the details say. */
export function errorOf(received: ReceivedStatus): RpcError | undefined {
  const code = statusCode(received)
  if (code === Code.OK) return undefined
  const { message, neverSent } = received
  const status = received.details === undefined ? undefined : decodeStatus(decodeBinary(received.details))
  return new RpcError(code, message, { ...status, neverSent })
}

function statusCode({ code, message }: ReceivedStatus): Code {
  // grpc-js ends a call without a code when it cannot read a message.
  if (code === undefined) return Code.INTERNAL
  // The one HTTP status that it does not translate as gRPC does.
  if (message === 'Received HTTP status code 431') return Code.INTERNAL
  if (typeof code !== 'string') return codeFrom(code)
  return /^\d+$/.test(code) ? codeFrom(Number(code)) : Code.UNKNOWN
}

/** The error of a message that its codec could not read or write. */
export function codecError(thrown: unknown): RpcError {
  if (thrown instanceof RpcError) return thrown
  return new RpcError(Code.INTERNAL, 'a message does not fit its type', { cause: thrown })
}

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
