import { Context } from '../../endpoint/context.js'
import { streamsRequests, streamsResponses } from '../../endpoint/method.js'
import { serveInto } from '../../endpoint/serve.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import type { Clock } from '../../resilience/clock.js'
import { requestOf } from './bind.js'
import { parseTimeout, TIMEOUT_HEADER } from './deadline.js'
import { badRequest, errorReply, errorText, type HeaderList, HttpRefusal, unsupported } from './error.js'
import { type HeaderToKey, METADATA_PREFIX, readMetadata, responseHeaders, TRAILER_PREFIX } from './metadata.js'
import type { HttpLimits } from './options.js'
import type { Match } from './route/router.js'
import type { Route } from './routes.js'
import { bodyStream, readBody } from './serve/body.js'
import { EventIds } from './serve/event-id.js'
import type { HttpRequest, HttpResponse } from './serve/http-message.js'
import { NO_BODY, overLimit } from './serve/incoming-request.js'
import { peerOf } from './serve/peer.js'
import { NONE, sendReply } from './serve/reply.js'
import { formatFor, isPastEnd, prospectOf } from './serve/stream-format.js'
import { StreamWriter } from './serve/stream-writer.js'
import { parseRequest } from './wire/json.js'
import { readLines } from './wire/lines.js'
import { hasType, JSON_TYPE, NDJSON_TYPE } from './wire/media-type.js'

/** What a server keeps its exchanges in. */
export { Roster } from '../../resilience/roster.js'

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
  readonly request: HttpRequest
  readonly response: HttpResponse
  readonly match: Match<Route>
  /** What follows the question mark. */
  readonly query: string
}

/** One call over HTTP, from the head of its request to the end of its response. */
export class Exchange {
  readonly request: HttpRequest
  readonly response: HttpResponse
  readonly #host: ExchangeHost
  readonly #match: Match<Route>
  readonly #query: string
  #context: Context | undefined
  #writer: StreamWriter | undefined
  /** The body is still to come. */
  #receiving = false

  constructor(host: ExchangeHost, { request, response, match, query }: ExchangeInit) {
    this.#host = host
    this.request = request
    this.response = response
    this.#match = match
    this.#query = query
  }

  /** Serves the call; never throws. */
  run(): void {
    try {
      const context = this.#begin()
      const withBody = this.#check()
      // Sent as late as this, so that a request that is refused by its head need not be sent at all.
      if (this.request.headers.expect !== undefined) this.response.writeContinue()
      if (this.#isPastEnd(context)) this.#sendNothing()
      else if (streamsRequests(context.method.kind)) this.#serve(this.#requests(context), context)
      else if (withBody) this.#receive(context)
      else this.#serve(this.#message(NO_BODY), context)
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  /** Ends the call with an error, which the client gets if it can. */
  cancel(reason: RpcError): void {
    this.#context?.cancel(reason)
    if (this.#receiving) this.#fail(reason)
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

  /** Refuses what is wrong before anything is read; true if there is a body. */
  #check(): boolean {
    const { method, binder } = this.#match.target
    const { request } = this
    if (method.kind === 'bidi_stream') {
      const problem = `${method.path} streams both ways, which JSON over HTTP cannot carry: call it over gRPC`
      throw new HttpRefusal(501, [Code.UNIMPLEMENTED, problem])
    }
    if (request.method === 'HEAD' && streamsResponses(method.kind)) {
      throw new HttpRefusal(405, [Code.UNIMPLEMENTED, 'a stream has no HEAD'], [['Allow', 'GET']])
    }
    if (!request.hasBody) return false
    if (!binder.takesBody) throw badRequest('this route takes no body')
    const type = request.headers['content-type']
    const fits = hasType(type, JSON_TYPE) || (streamsRequests(method.kind) && hasType(type, NDJSON_TYPE))
    if (!fits) throw unsupported('the Content-Type is not application/json')
    return true
  }

  /** A browser asks for what follows the end of its stream, and does so until it hears that there is nothing. */
  #isPastEnd({ method }: Context): boolean {
    const { headers } = this.request
    return streamsResponses(method.kind) && isPastEnd(formatFor(headers.accept), headers['last-event-id'])
  }

  #sendNothing(): void {
    this.#keepAliveUnlessDraining()
    this.response.writeHead(204, ['Cache-Control', 'no-store'])
    this.response.end()
    this.request.discard()
    this.#end()
  }

  /** Serves the call once its body is there, unless it ends before. */
  #receive(context: Context): void {
    this.#receiving = true
    if (context.deadline !== undefined) context.onCancel((reason) => this.cancel(reason))
    readBody(this.request, this.#host.limits.maxBodyBytes, (error, body) => {
      this.#receiving = false
      if (context.cancelled) return
      try {
        if (error) throw error
        this.#serve(this.#message(body), context)
      } catch (thrown) {
        this.#fail(thrown)
      }
    })
  }

  #message(body: Buffer): unknown {
    const { binder, method } = this.#match.target
    return requestOf(binder.bind({ values: this.#match.values, query: this.#query, body }), method.request)
  }

  async *#requests(context: Context): AsyncGenerator<unknown> {
    const { request: codec } = context.method
    const source = bodyStream(this.request)
    try {
      for await (const line of readLines(source, { limit: this.#host.limits.maxBodyBytes, overLimit })) {
        yield requestOf(parseRequest(line), codec)
      }
    } catch (thrown) {
      if (thrown instanceof RpcError) throw thrown
      throw context.cancelled ?? badRequest('the request broke off')
    }
  }

  #serve(request: unknown, context: Context): void {
    const { endpoint } = this.#match.target
    serveInto(
      { endpoint, request, context },
      {
        resolve: (response) => {
          if (streamsResponses(context.method.kind)) void this.#stream(response, context)
          else this.#answer(response)
        },
        reject: (error) => this.#fail(error),
      },
    )
  }

  #answer(message: unknown): void {
    try {
      this.#send(200, NONE, JSON.stringify(this.#match.target.toJson(message)))
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  async #stream(stream: unknown, context: Context): Promise<void> {
    const responses = (stream as AsyncIterable<unknown>)[Symbol.asyncIterator]()
    const writer = this.#openWriter(context)
    try {
      for (let next = await responses.next(); !next.done; next = await responses.next()) {
        await writer.message(next.value, JSON.stringify(this.#match.target.toJson(next.value)))
      }
      writer.finish(this.#trailers())
      this.#end()
    } catch (thrown) {
      this.#fail(thrown)
    } finally {
      writer.close()
      responses.return?.().catch(() => {})
    }
  }

  #openWriter(context: Context): StreamWriter {
    const { headers } = this.request
    const format = formatFor(headers.accept)
    const start = (): void => {
      this.#keepAliveUnlessDraining()
      this.response.writeHead(200, [...format.headers, ...this.#headers()].flat())
    }
    const { clock, heartbeatMs, limits } = this.#host
    this.#writer = new StreamWriter(this.response, {
      format,
      ids: new EventIds(context, headers['last-event-id']),
      start,
      heartbeatMs,
      writeTimeoutMs: limits.writeTimeoutMs,
      schedule: (delayMs, fire) => (delayMs > 0 ? clock.schedule(delayMs, fire) : () => {}),
      onCancel: (listener) => context.onCancel(listener),
    })
    return this.#writer
  }

  #fail(thrown: unknown): void {
    const error = RpcError.from(thrown)
    if (this.response.destroyed || this.response.writableEnded) return
    if (this.#writer?.started) {
      this.#writer.fail(errorText(error), prospectOf(error), this.#trailers())
      this.#end()
      return
    }
    const { status, headers, body } = errorReply(error)
    this.#send(status, headers, body)
  }

  #send(status: number, own: HeaderList, body: string): void {
    if (this.response.destroyed) return
    this.#keepAliveUnlessDraining()
    const context = this.#context
    const headers = context?.hasResponseHeaders ? [...own, ...this.#headers()] : own
    sendReply(this.response, { status, headers, body, trailers: this.#trailers() })
    this.#end()
  }

  /** The call is over; what is left is for the client to read. */
  #end(): void {
    this.#context?.finish()
    const { request, response } = this
    // What is left of a stream of requests must not stand in the way of the next request.
    if (streamsRequests(this.#match.target.method.kind)) request.discard()
    const { clock, limits } = this.#host
    if (response.writableLength === 0 || limits.writeTimeoutMs === 0) return
    // A client that does not read must not keep the response in memory for ever.
    const cancelTimer = clock.schedule(limits.writeTimeoutMs, () => response.destroy())
    response.once('close', cancelTimer)
  }

  #keepAliveUnlessDraining(): void {
    if (this.#host.draining) this.response.shouldKeepAlive = false
  }

  #headers(): HeaderList {
    const context = this.#context
    return context?.hasResponseHeaders ? responseHeaders(context.responseHeaders, METADATA_PREFIX) : NONE
  }

  /** Trailers, for a client that says that it reads them. */
  #trailers(): HeaderList {
    const context = this.#context
    if (!context?.hasResponseTrailers || !/\btrailers\b/i.test(String(this.request.headers.te))) return NONE
    return responseHeaders(context.responseTrailers, TRAILER_PREFIX)
  }
}
