import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2'
import type { Binding } from '../../endpoint/serve.js'
import { Code, type ErrorCode } from '../../error/code.js'
import { ENCODINGS, isReadable } from '../grpc-wire/compression.js'
import { foreignFormat, isGrpcContent } from '../grpc-wire/frame/content-type.js'
import { encodeMessage } from '../grpc-wire/status.js'
import { parseTimeout } from '../grpc-wire/timeout.js'

/** A request that the server can take. */
export interface AcceptedRequest {
  readonly binding: Binding
  /** How long the caller waits, in ms; `undefined` for ever. */
  readonly timeoutMs: number | undefined
  /** What the caller may compress messages with. */
  readonly encoding: string | undefined
  /** Whether responses may be compressed with gzip. */
  readonly acceptsGzip: boolean
}

/** A request that is answered without a handler: with these headers. */
export interface RefusedRequest {
  readonly answer: OutgoingHttpHeaders
}

/** Judges the headers of a request, before anything else of it is looked at. */
export function judgeRequest(
  headers: IncomingHttpHeaders,
  bindings: ReadonlyMap<string, Binding>,
): AcceptedRequest | RefusedRequest {
  const path = headers[':path'] ?? ''
  const binding = bindings.get(path)
  const encoding = text(headers['grpc-encoding'])
  if (headers[':method'] !== 'POST') return { answer: { ':status': 405, allow: 'POST' } }
  const type = headers['content-type'] ?? ''
  if (!isGrpcContent(type)) return { answer: { ':status': 415 } }
  const foreign = foreignFormat(type)
  if (foreign !== undefined) return refuse(Code.UNIMPLEMENTED, foreign)
  if (!binding) return refuse(Code.UNIMPLEMENTED, `the server has no method ${path}`)
  if (encoding !== undefined && !isReadable(encoding)) {
    const refusal = refuse(Code.UNIMPLEMENTED, `messages in the encoding ${encoding} cannot be read`)
    return { answer: { ...refusal.answer, 'grpc-accept-encoding': ENCODINGS } }
  }
  const timeout = text(headers['grpc-timeout'])
  const timeoutMs = timeout === undefined ? undefined : parseTimeout(timeout)
  if (Number.isNaN(timeoutMs)) return refuse(Code.INTERNAL, `grpc-timeout ${timeout} is malformed`)
  return {
    binding,
    timeoutMs,
    encoding: encoding === 'identity' ? undefined : encoding,
    acceptsGzip: /\bgzip\b/.test(text(headers['grpc-accept-encoding']) ?? ''),
  }
}

function refuse(code: ErrorCode, message: string): RefusedRequest {
  return {
    answer: {
      ':status': 200,
      'content-type': 'application/grpc+proto',
      'grpc-status': code,
      'grpc-message': encodeMessage(message),
    },
  }
}

function text(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.join()
}

/** Bytes as grpc-js takes them; nothing is copied. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
