import type { OutgoingHttpHeaders } from 'node:http2'
import { Code, codeFrom } from '../../error/code.js'
import type { RpcError } from '../../error/rpc-error.js'
import { encodeDetails, fitStatus, readCode } from '../grpc-wire/status.js'
import { headerBytes } from './engine/header-bytes.js'

/** The code of a status: `grpc-status`, or what grpc-js made of the end of the stream. */
export function statusCode(code: unknown, message: string): Code {
  // grpc-js ends a call without a code when it cannot read a message.
  if (code === undefined) return Code.INTERNAL
  // The one HTTP status that it does not translate as gRPC does.
  if (message === 'Received HTTP status code 431') return Code.INTERNAL
  return typeof code === 'string' ? readCode(code) : codeFrom(code)
}

/** Writes the details of an error into trailers; there is nothing to write unless it has a reason or details. */
export function writeDetails(error: RpcError, trailers: OutgoingHttpHeaders): void {
  const details = encodeDetails(error)
  if (details !== undefined) trailers['grpc-status-details-bin'] = details
}

/** A status as it goes out. */
export interface StatusTrailers {
  /** `grpc-message`, not yet encoded. */
  readonly message: string
  /** The fields beside code and message. */
  readonly fields: OutgoingHttpHeaders
}

/** The trailers of an error in at most `maxBytes`: see `fitStatus`. */
export function statusTrailers(error: RpcError, own: OutgoingHttpHeaders, maxBytes: number): StatusTrailers {
  const { message, details, keepsOwn } = fitStatus(error, headerBytes(own), maxBytes)
  const fields: OutgoingHttpHeaders = keepsOwn ? { ...own } : {}
  if (details !== undefined) fields['grpc-status-details-bin'] = details
  return { message, fields }
}
