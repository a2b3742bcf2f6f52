import type { Metadata } from '../../endpoint/metadata.js'
import { Code, type ErrorCode as FailureCode } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { ErrorCode } from '../../http2/error-code.js'
import type { StreamEnd } from '../../http2/http2.js'
import { fieldBytes } from '../grpc-wire/frame/header-budget.js'
import { encodeMessage, fitStatus } from '../grpc-wire/status.js'
import { writeFields } from './metadata.js'

/** What reset streams mean; any other code is `INTERNAL`. */
const resetCodes: Readonly<Record<number, FailureCode>> = {
  [ErrorCode.REFUSED_STREAM]: Code.UNAVAILABLE,
  [ErrorCode.CANCEL]: Code.CANCELLED,
  [ErrorCode.ENHANCE_YOUR_CALM]: Code.RESOURCE_EXHAUSTED,
  [ErrorCode.INADEQUATE_SECURITY]: Code.PERMISSION_DENIED,
}

/** The error of a call whose stream ended before its status came. */
export function endError(end: StreamEnd): RpcError {
  const { code, message, unprocessed, connection } = end
  const status = connection || unprocessed ? Code.UNAVAILABLE : (resetCodes[code] ?? Code.INTERNAL)
  return new RpcError(status, message, { neverSent: unprocessed })
}

/** Response metadata that does not fit into a header block. */
export function tooMuchMetadata(maxBytes: number): RpcError {
  return new RpcError(Code.RESOURCE_EXHAUSTED, `the response metadata is over the limit of ${maxBytes} bytes`)
}

/** Trailers as they go out. */
export interface SentTrailers {
  readonly code: Code
  /** Fields beside the code. */
  readonly fields: string[] | undefined
}

/** The trailers of a call that ended well, unless there is an error, in at most `maxBytes`. */
export function trailersOf(failure: RpcError | undefined, own: Metadata | undefined, maxBytes: number): SentTrailers {
  const fields: string[] = []
  if (own) writeFields(own, fields)
  const ownBytes = fieldBytes(fields)
  const error = failure ?? (ownBytes > maxBytes ? tooMuchMetadata(maxBytes) : undefined)
  if (!error) return { code: Code.OK, fields: fields.length > 0 ? fields : undefined }
  const { message, details, keepsOwn } = fitStatus(error, ownBytes, maxBytes)
  const status = message === '' ? [] : ['grpc-message', encodeMessage(message)]
  if (details !== undefined) status.push('grpc-status-details-bin', details)
  return { code: error.code, fields: keepsOwn ? [...status, ...fields] : status }
}
