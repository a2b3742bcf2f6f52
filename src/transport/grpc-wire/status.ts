import { toWellFormed } from '../../codec/protobuf/well-formed.js'
import { decodeStatus, encodeStatus } from '../../codec/status.js'
import { Code, codeFrom } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { decodeBinary, encodeBinary } from './fields.js'
import { FIELD_BYTES } from './frame/header-budget.js'

/** A status that is an error, as far as the client knows. */
export interface ReceivedStatus {
  readonly code: Code
  /** `grpc-message`, decoded. */
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

/** Reads a `grpc-status`; what is none is `UNKNOWN`. */
export function readCode(text: string): Code {
  return /^\d+$/.test(text) ? codeFrom(Number(text)) : Code.UNKNOWN
}

/** `grpc-status-details-bin` of an error; there is nothing to write unless it has a reason or details. */
export function encodeDetails(error: RpcError): string | undefined {
  const { reason, domain, metadata, details } = error
  const plain = reason === undefined && domain === undefined && details.length === 0
  return plain && Object.keys(metadata).length === 0 ? undefined : encodeBinary(encodeStatus(error))
}

/** The error that a status tells of; `undefined` if it is `OK`. Its code is `grpc-status`, whatever the details say. */
export function errorOf({ code, message, details, neverSent }: ReceivedStatus): RpcError | undefined {
  if (code === Code.OK) return undefined
  const status = details === undefined ? undefined : decodeStatus(decodeBinary(details))
  return new RpcError(code, message, { ...status, neverSent })
}

/** A status as it goes out. */
export interface SentStatus {
  /** `grpc-message`, not yet encoded. */
  readonly message: string
  /** `grpc-status-details-bin`. */
  readonly details: string | undefined
  /** Whether there is room for the trailers of the application. */
  readonly keepsOwn: boolean
}

/**
 * What goes out of an error in at most `maxBytes`, of which the application's own trailers take `ownBytes`. What is too
 * long is cut: first the end of the message, then the details, then reason and metadata. The code always arrives.
 */
export function fitStatus(error: RpcError, ownBytes: number, maxBytes: number): SentStatus {
  const room = maxBytes - ownBytes
  for (const candidate of candidates(error, room)) {
    const details = encodeDetails(candidate)
    const message = toWellFormed(candidate.rawMessage)
    if (statusBytes(message, details) <= room) return { message, details, keepsOwn: true }
  }
  return { message: cut(error.rawMessage, Math.floor(maxBytes / 4)), details: undefined, keepsOwn: false }
}

function statusBytes(message: string, details: string | undefined): number {
  const bytes = 'grpc-message'.length + encodeMessage(message).length + FIELD_BYTES
  return details === undefined ? bytes : bytes + 'grpc-status-details-bin'.length + details.length + FIELD_BYTES
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
