import type { WebSocketServer } from 'ws'
import { type Clock, Code, Context } from '../../kernel.js'
import { parseTimeout, TIMEOUT_HEADER } from '../deadline.js'
import { HttpRefusal, shuttingDown, tooLarge } from '../error.js'
import { type HeaderToKey, readMetadata } from '../metadata.js'
import { checkOrigin } from '../request/origin.js'
import type { Match, Router } from '../route/router.js'
import type { Cors } from '../serve/cors.js'
import type { HttpRequest, HttpResponse } from '../serve/http-message.js'
import { peerOf } from '../serve/peer.js'
import { chooseProtocol, type Handshake, readHandshake } from './handshake.js'
import { PendingSocket, type UpgradeRequest } from './pending-socket.js'
import { SocketCall, type SocketHost } from './socket-call.js'
import { SocketMessages } from './socket-messages.js'
import type { SocketRoute } from './socket-routes.js'

/** Most frames that one message may be in. */
const MOST_FRAMES = 1024

/** Who serves what is no WebSocket, and knows what runs. */
export interface UpgradeHost extends SocketHost {
  readonly clock: Clock
  readonly keyOf: HeaderToKey
  readonly cors: Cors | undefined
  dispatch(request: HttpRequest, response: HttpResponse): void
  refuse(request: HttpRequest, response: HttpResponse, thrown: unknown): void
  join(call: SocketCall): void
}

/** A handshake that may go on. */
interface Opening extends UpgradeRequest {
  readonly pending: PendingSocket
  readonly match: Match<SocketRoute>
  readonly handshake: Handshake
  /** Cookies and certificates may be believed. */
  readonly trusted: boolean
}

/** Makes WebSockets of the requests that ask for one. */
export class Upgrades {
  readonly #host: UpgradeHost
  readonly #routes: Router<SocketRoute>
  #server: Promise<WebSocketServer> | undefined

  constructor(host: UpgradeHost, routes: Router<SocketRoute>) {
    this.#host = host
    this.#routes = routes
  }

  /** Answers a request; never throws. */
  take(upgrade: UpgradeRequest): void {
    const { request, socket, head } = upgrade
    const pending = pendingOf(upgrade)
    if (!pending) {
      socket.destroy()
      return
    }
    const [path = ''] = (request.url ?? '').split('?', 1)
    const match = this.#routes.find('GET', path)
    if (!match) {
      pending.watch(head, { gone: () => {}, broken: () => socket.destroy() })
      this.#host.dispatch(request, pending.response)
      return
    }
    try {
      void this.#open({ ...upgrade, pending, match, ...this.#check(upgrade, match) })
    } catch (thrown) {
      this.#host.refuse(request, pending.response, thrown)
    }
  }

  #check({ request }: UpgradeRequest, { target }: Match<SocketRoute>): Pick<Opening, 'handshake' | 'trusted'> {
    const { limits, cors, draining } = this.#host
    if (draining) throw shuttingDown()
    if ((request.url ?? '').length > limits.maxUrlBytes) throw tooLarge(414, 'the URL is too long')
    const trusted = checkOrigin(request, cors)
    const handshake = readHandshake(request)
    if (target.method.kind === 'unary') {
      const problem = `${target.method.path} is unary, which needs no WebSocket: call it by a plain request`
      throw new HttpRefusal(501, [Code.UNIMPLEMENTED, problem])
    }
    return { handshake, trusted }
  }

  async #open(opening: Opening): Promise<void> {
    const { pending, match, handshake, head, request } = opening
    try {
      this.#server ??= serverFor(this.#host.limits.maxBodyBytes)
      const server = await this.#server
      const { timeout, query } = splitQuery(request.url ?? '')
      const call = new SocketCall({
        host: this.#host,
        server,
        pending,
        head,
        endpoint: match.target.endpoint,
        context: this.#context(opening, timeout),
        messages: new SocketMessages({ match, query, binary: handshake.binary }),
      })
      // It may be gone since.
      if (request.socket.destroyed) return
      this.#host.join(call)
      call.run()
    } catch (thrown) {
      this.#host.refuse(request, pending.response, thrown)
    }
  }

  #context({ request, match, handshake, trusted }: Opening, timeout: string | undefined): Context {
    const { clock, keyOf } = this.#host
    const limit = request.headers[TIMEOUT_HEADER] ?? timeout
    return new Context({
      method: match.target.method,
      side: 'server',
      clock,
      deadline: limit === undefined ? undefined : clock.now() + parseTimeout(String(limit)),
      metadata: () => readMetadata(headersOf(request, handshake, trusted), keyOf),
      peer: () => (trusted ? peerOf(request) : { address: peerOf(request).address }),
    })
  }
}

/** `undefined` if an answer to an earlier request is still under way. */
function pendingOf(upgrade: UpgradeRequest): PendingSocket | undefined {
  try {
    return new PendingSocket(upgrade)
  } catch {
    return undefined
  }
}

/** Loaded when the first client asks for a WebSocket. */
async function serverFor(maxMessageBytes: number): Promise<WebSocketServer> {
  const { WebSocketServer } = await import('ws')
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // 0 would be without end.
    maxPayload: Math.min(Math.max(1, maxMessageBytes), 0x7fff_ffff),
    maxFragments: MOST_FRAMES,
    perMessageDeflate: false,
    handleProtocols: (offered) => chooseProtocol(offered) ?? false,
  })
}

/** Browsers can send no headers of their own, so the time-out may be in the query. */
function splitQuery(url: string): { readonly timeout: string | undefined; readonly query: string } {
  const mark = url.indexOf('?')
  const parameters = mark < 0 ? [] : url.slice(mark + 1).split('&')
  const own = `${TIMEOUT_HEADER}=`
  const timeout = parameters.find((parameter) => parameter.startsWith(own))?.slice(own.length)
  return { timeout, query: parameters.filter((parameter) => !parameter.startsWith(own)).join('&') }
}

/** Headers of a request, without what browsers add by themselves if that is not to be trusted. */
function headersOf({ rawHeaders, headers }: HttpRequest, { token }: Handshake, trusted: boolean): readonly string[] {
  const lines = trusted ? [...rawHeaders] : withoutCredentials(rawHeaders)
  const hasOwn = trusted && headers.authorization !== undefined
  if (token !== undefined && !hasOwn) lines.push('authorization', `Bearer ${token}`)
  return lines
}

function withoutCredentials(rawHeaders: readonly string[]): string[] {
  const isCredential = (at: number): boolean => /^(cookie|authorization)$/i.test(rawHeaders[at - (at % 2)] ?? '')
  return rawHeaders.filter((_, at) => !isCredential(at))
}
