import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { Context } from '../../endpoint/context.js'
import type { Peer } from '../../endpoint/context-value.js'
import { streamsRequests, streamsResponses } from '../../endpoint/method.js'
import { serve } from '../../endpoint/serve.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import type { Clock } from '../../resilience/clock.js'
import { parseTimeout, TIMEOUT_HEADER } from './deadline.js'
import { badRequest, errorReply, errorText, type HeaderList, HttpRefusal, unsupported } from './error.js'
import { bodyStream, hasBody, overLimit, readBody } from './io/body.js'
import { parseRequest } from './io/json.js'
import { readLines } from './io/lines.js'
import { accepts, hasType, JSON_TYPE, NDJSON_TYPE, SSE_TYPE } from './io/media-type.js'
import { eventFormat, lineFormat, type StreamFormat } from './io/stream-format.js'
import { StreamWriter } from './io/stream-writer.js'
import { type HeaderToKey, METADATA_PREFIX, readMetadata, responseHeaders, TRAILER_PREFIX } from './metadata.js'
import type { HttpLimits } from './options.js'
import type { Match } from './route/router.js'
import type { Route } from './routes.js'

const NO_BODY = Buffer.alloc(0)

/** What a server gives to each of its exchanges. */
export interface ExchangeHost {
  readonly limits: HttpLimits
  readonly clock: Clock
  readonly heartbeatMs: number
  readonly keyOf: HeaderToKey
  /** True once connections are to be closed after their response. */
  readonly draining: boolean
}

/** An HTTP request that leads to a method, and its response. */
export interface ExchangeInit {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly match: Match<Route>
  /** What follows the question mark. */
  readonly query: string
}

/** One call over HTTP, from the head of its request to the end of its response. */
export class Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly #host: ExchangeHost
  readonly #match: Match<Route>
  readonly #query: string
  #context: Context | undefined
  #writer: StreamWriter | undefined

  constructor(host: ExchangeHost, { request, response, match, query }: ExchangeInit) {
    this.#host = host
    this.request = request
    this.response = response
    this.#match = match
    this.#query = query
  }

  /** Serves the call; never rejects. */
  async run(): Promise<void> {
    try {
      const context = this.#begin()
      this.#check()
      const response = await serve(() => this.#call(context), undefined, context)
      if (streamsResponses(context.method.kind)) await this.#stream(response, context)
      else this.#answer(JSON.stringify(this.#match.target.toJson(response)))
    } catch (thrown) {
      this.#fail(RpcError.from(thrown))
    } finally {
      this.#context?.finish()
    }
  }

  /** Ends the call with an error, which the client gets if it can. */
  cancel(reason: RpcError): void {
    this.#context?.cancel(reason)
  }

  /** The connection is gone, or the response complete. */
  closed(): void {
    if (!this.response.writableFinished) this.cancel(new RpcError(Code.CANCELLED, 'the client went away'))
  }

  #begin(): Context {
    const { request } = this
    const { clock, keyOf } = this.#host
    const timeout = request.headers[TIMEOUT_HEADER]
    const deadline = timeout === undefined ? undefined : clock.now() + parseTimeout(String(timeout))
    this.#context = new Context({
      method: this.#match.target.method,
      side: 'server',
      clock,
      deadline,
      metadata: () => readMetadata(request.rawHeaders, keyOf),
      peer: () => peerOf(request),
    })
    return this.#context
  }

  /** Refuses what is wrong before anything is read. */
  #check(): void {
    const { method, binder } = this.#match.target
    const { request } = this
    if (method.kind === 'bidi_stream') {
      const problem = `${method.path} streams both ways, which HTTP/1.1 cannot carry: call it over gRPC`
      throw new HttpRefusal(501, [Code.UNIMPLEMENTED, problem])
    }
    if (request.method === 'HEAD' && streamsResponses(method.kind)) {
      throw new HttpRefusal(405, [Code.UNIMPLEMENTED, 'a stream has no HEAD'], [['Allow', 'GET']])
    }
    if (!hasBody(request)) return
    if (!binder.takesBody) throw badRequest('this route takes no body')
    const type = request.headers['content-type']
    const fits = hasType(type, JSON_TYPE) || (streamsRequests(method.kind) && hasType(type, NDJSON_TYPE))
    if (!fits) throw unsupported('the Content-Type is not application/json')
  }

  async #call(context: Context): Promise<unknown> {
    const message = await this.#read(context)
    // The body may have come to its end long after the call.
    if (context.cancelled) throw context.cancelled
    return this.#match.target.endpoint(message, context)
  }

  async #read(context: Context): Promise<unknown> {
    const { request } = this
    const { binder, method } = this.#match.target
    // Sent as late as this, so that a request that is refused by its head need not be sent at all.
    if (request.headers.expect !== undefined) this.response.writeContinue()
    if (streamsRequests(method.kind)) return this.#requests(context)
    const body = binder.takesBody && hasBody(request) ? await readBody(request, this.#limits.maxBodyBytes) : NO_BODY
    return method.request.fromJson(binder.bind({ values: this.#match.values, query: this.#query, body }))
  }

  async *#requests(context: Context): AsyncGenerator<unknown> {
    const { request: codec } = this.#match.target.method
    const source = bodyStream(this.request)
    try {
      for await (const line of readLines(source, { limit: this.#limits.maxBodyBytes, overLimit })) {
        yield codec.fromJson(parseRequest(line))
      }
    } catch (thrown) {
      if (thrown instanceof RpcError) throw thrown
      throw context.cancelled ?? badRequest('the request broke off')
    }
  }

  async #stream(stream: unknown, context: Context): Promise<void> {
    const responses = (stream as AsyncIterable<unknown>)[Symbol.asyncIterator]()
    const writer = this.#openWriter(context)
    try {
      for (let next = await responses.next(); !next.done; next = await responses.next()) {
        await writer.message(JSON.stringify(this.#match.target.toJson(next.value)))
      }
      writer.finish()
      this.#end(context)
    } finally {
      writer.close()
      responses.return?.().catch(() => {})
    }
  }

  #openWriter(context: Context): StreamWriter {
    const { clock } = context
    const format = this.#format()
    const start = (): void => this.#writeHead(200, [...format.headers, ...this.#metadata()])
    const { heartbeatMs } = this.#host
    const { writeTimeoutMs } = this.#limits
    const schedule = (delayMs: number, fire: () => void): (() => void) => clock.schedule(delayMs, fire)
    const onCancel = (listener: () => void): (() => void) => context.onCancel(listener)
    this.#writer = new StreamWriter(this.response, { format, start, heartbeatMs, writeTimeoutMs, schedule, onCancel })
    return this.#writer
  }

  #format(): StreamFormat {
    const { accept } = this.request.headers
    if (accepts(accept, SSE_TYPE)) return eventFormat
    return lineFormat(accepts(accept, NDJSON_TYPE) ? NDJSON_TYPE : JSON_TYPE)
  }

  #answer(json: string): void {
    if (this.response.destroyed) return
    this.#writeBody(200, [['Content-Type', JSON_TYPE], ...this.#metadata()], json)
  }

  #fail(error: RpcError): void {
    if (this.response.destroyed) return
    if (this.#writer?.started) {
      this.#writer.fail(errorText(error))
      this.#end(this.#context)
      return
    }
    const { status, headers, body } = errorReply(error)
    this.#writeBody(status, [['Content-Type', JSON_TYPE], ...headers, ...this.#metadata()], body)
  }

  #writeBody(status: number, headers: HeaderList, body: string): void {
    const trailers = this.#trailers(this.#context)
    if (trailers.length > 0) {
      this.#writeHead(status, headers)
      this.response.write(body)
    } else {
      this.#writeHead(status, [...headers, ['Content-Length', String(Buffer.byteLength(body))]])
    }
    this.#end(this.#context, trailers.length > 0 ? undefined : body)
  }

  #writeHead(status: number, headers: HeaderList): void {
    if (this.#host.draining) this.response.shouldKeepAlive = false
    this.response.writeHead(status, headers.flat())
  }

  #end(context: Context | undefined, body?: string): void {
    const { response } = this
    const trailers = this.#trailers(context)
    if (trailers.length > 0) response.addTrailers(trailers as [string, string][])
    response.end(body)
    if (response.writableLength === 0) return
    // The client does not read: it must not keep the response in memory for ever.
    const cancelTimer = this.#host.clock.schedule(this.#limits.writeTimeoutMs, () => response.destroy())
    response.once('close', cancelTimer)
  }

  #metadata(): HeaderList {
    const context = this.#context
    return context?.hasResponseHeaders ? responseHeaders(context.responseHeaders, METADATA_PREFIX) : []
  }

  /** Trailers, for a client that says that it reads them. */
  #trailers(context: Context | undefined): HeaderList {
    if (!context?.hasResponseTrailers || !/\btrailers\b/i.test(String(this.request.headers.te))) return []
    return responseHeaders(context.responseTrailers, TRAILER_PREFIX)
  }

  get #limits(): HttpLimits {
    return this.#host.limits
  }
}

function peerOf({ socket }: IncomingMessage): Peer {
  const address = `${socket.remoteAddress}:${socket.remotePort}`
  const { authorized, getPeerCertificate } = socket as Partial<TLSSocket>
  if (!authorized || !getPeerCertificate) return { address }
  const { subject, subjectaltname, fingerprint256 } = (socket as TLSSocket).getPeerCertificate()
  const subjectAltNames = subjectaltname?.split(', ') ?? []
  return {
    address,
    certificate: {
      commonName: subject?.CN === undefined ? undefined : String(subject.CN),
      subjectAltNames,
      fingerprint256,
    },
  }
}
