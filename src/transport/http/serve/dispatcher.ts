import { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { Roster } from '../../kernel.js'
import { BrowserCalls } from '../browser/browser-calls.js'
import { errorReply, malformed, noRoute, shuttingDown, tooLarge, wrongMethod } from '../error.js'
import { Exchange } from '../exchange.js'
import { requestKeys } from '../metadata.js'
import type { HttpLimits, HttpServerOptions } from '../options.js'
import { Replies } from '../reply/replies.js'
import type { ExchangeHost } from '../request/exchange-init.js'
import type { Router } from '../route/router.js'
import type { Route } from '../routes.js'
import { Arrivals, type Place } from './arrivals.js'
import { Cors } from './cors.js'
import type { HttpRequest, HttpResponse } from './http-message.js'
import { IncomingRequest } from './incoming-request.js'
import { NONE, sendReply } from './reply.js'

/** Why calls are cancelled. */
export type CancelReason = Parameters<Exchange['cancel']>[0]
type Clock = ExchangeHost['clock']

/** A request that has not been answered to its end: an exchange, or one that is none of a method. */
interface Running {
  readonly request: Pick<HttpRequest, 'httpVersionMajor' | 'socket' | 'hasBody' | 'complete'>
  readonly response: Pick<HttpResponse, 'headersSent' | 'shouldKeepAlive'> & {
    on(event: 'close', listener: () => void): unknown
  }
  cancel?(reason: CancelReason): void
  /** The server is about to leave. */
  retire?(): void
  closed?(): void
}

/** A request that may still be arriving, and its response. */
interface Arriving extends Running {
  readonly request: HttpRequest
  readonly response: HttpResponse
  /** The messages of a stream of requests. */
  readonly incoming?: { readonly isAwaited: boolean } | undefined
}

/** A request for a path that has methods, but not the one that is asked for. */
interface Question {
  readonly request: HttpRequest
  readonly response: HttpResponse
  /** Whether a page of its origin may call. */
  readonly admitted: boolean
  readonly path: string
  readonly methods: readonly string[]
}

/** What a dispatcher is given. */
export interface DispatcherHost extends Pick<ExchangeHost, 'limits' | 'clock'> {
  /** What is served in the protocols of browsers. */
  readonly bindings: ConstructorParameters<typeof BrowserCalls>[1]['bindings']
}

/** Brings each request to its route, or says what is wrong with it, and knows those that run. */
export class Dispatcher implements ExchangeHost {
  readonly limits: HttpLimits
  readonly clock: Clock
  readonly heartbeatMs: number
  readonly keyOf: ExchangeHost['keyOf']
  readonly replies: Replies
  readonly #router: Router<Route>
  readonly cors: Cors | undefined
  readonly #browsers: BrowserCalls
  readonly #fallback: HttpServerOptions['fallback']
  readonly #arrivals: Arrivals
  readonly #running = new Roster<Running>()
  #whenIdle: (() => void)[] = []
  #draining = false

  constructor(router: Router<Route>, options: HttpServerOptions, host: DispatcherHost) {
    this.#router = router
    this.limits = host.limits
    this.clock = host.clock
    this.#arrivals = new Arrivals({ clock: host.clock, timeoutMs: host.limits.requestTimeoutMs })
    this.heartbeatMs = options.heartbeatMs ?? 15_000
    this.keyOf = requestKeys(options.metadataHeaders)
    this.replies = new Replies(options)
    this.#browsers = new BrowserCalls(options, { ...host, isDraining: () => this.#draining })
    this.cors = options.cors && new Cors(options.cors)
    this.#fallback = options.fallback
  }

  get draining(): boolean {
    return this.#draining
  }

  /** Answers a request; never throws. */
  dispatch(request: HttpRequest, response: HttpResponse): void {
    try {
      this.#route(request, response)
    } catch (thrown) {
      this.refuse(request, response, thrown)
    }
  }

  /** Takes no further requests, and has connections closed after their response. */
  drain(): void {
    this.#draining = true
    for (const running of this.#running.members()) running.retire?.()
  }

  /** Takes in a call that came in another way than by `dispatch`. */
  join(running: Running): void {
    this.#track(running)
  }

  /** Resolves when no request runs. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#running.size === 0) resolve()
      else this.#whenIdle.push(resolve)
    })
  }

  /** Cancels all calls. */
  cancel(reason: CancelReason): void {
    for (const running of this.#running.members()) running.cancel?.(reason)
  }

  /** The connections that a request is running on. */
  busySockets(): ReadonlySet<Duplex> {
    return new Set(this.#running.members().map(({ request }) => request.socket))
  }

  /** True if a response has begun to leave on a connection. */
  isAnswering(socket: Duplex): boolean {
    return this.#running.members().some(({ request, response }) => request.socket === socket && response.headersSent)
  }

  /**
   * Ends the call whose request turned out not to be one while it arrived, in the words of its protocol; false if there is
   * none on the connection that can still be answered.
   */
  breakOff(socket: Duplex, reason: CancelReason): boolean {
    const broken = this.#running
      .members()
      .find(({ request, response }) => request.socket === socket && isArriving(request) && !response.headersSent)
    if (!broken?.cancel) return false
    broken.response.shouldKeepAlive = false
    broken.cancel(reason)
    return true
  }

  /** Looks after nothing any more. */
  close(): void {
    this.#arrivals.stop()
  }

  #route(request: HttpRequest, response: HttpResponse): void {
    const { url = '', method = '' } = request
    const admitted = this.cors?.admit(request, response) ?? false
    const mark = url.indexOf('?')
    const path = mark < 0 ? url : url.slice(0, mark)
    const refusal = this.#refusal(request)
    const call = this.#browsers.open({ request, response, path, admitted })
    if (call && (refusal || call.binding)) {
      this.#begin(call, refusal)
      return
    }
    if (refusal) throw refusal
    // A route for any method does not take the questions of browsers.
    const asks = admitted && method === 'OPTIONS' && 'access-control-request-method' in request.headers
    const match = asks ? undefined : this.#router.find(method, path)
    if (match) {
      const query = mark < 0 ? '' : url.slice(mark + 1)
      const exchange = new Exchange(this, { request, response, match, query, admitted })
      this.#admit(exchange)
      exchange.run()
      return
    }
    const methods = this.#router.methods(path)
    if (methods.length > 0) this.#tellMethods({ request, response, admitted, methods, path })
    else if (this.#fallback) this.#fallBack(request, response)
    else if (call) this.#begin(call, noRoute(method, path))
    else throw noRoute(method, path)
  }

  #begin(call: Arriving & { run(refusal?: CancelReason): void }, refusal?: CancelReason): void {
    this.#admit(call)
    call.run(refusal)
  }

  /** Why a request is not looked at any further. */
  #refusal(request: HttpRequest): CancelReason | undefined {
    // A client of HTTP/2 may send requests until it hears that the server leaves; they are not for nothing.
    if (this.#draining && !isShared(request)) return shuttingDown()
    const { url = '' } = request
    return url.length > this.limits.maxUrlBytes ? tooLarge(414, 'the URL is too long') : undefined
  }

  #tellMethods({ request, response, admitted, methods, path }: Question): void {
    if (request.method !== 'OPTIONS') throw wrongMethod([...methods, 'OPTIONS'])
    if (admitted) this.cors?.preflight(request, response, { methods, rpc: this.#browsers.methods(path) })
    this.#admit({ request, response })
    response.writeHead(204, ['Allow', [...methods, 'OPTIONS'].join(', ')])
    response.end()
  }

  #fallBack(request: HttpRequest, response: HttpResponse): void {
    this.#admit({ request, response })
    try {
      if (request instanceof IncomingRequest && response instanceof ServerResponse) this.#fallback?.(request, response)
      else response.requireHttp1?.()
    } catch (thrown) {
      this.#reply(response, thrown)
    }
  }

  /** Answers a request that leads nowhere with what is wrong with it. */
  refuse(request: HttpRequest, response: HttpResponse, thrown: unknown): void {
    this.#admit({ request, response })
    this.#reply(response, thrown)
  }

  #reply(response: HttpResponse, thrown: unknown): void {
    if (response.headersSent) {
      response.destroy()
      return
    }
    const reply = errorReply(thrown, this.replies.errors)
    if (this.#draining) response.shouldKeepAlive = false
    sendReply(response, { ...reply, trailers: NONE })
  }

  /** Takes in a request whose body may be still to come. */
  #admit(running: Arriving): void {
    this.#track(running, isArriving(running.request) ? this.#watch(running) : undefined)
  }

  #watch(running: Arriving): Place | undefined {
    const late = (): void => this.#giveUp(running, malformed('ERR_HTTP_REQUEST_TIMEOUT'))
    return this.#arrivals.watch({ request: running.request, messages: () => running.incoming, late })
  }

  /** Ends a request that cannot be read to its end, in the words of its protocol if there is still room for them. */
  #giveUp(running: Arriving, reason: CancelReason): void {
    const { request, response } = running
    if (response.writableEnded || response.destroyed) {
      if (!isShared(request)) request.socket.destroy()
      return
    }
    response.shouldKeepAlive = false
    if (running.cancel) running.cancel(reason)
    else this.#reply(response, reason)
  }

  #track(running: Running, arrival?: Place): void {
    const place = this.#running.add(running)
    const { request } = running
    running.response.on('close', () => {
      this.#running.remove(place)
      // Of a request that was answered early the rest is waited for no longer than for others.
      if (arrival && (request.complete || isShared(request))) this.#arrivals.leave(arrival)
      running.closed?.()
      if (this.#draining) this.#leave(running)
    })
  }

  #leave({ request }: Running): void {
    // A response that began before the drain did not say that its connection would be closed.
    if (!isShared(request) && !this.busySockets().has(request.socket)) request.socket.destroySoon()
    if (this.#running.size > 0) return
    for (const resolve of this.#whenIdle.splice(0)) resolve()
  }
}

/** True if some of the request's body is still to come. */
function isArriving({ hasBody, complete }: Pick<HttpRequest, 'hasBody' | 'complete'>): boolean {
  return hasBody && !complete
}

/** True if the request is on a connection with others, which leaves by means of its own. */
function isShared({ httpVersionMajor }: Pick<HttpRequest, 'httpVersionMajor'>): boolean {
  return httpVersionMajor > 1
}
