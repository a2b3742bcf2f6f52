import type { OutgoingHttpHeaders } from 'node:http2'
import { toWellFormed } from '../../codec/protobuf/well-formed.js'
import { decodeStatus, encodeStatus } from '../../codec/status.js'
import { Code, codeFrom } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
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
