import { Code, codeFrom } from '../error/code.js'
import { type ErrorDetail, RpcError } from '../error/rpc-error.js'
import type { MessageCodec } from './message-codec.js'
import { bundledCodec } from './protobuf/bundled/bundled-root.js'
import { toWellFormed } from './protobuf/well-formed.js'
import type { Any } from './well-known.js'

/** What crosses the wire of an `RpcError`: a `google.rpc.Status` with its `ErrorInfo` taken out of the details. */
export interface Status {
  readonly code: Code
  readonly message: string
  readonly reason: string | undefined
  readonly domain: string | undefined
  readonly metadata: Readonly<Record<string, string>>
  readonly details: readonly ErrorDetail[]
}

/** `google.rpc.Status`, as it is in its file. */
export interface StatusMessage {
  code: number
  message: string
  details: Any[]
}

/** `google.rpc.ErrorInfo`, as it is in its file. */
interface ErrorInfo {
  reason: string
  domain: string
  metadata: Record<string, string>
}

const ERROR_INFO = 'google.rpc.ErrorInfo'
const URL_PREFIX = 'type.googleapis.com/'

const statusCodec: MessageCodec<StatusMessage> = bundledCodec('google.rpc.Status')
const errorInfoCodec: MessageCodec<ErrorInfo> = bundledCodec(ERROR_INFO)

/**
 * Writes an error as `google.rpc.Status`, for `grpc-status-details-bin`: reason, domain and metadata as an `ErrorInfo`,
 * first, then the other details as they are. Text without a UTF-8 form is mended rather than the error lost.
 */
export function encodeStatus(error: RpcError): Uint8Array {
  return statusCodec.encode(statusMessage(error))
}

/** Reads a `google.rpc.Status`; `undefined` if the bytes are none. A code outside the closed set is `UNKNOWN`. */
export function decodeStatus(bytes: Uint8Array): Status | undefined {
  try {
    return statusOf(statusCodec.decode(bytes))
  } catch {
    return undefined
  }
}

/** The error that a status tells of. A status that is not one of an error, `OK`, becomes `UNKNOWN`. */
export function errorFromStatus(status: Status): RpcError {
  const { code, message, ...rest } = status
  return new RpcError(code === Code.OK ? Code.UNKNOWN : code, message, rest)
}

/** An error as a `google.rpc.Status` message. */
export function statusMessage(error: RpcError): StatusMessage {
  const info = errorInfo(error)
  const details = info ? [info, ...error.details] : error.details
  return {
    code: error.code,
    message: toWellFormed(error.rawMessage),
    details: details.map(({ type, value }) => ({ typeUrl: URL_PREFIX + toWellFormed(type), value })),
  }
}

/** Takes the first `ErrorInfo` out of the details of a status. */
export function statusOf({ code, message, details }: StatusMessage): Status {
  const all = details.map(({ typeUrl, value }) => ({ type: typeUrl.slice(typeUrl.lastIndexOf('/') + 1), value }))
  const infoDetail = all.find(({ type }) => type === ERROR_INFO)
  const info = infoDetail && readErrorInfo(infoDetail)
  return {
    code: codeFrom(code),
    message,
    reason: info?.reason || undefined,
    domain: info?.domain || undefined,
    metadata: info?.metadata ?? {},
    details: info ? all.filter((detail) => detail !== infoDetail) : all,
  }
}

function readErrorInfo({ value }: ErrorDetail): ErrorInfo | undefined {
  try {
    return errorInfoCodec.decode(value)
  } catch {
    return undefined
  }
}

function errorInfo({ reason, domain, metadata }: RpcError): ErrorDetail | undefined {
  const entries = Object.entries(metadata)
  if (reason === undefined && domain === undefined && entries.length === 0) return undefined
  const value = errorInfoCodec.encode({
    reason: toWellFormed(reason ?? ''),
    domain: toWellFormed(domain ?? ''),
    metadata: Object.fromEntries(entries.map(([key, fact]) => [toWellFormed(key), toWellFormed(fact)])),
  })
  return { type: ERROR_INFO, value }
}
