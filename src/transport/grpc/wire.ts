import type { Metadata } from '../../endpoint/metadata.js'
import { type Method, streamsRequests, streamsResponses } from '../../endpoint/method.js'
import type { Binding } from '../../endpoint/serve.js'
import { Code, type ErrorCode } from '../../error/code.js'
import type { Fields } from '../../http2/http2.js'
import { ENCODINGS, isReadable } from '../grpc-wire/compression.js'
import { readFields } from '../grpc-wire/fields.js'
import { foreignFormat, isGrpcContent } from '../grpc-wire/frame/content-type.js'
import { encodeMessage } from '../grpc-wire/status.js'
import { parseTimeout } from '../grpc-wire/timeout.js'

const started = [':status', '200', 'content-type', 'application/grpc+proto']

/** What every response begins with. Arrays that are sent stay the same objects: HTTP/2 encodes each once. */
export const RESPONSE_HEADERS: Fields = [...started, 'grpc-accept-encoding', ENCODINGS, 'grpc-encoding', 'identity']

/** What a response begins with whose messages may be compressed. */
export const GZIP_RESPONSE_HEADERS: Fields = [...started, 'grpc-accept-encoding', ENCODINGS, 'grpc-encoding', 'gzip']

/** Trailers for each status code. */
export const statusTrailers: readonly Fields[] = Object.values(Code).map((code) => ['grpc-status', `${code}`])

/** Headers of a response that is nothing but its status, for each code. */
export const statusOnly: readonly Fields[] = statusTrailers.map((trailers) => [...started, ...trailers])

/** A request that the server can take. */
export class AcceptedRequest {
  readonly binding: Binding
  readonly method: Method
  /** How long the caller waits, in ms; `undefined` for ever. */
  readonly timeoutMs: number | undefined
  /** What the caller may compress messages with. */
  readonly encoding: string | undefined
  /** Whether responses may be compressed with gzip. */
  readonly acceptsGzip: boolean
  readonly streamsRequests: boolean
  readonly streamsResponses: boolean
  /** Reads the metadata of one call. */
  readonly metadata: () => Metadata

  constructor(binding: Binding, request: RequestHeaders, fields: Fields) {
    const { encoding, acceptEncoding, timeout } = request
    this.binding = binding
    this.method = binding.method
    this.timeoutMs = timeout === undefined ? undefined : parseTimeout(timeout)
    this.encoding = encoding === 'identity' ? undefined : encoding
    this.acceptsGzip = acceptEncoding !== undefined && /\bgzip\b/.test(acceptEncoding)
    this.streamsRequests = streamsRequests(binding.method.kind)
    this.streamsResponses = streamsResponses(binding.method.kind)
    this.metadata = () => readFields(fields)
  }
}

/** A request that is answered without a handler: with these headers. */
export class RefusedRequest {
  readonly constant: Fields
  readonly varying: Fields | undefined

  constructor(constant: Fields, varying?: Fields) {
    this.constant = constant
    this.varying = varying
  }
}

/** The headers that gRPC cares for. */
export interface RequestHeaders {
  httpMethod: string
  path: string
  contentType: string
  te: string | undefined
  encoding: string | undefined
  acceptEncoding: string | undefined
  timeout: string | undefined
}

const notPost = new RefusedRequest([':status', '405', 'allow', 'POST'])
const notTrailers = new RefusedRequest([':status', '400'])
const notGrpc = new RefusedRequest([':status', '415'])

/** The bindings of a server by their paths; throws if two have the same. */
export function bindingsByPath(bindings: readonly Binding[]): Map<string, Binding> {
  const paths = new Map<string, Binding>()
  for (const binding of bindings) {
    const { path } = binding.method
    if (paths.has(path)) throw new Error(`the method ${path} is bound twice`)
    paths.set(path, binding)
  }
  return paths
}

/** Whether a request is one of gRPC, going by its content type. */
export function isGrpc({ contentType }: RequestHeaders): boolean {
  return isGrpcContent(contentType)
}

/** Judges the headers of a request, before anything else of it is looked at. */
export function judgeRequest(
  request: RequestHeaders,
  fields: Fields,
  bindings: ReadonlyMap<string, Binding>,
): AcceptedRequest | RefusedRequest {
  const { path, encoding } = request
  if (request.httpMethod !== 'POST') return notPost
  if (!isGrpc(request)) return notGrpc
  if (request.te !== undefined && request.te !== 'trailers') return notTrailers
  const foreign = foreignFormat(request.contentType)
  if (foreign !== undefined) return refuse(Code.UNIMPLEMENTED, foreign)
  const binding = bindings.get(path)
  if (!binding) return refuse(Code.UNIMPLEMENTED, `the server has no method ${path}`)
  if (encoding !== undefined && !isReadable(encoding)) {
    const text = `messages in the encoding ${encoding} cannot be read`
    return refuse(Code.UNIMPLEMENTED, text, ['grpc-accept-encoding', ENCODINGS])
  }
  const accepted = new AcceptedRequest(binding, request, fields)
  if (!Number.isNaN(accepted.timeoutMs)) return accepted
  return refuse(Code.INTERNAL, `grpc-timeout ${request.timeout} is malformed`)
}

function refuse(code: ErrorCode, message: string, more: Fields = []): RefusedRequest {
  return new RefusedRequest(statusOnly[code] ?? [], ['grpc-message', encodeMessage(message), ...more])
}

/** Picks out the headers that gRPC cares for. Values that are repeated come joined, as HTTP says. */
export function readRequest(fields: Fields): RequestHeaders {
  const request: RequestHeaders = {
    httpMethod: '',
    path: '',
    contentType: '',
    te: undefined,
    encoding: undefined,
    acceptEncoding: undefined,
    timeout: undefined,
  }
  for (let at = 0; at + 1 < fields.length; at += 2) readField(request, fields[at] ?? '', fields[at + 1] ?? '')
  return request
}

function readField(request: RequestHeaders, name: string, value: string): void {
  switch (name) {
    case ':method':
      request.httpMethod = value
      break
    case ':path':
      request.path = value
      break
    case 'content-type':
      request.contentType = value
      break
    case 'te':
      request.te = joined(request.te, value)
      break
    case 'grpc-encoding':
      request.encoding = joined(request.encoding, value)
      break
    case 'grpc-accept-encoding':
      request.acceptEncoding = joined(request.acceptEncoding, value)
      break
    case 'grpc-timeout':
      request.timeout = joined(request.timeout, value)
  }
}

function joined(before: string | undefined, value: string): string {
  return before === undefined ? value : `${before}, ${value}`
}
