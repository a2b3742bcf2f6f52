import type { WebSocketServer } from 'ws'
import {
  Code,
  type Context,
  type Endpoint,
  RpcError,
  serveInto,
  streamsRequests,
  streamsResponses,
} from '../../kernel.js'
import { errorReply, errorText } from '../error.js'
import { METADATA_PREFIX, responseHeaders } from '../metadata.js'
import type { HttpLimits } from '../options.js'
import type { Replies } from '../reply/replies.js'
import { NONE, sendReply } from '../serve/reply.js'
import { CloseCode, closeCodeOf } from './close-code.js'
import { OpenSocket } from './open-socket.js'
import type { PendingSocket } from './pending-socket.js'
import { metadataJson, type SocketMessages } from './socket-messages.js'

/** What a server gives to the calls that come over WebSockets. */
export interface SocketHost {
  readonly limits: HttpLimits
  readonly heartbeatMs: number
  readonly replies: Pick<Replies, 'errors'>
  /** True once clients are asked to leave. */
  readonly draining: boolean
}

/** A call that a WebSocket was asked for. */
export interface SocketCallInit {
  readonly host: SocketHost
  readonly server: WebSocketServer
  readonly pending: PendingSocket
  /** What came behind the head of the request. */
  readonly head: Buffer
  readonly endpoint: Endpoint
  readonly context: Context
  readonly messages: SocketMessages
}

/**
 * One call over a WebSocket. The socket opens when the call has passed what stands in front of its handler: when the
 * handler reads its first request, or has responses to give. What fails before is answered as HTTP.
 */
export class SocketCall {
  readonly request: PendingSocket['request']
  /** Where the end of the connection is heard of. */
  readonly response: {
    readonly headersSent: boolean
    shouldKeepAlive: boolean
    on(event: 'close', listener: () => void): unknown
  }
  readonly #init: SocketCallInit
  #open: OpenSocket | undefined
  #toldHeaders = false
  #over = false
  #cancelTimer: () => void = () => {}

  constructor(init: SocketCallInit) {
    this.#init = init
    const { request } = init.pending
    this.request = request
    this.response = {
      headersSent: true,
      shouldKeepAlive: false,
      on: (event, listener) => request.socket.once(event, listener),
    }
  }

  /** Serves the call; never throws. */
  run(): void {
    const { pending, head, context, messages } = this.#init
    try {
      messages.check()
      context.onCancel((reason) => this.#fail(reason))
      pending.watch(head, { gone: () => this.closed(), broken: (error) => this.cancel(RpcError.from(error)) })
      if (context.cancelled) return
      if (streamsRequests(context.method.kind)) this.#serve(this.#requests())
      else if (messages.expected === 0) this.#serve(messages.fromHead())
      else void this.#serveFirst()
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  /** Ends the call with an error, which the client gets if it can. */
  cancel(reason: RpcError): void {
    this.#init.context.cancel(reason)
  }

  /** Tells the client that the server is about to leave. */
  retire(): void {
    if (!this.#over) void this.#open?.send('{"goaway":{}}')
  }

  /** The connection is gone. */
  closed(): void {
    this.cancel(new RpcError(Code.CANCELLED, 'the client went away'))
  }

  #serve(request: unknown): void {
    const { endpoint, context } = this.#init
    serveInto(
      { endpoint, request, context },
      {
        resolve: (response) => {
          if (streamsResponses(context.method.kind)) void this.#stream(response as AsyncIterable<unknown>)
          else void this.#answer(response)
        },
        reject: (error) => this.#fail(error),
      },
    )
  }

  /** Serves the call once its only request is there. */
  async #serveFirst(): Promise<void> {
    const { host, context, messages } = this.#init
    const { requestTimeoutMs } = host.limits
    try {
      const { requests } = this.#accept()
      if (requestTimeoutMs > 0)
        this.#cancelTimer = context.clock.schedule(requestTimeoutMs, () => this.cancel(tooSlow()))
      const first = await requests.next()
      this.#cancelTimer()
      if (this.#over) return
      if (first.done) throw new RpcError(Code.INVALID_ARGUMENT, 'there was no request before the end of the requests')
      this.#serve(messages.fromFrame(first.value))
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  async *#requests(): AsyncGenerator<unknown> {
    for await (const frame of this.#accept().requests) yield this.#init.messages.fromFrame(frame)
  }

  async #stream(stream: AsyncIterable<unknown>): Promise<void> {
    const responses = stream[Symbol.asyncIterator]()
    try {
      this.#accept()
      for (let next = await responses.next(); !next.done; next = await responses.next()) await this.#send(next.value)
      this.#succeed()
    } catch (thrown) {
      this.#fail(thrown)
    } finally {
      responses.return?.().catch(() => {})
    }
  }

  async #answer(response: unknown): Promise<void> {
    try {
      await this.#send(response)
      this.#succeed()
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  #send(message: unknown): Promise<void> {
    const frame = this.#init.messages.toFrame(message)
    const socket = this.#accept()
    this.#tellHeaders(socket)
    return socket.send(frame)
  }

  /** The socket, which opens if it was not open. */
  #accept(): OpenSocket {
    const { pending, server, host, context } = this.#init
    if (this.#open) return this.#open
    const socket = this.#over ? undefined : pending.accept(server)
    if (!socket) throw context.cancelled ?? new RpcError(Code.CANCELLED, 'the client went away')
    const { maxBodyBytes, writeTimeoutMs } = host.limits
    this.#open = new OpenSocket(socket, {
      clock: context.clock,
      heartbeatMs: host.heartbeatMs,
      writeTimeoutMs,
      maxMessageBytes: maxBodyBytes,
      binary: this.#init.messages.binary,
      expected: this.#init.messages.expected,
      broken: (error) => this.cancel(error),
    })
    if (host.draining) this.retire()
    return this.#open
  }

  #succeed(): void {
    if (!this.#finish()) return
    const { context } = this.#init
    const socket = this.#accept()
    this.#tellHeaders(socket)
    const trailers = context.hasResponseTrailers ? { trailers: metadataJson(context.responseTrailers) } : {}
    socket.close(JSON.stringify({ end: trailers }), CloseCode.normal)
  }

  #fail(thrown: unknown): void {
    if (!this.#finish()) return
    const error = RpcError.from(thrown)
    const { context, host } = this.#init
    const socket = this.#open
    if (!socket) {
      this.#refuse(error)
      return
    }
    this.#tellHeaders(socket)
    const trailers = context.hasResponseTrailers ? JSON.stringify(metadataJson(context.responseTrailers)) : undefined
    const last = `{"error":${errorText(error)}${trailers === undefined ? '' : `,"trailers":${trailers}`}}`
    socket.close(last, closeCodeOf(error, host.draining), error)
  }

  #refuse(error: RpcError): void {
    const { pending, context, host } = this.#init
    if (pending.response.destroyed || pending.response.writableEnded) return
    const reply = errorReply(error, host.replies.errors)
    const own = context.hasResponseHeaders ? responseHeaders(context.responseHeaders, METADATA_PREFIX) : NONE
    sendReply(pending.response, { ...reply, headers: [...reply.headers, ...own], trailers: NONE })
  }

  /** Metadata goes in front of what it is about. */
  #tellHeaders(socket: OpenSocket): void {
    const { context } = this.#init
    if (this.#toldHeaders) return
    this.#toldHeaders = true
    if (context.hasResponseHeaders) void socket.send(JSON.stringify({ headers: metadataJson(context.responseHeaders) }))
  }

  /** False if the call was over. */
  #finish(): boolean {
    if (this.#over) return false
    this.#over = true
    this.#cancelTimer()
    this.#init.context.finish()
    return true
  }
}

function tooSlow(): RpcError {
  return new RpcError(Code.DEADLINE_EXCEEDED, 'the request did not arrive in time')
}
