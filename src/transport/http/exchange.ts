import type { Context } from '../../endpoint/context.js'
import { streamsRequests, streamsResponses } from '../../endpoint/method.js'
import { serveInto } from '../../endpoint/serve.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import type { BodyFormat } from './bind.js'
import { errorText, type HeaderList } from './error.js'
import { headersOf, trailersOf } from './metadata.js'
import { type FormInit, formMessages, readForm } from './multipart/read-form.js'
import type { RawPlace } from './raw/raw-place.js'
import { RawWriter, sendRaw } from './raw/raw-stream.js'
import { failureReply } from './reply/failure-reply.js'
import { httpReplyKey, replyHeaders } from './reply/http-reply.js'
import { pack } from './reply/pack.js'
import { headerText } from './reply/replies.js'
import { callContext } from './request/call-context.js'
import type { ExchangeHost, ExchangeInit } from './request/exchange-init.js'
import { IncomingMessages } from './request/incoming-messages.js'
import { judgeRequest } from './request/judge-request.js'
import { requestMessages } from './request/request-messages.js'
import type { Match } from './route/router.js'
import type { Route } from './routes.js'
import { readBody } from './serve/body.js'
import { NO_BODY } from './serve/body-collector.js'
import type { HttpRequest, HttpResponse } from './serve/http-message.js'
import { type Reply, sendReply, writeHead } from './serve/reply.js'
import { letGo } from './serve/room.js'
import { EventIds } from './stream/event-id.js'
import { formatFor, isPastEnd, PAST_END, prospectOf } from './stream/stream-format.js'
import { StreamWriter } from './stream/stream-writer.js'
import { JSON_TYPE } from './wire/media-type.js'

/** One call over HTTP, from the head of its request to the end of its response. */
export class Exchange {
  readonly request: HttpRequest
  readonly response: HttpResponse
  readonly #host: ExchangeHost
  readonly #match: Match<Route>
  readonly #query: string
  readonly #admitted: boolean
  /** The messages of a stream of requests. */
  incoming: IncomingMessages | undefined
  #context: Context | undefined
  #writer: StreamWriter | undefined
  #rawWriter: RawWriter | undefined
  /** The body is still to come. */
  #receiving = false
  #format: BodyFormat = 'json'
  /** What the response is to be in. */
  #type = JSON_TYPE

  constructor(host: ExchangeHost, { request, response, match, query, admitted }: ExchangeInit) {
    this.#host = host
    this.request = request
    this.response = response
    this.#match = match
    this.#query = query
    this.#admitted = admitted
  }

  /** Serves the call; never throws. */
  run(): void {
    try {
      const context = callContext(this.request, this.#match.target.method, this.#host)
      this.#context = context
      const withBody = this.#check()
      // Sent as late as this, so that a request that is refused by its head need not be sent at all.
      if (this.request.headers.expect !== undefined) this.response.writeContinue()
      if (isPastEnd(this.request, context.method)) this.#send(PAST_END)
      else if (streamsRequests(context.method.kind)) this.#serve(this.#requests(context), context)
      else if (withBody) this.#receive(context)
      else this.#serveWithout(context)
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

  /** Refuses what is wrong before anything is read; true if there is a body. */
  #check(): boolean {
    const { replies, limits } = this.#host
    const { request, response } = this
    const { target } = this.#match
    const { format, type } = judgeRequest({ request, response, target, admitted: this.#admitted, replies, limits })
    this.#type = type
    this.#format = format ?? 'json'
    return format !== undefined
  }

  #serveWithout(context: Context): void {
    // Nobody asks for the end of what is empty: as a stream it would cost as much as the call.
    if (!this.request.hasBody) this.request.collect(0, () => {})
    this.#serve(this.#message(NO_BODY), context)
  }

  /** Serves the call once its body is there, unless it ends before. */
  #receive(context: Context): void {
    this.#receiving = true
    if (context.deadline !== undefined) context.onCancel((reason) => this.cancel(reason))
    const received = (message: () => unknown): void => {
      this.#receiving = false
      if (context.cancelled) return
      try {
        this.#serve(message(), context)
      } catch (thrown) {
        this.#fail(thrown)
      }
    }
    if (this.#format === 'form') this.#receiveForm(context, received)
    else
      readBody(this.request, this.#host.limits.maxBodyBytes, (error, body) =>
        received(() => this.#message(body, error)),
      )
  }

  #receiveForm(context: Context, received: (message: () => unknown) => void): void {
    const { values, target } = this.#match
    readForm(this.request, this.#formInit(context)).then(
      (json) => received(() => target.binder.bindForm({ values, query: this.#query }, json)),
      (thrown) => received(() => rethrow(thrown)),
    )
  }

  #formInit(context: Context): FormInit {
    return { context, rule: this.#match.target.rule, limits: this.#host.limits }
  }

  #message(body: Buffer, error?: Error): unknown {
    if (error) throw error
    const { binder } = this.#match.target
    const parts = { values: this.#match.values, query: this.#query, body }
    if (this.#format === 'protobuf') return binder.bindProtobuf(parts)
    if (this.#format === 'raw') return binder.bindRaw(parts, this.request.headers['content-type'])
    return binder.bindJson(parts)
  }

  #requests(context: Context): AsyncIterable<unknown> {
    const { raw } = this.#match.target.binder
    const limit = this.#host.limits.maxBodyBytes
    this.incoming = new IncomingMessages(
      this.#format === 'form'
        ? formMessages(this.request, this.#formInit(context))
        : requestMessages(this.request, { context, raw, limit }),
    )
    return this.incoming
  }

  #serve(request: unknown, context: Context): void {
    const { endpoint, raw } = this.#match.target
    serveInto(
      { endpoint, request, context },
      {
        resolve: (response) => {
          if (!streamsResponses(context.method.kind)) this.#answer(response, context)
          else if (raw) void this.#streamRaw(response, raw, context)
          else void this.#stream(response, context)
        },
        reject: (error) => this.#fail(error),
      },
    )
  }

  #answer(message: unknown, context: Context): void {
    try {
      const { replies } = this.#host
      const { compression } = replies
      const answer = replies.answer(message, { route: this.#match.target, context, type: this.#type })
      if (compression) pack(answer, { compression, response: this.response }, (packed) => this.#send(packed))
      else this.#send(answer)
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  async #stream(stream: unknown, context: Context): Promise<void> {
    const responses = (stream as AsyncIterable<unknown>)[Symbol.asyncIterator]()
    const writer = this.#openWriter(context)
    try {
      for (let next = await responses.next(); !next.done; next = await responses.next()) {
        await writer.message(next.value, this.#match.target.toText(next.value))
      }
      writer.finish(trailersOf(this.#context, this.request))
      this.#end()
    } catch (thrown) {
      this.#fail(thrown)
    } finally {
      writer.close()
      responses.return?.().catch(() => {})
    }
  }

  /** Sends a stream of chunks of one body. */
  async #streamRaw(stream: unknown, place: RawPlace, context: Context): Promise<void> {
    const { clock, limits } = this.#host
    this.#rawWriter = new RawWriter(this.response, {
      start: (type) => this.#start([['Content-Type', headerText(type) ?? 'application/octet-stream']], context),
      schedule: (fire) => (limits.writeTimeoutMs > 0 ? clock.schedule(limits.writeTimeoutMs, fire) : () => {}),
      onCancel: (listener) => context.onCancel(listener),
    })
    try {
      await sendRaw(stream, place, this.#rawWriter)
      this.#end()
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  /** Sends the head of a stream. */
  #start(own: HeaderList, context: Context): void {
    this.#keepAliveUnlessDraining()
    const reply = context.get(httpReplyKey)
    const status = reply?.status ?? this.#match.target.status
    const headers = reply === undefined ? own : [...own, ...replyHeaders(reply)]
    writeHead(this.response, status, [...headers, ...headersOf(context)].flat())
  }

  #openWriter(context: Context): StreamWriter {
    const { headers } = this.request
    const format = formatFor(headers.accept)
    const { clock, heartbeatMs, limits } = this.#host
    this.#writer = new StreamWriter(this.response, {
      format,
      ids: new EventIds(context, headers['last-event-id']),
      start: () => this.#start(format.headers, context),
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
      this.#writer.fail(errorText(error), prospectOf(error), trailersOf(this.#context, this.request))
      this.#end()
      return
    }
    // A body that breaks off can say so only by breaking off.
    if (this.#rawWriter?.started) this.#rawWriter.breakOff()
    else this.#send(failureReply(error, this.#host.replies.errors, this.#type))
  }

  #send({ status, headers: own, type, body }: Omit<Reply, 'trailers'>): void {
    if (this.response.destroyed) return
    this.#keepAliveUnlessDraining()
    const context = this.#context
    const headers = context?.hasResponseHeaders ? [...own, ...headersOf(context)] : own
    sendReply(this.response, { status, headers, type, body, trailers: trailersOf(this.#context, this.request) })
    this.#end()
  }

  /** The call is over; what is left is for the client to read. */
  #end(): void {
    this.#context?.finish()
    const { request, response } = this
    // What is left of a stream of requests must not stand in the way of the next request.
    if (streamsRequests(this.#match.target.method.kind)) request.discard()
    letGo(response, this.#host.clock, this.#host.limits.writeTimeoutMs)
  }

  #keepAliveUnlessDraining(): void {
    if (this.#host.draining) this.response.shouldKeepAlive = false
  }
}

function rethrow(thrown: unknown): never {
  throw thrown
}
