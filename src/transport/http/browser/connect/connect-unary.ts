import { errorReply, type HeaderList, HttpRefusal } from '../../error.js'
import { NO_BODY, overLimit } from '../../serve/body-collector.js'
import type { BrowserRequest, CallHost, CallProtocol } from '../call-protocol.js'
import { checkHeaders, fits, metadataFields } from '../metadata.js'
import { ResponseWriter } from '../response-writer.js'
import {
  Code,
  type Context,
  compressionKey,
  decompress,
  gzipMessage,
  type Method,
  RpcError,
  wasCompressedKey,
} from '../rpc.js'
import { callersFault, connectError } from './connect-error.js'
import { acceptsGzip, checkHttpMethod, checkVersion, timeoutOf, wrongType } from './connect-request.js'
import { postSource, querySource, type UnarySource } from './unary-source.js'

const TRAILER = 'trailer-'
const NO_FIELDS: HeaderList = []
/** Refusals whose HTTP status is not that of their code: they are of HTTP. */
const OF_HTTP: ReadonlySet<number> = new Set([405, 414, 415])

/**
 * One request and one response of the Connect protocol, with the status of HTTP.
 *
 * @see https://connectrpc.com/docs/protocol#unary-request-response-rpcs
 */
export class ConnectUnary implements CallProtocol {
  readonly #host: CallHost
  readonly #call: BrowserRequest
  readonly #writer: ResponseWriter
  #source: UnarySource | undefined
  #collected = false

  constructor(host: CallHost, call: BrowserRequest) {
    this.#host = host
    this.#call = call
    this.#writer = new ResponseWriter(host, call)
  }

  accept(method: Method): number | undefined {
    const { request, query } = this.#call
    checkHttpMethod(request, method)
    if (method.kind !== 'unary') throw wrongType(method)
    checkVersion(request)
    const { maxQueryParameters } = this.#host.limits
    this.#source =
      request.method === 'POST' ? postSource(request, method) : querySource(query, maxQueryParameters, method)
    return timeoutOf(request)
  }

  async message(context: Context): Promise<unknown> {
    const source = this.#accepted()
    const packed = source.message ?? (await this.#body())
    const isPacked = source.encoding !== undefined && packed.length > 0
    if (isPacked) context.set(wasCompressedKey, true)
    try {
      const { encoding } = source
      const rules = { encoding, maxBytes: this.#host.limits.maxBodyBytes }
      return source.format.decode(isPacked ? await decompress(packed, rules) : packed, context.method.request)
    } catch (thrown) {
      throw callersFault(thrown)
    }
  }

  messages(): AsyncGenerator<unknown> {
    throw new RpcError(Code.INTERNAL, 'a unary call has no stream of requests')
  }

  async answer(response: unknown, context: Context): Promise<void> {
    const { format, encoding } = this.#accepted()
    const { headers } = this.#call.request
    const wanted = context.get(compressionKey) ?? this.#host.gzip
    const bytes = format.encode(response, context.method.response)
    const mayCompress = wanted && acceptsGzip(headers['accept-encoding'], encoding)
    const { bytes: content, compressed } = mayCompress ? await gzipMessage(bytes) : { bytes, compressed: false }
    const own = ownFields(context)
    checkHeaders(own)
    const head: [string, string][] = [['Content-Type', `application/${format.name}`]]
    if (compressed) head.push(['Content-Encoding', 'gzip'])
    // What is kept for one client must not be given to another that cannot read it.
    if (wanted) head.push(['Vary', 'Accept-Encoding'])
    this.#send(200, [...head, ...own], content)
  }

  async answerAll(): Promise<void> {
    throw new RpcError(Code.INTERNAL, 'a unary call has no stream of responses')
  }

  fail(error: RpcError, context: Context | undefined): void {
    if (this.#writer.over || this.#writer.started) return
    const ofHttp = error instanceof HttpRefusal && OF_HTTP.has(error.status)
    const { code, rawMessage, details } = error
    const reply = errorReply(ofHttp ? error : new RpcError(code, rawMessage, { details }))
    const own = context ? ownFields(context) : NO_FIELDS
    const head: HeaderList = [['Content-Type', 'application/json'], ...reply.headers]
    const content = Buffer.from(JSON.stringify(connectError(error)))
    this.#send(reply.status, [...head, ...(fits(own) ? own : NO_FIELDS)], content)
  }

  leave(): void {
    if (!this.#collected) this.#call.request.discard()
  }

  #accepted(): UnarySource {
    if (!this.#source) throw new RpcError(Code.INTERNAL, 'the request was not accepted')
    return this.#source
  }

  #body(): Promise<Buffer> {
    const { request } = this.#call
    const { maxBodyBytes } = this.#host.limits
    if (!request.hasBody) return Promise.resolve(NO_BODY)
    if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) throw overLimit(maxBodyBytes)
    this.#collected = true
    return new Promise((resolve, reject) => {
      request.collect(maxBodyBytes, (error, body) => (error ? reject(error) : resolve(body)))
    })
  }

  #send(status: number, fields: HeaderList, content: Uint8Array): void {
    const headers: HeaderList = [...fields, ['Content-Length', String(content.length)]]
    const exposed = [...new Set(fields.map(([name]) => name))].filter((name) => !SAFE.has(name))
    this.#writer.start({ status, headers, exposed })
    this.#writer.end(content)
  }
}

/** Headers that pages may read anyhow, or that their browser keeps to itself. */
const SAFE: ReadonlySet<string> = new Set(['Content-Type', 'Content-Encoding', 'Vary'])

function ownFields(context: Context): HeaderList {
  const leading = context.hasResponseHeaders ? metadataFields(context.responseHeaders) : NO_FIELDS
  const trailing = context.hasResponseTrailers ? metadataFields(context.responseTrailers, TRAILER) : NO_FIELDS
  return [...leading, ...trailing]
}
