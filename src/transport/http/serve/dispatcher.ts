import { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { BrowserCalls } from '../browser/browser-calls.js'
import { errorReply, noRoute, shuttingDown, tooLarge, wrongMethod } from '../error.js'
import { Exchange, type ExchangeHost, Roster } from '../exchange.js'
import { requestKeys } from '../metadata.js'
import type { HttpLimits, HttpServerOptions } from '../options.js'
import { Replies } from '../reply/replies.js'
import type { Router } from '../route/router.js'
import type { Route } from '../routes.js'
import { Cors } from './cors.js'
import type { HttpRequest, HttpResponse } from './http-message.js'
import { IncomingRequest } from './incoming-request.js'
import { NONE, sendReply } from './reply.js'

/** Why calls are cancelled. */
export type CancelReason = Parameters<Exchange['cancel']>[0]
type Clock = ExchangeHost['clock']

/** A request that has not been answered to its end: an exchange, or one that is none of a method. */
interface Running {
  readonly request: Pick<HttpRequest, 'httpVersionMajor' | 'socket'>
  readonly response: Pick<HttpResponse, 'headersSent'> & { on(event: 'close', listener: () => void): unknown }
  cancel?(reason: CancelReason): void
  /** The server is about to leave. */
  retire?(): void
  closed?(): void
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
  readonly #running = new Roster<Running>()
  #whenIdle: (() => void)[] = []
  #draining = false

  constructor(router: Router<Route>, options: HttpServerOptions, host: DispatcherHost) {
    this.#router = router
    this.limits = host.limits
    this.clock = host.clock
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
      const exchange = new Exchange(this, { request, response, match, query })
      this.#track(exchange)
      exchange.run()
      return
    }
    const methods = this.#router.methods(path)
    if (methods.length > 0) this.#tellMethods({ request, response, admitted, methods, path })
    else if (this.#fallback) this.#fallBack(request, response)
    else if (call) this.#begin(call, noRoute(method, path))
    else throw noRoute(method, path)
  }

  #begin(call: Running & { run(refusal?: CancelReason): void }, refusal?: CancelReason): void {
    this.#track(call)
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
    this.#track({ request, response })
    response.writeHead(204, ['Allow', [...methods, 'OPTIONS'].join(', ')])
    response.end()
  }

  #fallBack(request: HttpRequest, response: HttpResponse): void {
    this.#track({ request, response })
    try {
      if (request instanceof IncomingRequest && response instanceof ServerResponse) this.#fallback?.(request, response)
      else response.requireHttp1?.()
    } catch (thrown) {
      this.#reply(response, thrown)
    }
  }

  /** Answers a request that leads nowhere with what is wrong with it. */
  refuse(request: HttpRequest, response: HttpResponse, thrown: unknown): void {
    this.#track({ request, response })
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

  #track(running: Running): void {
    const place = this.#running.add(running)
    running.response.on('close', () => {
      this.#running.remove(place)
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

/** True if the request is on a connection with others, which leaves by means of its own. */
function isShared({ httpVersionMajor }: Pick<HttpRequest, 'httpVersionMajor'>): boolean {
  return httpVersionMajor > 1
}
