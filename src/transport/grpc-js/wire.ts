import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2'
import { promisify } from 'node:util'
import { gunzip, gzip, inflate } from 'node:zlib'
import type { Binding } from '../../endpoint/serve.js'
import { Code, type ErrorCode } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { parseTimeout } from './deadline.js'
import type { FrameFault, FrameRules, Message } from './engine/frame-reader.js'
import { encodeMessage } from './error.js'

const ENCODINGS = 'identity,deflate,gzip'
const GRPC_CONTENT = /^application\/grpc($|[+;])/

/** Messages smaller than this are not worth compressing, in bytes. */
const MIN_GZIP_BYTES = 1024

const compress = promisify(gzip)
const decompressors = new Map([
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
])

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
  if (!GRPC_CONTENT.test(headers['content-type'] ?? '')) return { answer: { ':status': 415 } }
  if (!binding) return refuse(Code.UNIMPLEMENTED, `the server has no method ${path}`)
  if (encoding !== undefined && !ENCODINGS.split(',').includes(encoding)) {
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

/** The error of a message stream that breaks the framing. */
export function framingError(fault: FrameFault | 'truncated', maxBytes: number): RpcError {
  switch (fault) {
    case 'too large':
      return new RpcError(Code.RESOURCE_EXHAUSTED, `a message is larger than the ${maxBytes} bytes that are accepted`)
    case 'flag':
      return new RpcError(Code.INTERNAL, 'a message has flags that gRPC does not know')
    case 'compressed':
      return new RpcError(Code.INTERNAL, 'a message is compressed, but no encoding was named')
    case 'truncated':
      return new RpcError(Code.INTERNAL, 'the stream ended within a message')
  }
}

/** Fails with `RESOURCE_EXHAUSTED` on a message that is larger than this side sends. */
export function checkSize(bytes: Uint8Array, maxBytes: number): void {
  if (bytes.length <= maxBytes) return
  throw new RpcError(Code.RESOURCE_EXHAUSTED, `a message of ${bytes.length} bytes is over the limit of ${maxBytes}`)
}

/** Bytes as grpc-js takes them; nothing is copied. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** A message, compressed if it shall be and that is worth it. */
export async function gzipMessage(bytes: Uint8Array): Promise<Message> {
  if (bytes.length < MIN_GZIP_BYTES) return { bytes, compressed: false }
  return { bytes: await compress(bytes), compressed: true }
}

/** Reads a compressed message; rejects with an `RpcError` if it cannot be read, or is too large. */
export async function decompress(bytes: Uint8Array, { encoding, maxBytes }: FrameRules): Promise<Uint8Array> {
  const read = decompressors.get(encoding ?? '')
  if (!read) throw new RpcError(Code.UNIMPLEMENTED, `messages in the encoding ${encoding} cannot be read`)
  try {
    return await read(bytes, Number.isFinite(maxBytes) ? { maxOutputLength: Math.max(1, maxBytes) } : {})
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw framingError('too large', maxBytes)
    throw new RpcError(Code.INTERNAL, 'a message cannot be decompressed', { cause })
  }
}
