import { Agent, type RequestOptions } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import { connect, isIP, type Socket } from 'node:net'
import { connect as tlsConnect } from 'node:tls'
import type { Context } from '../../endpoint/context.js'
import type { Endpoint } from '../../endpoint/endpoint.js'
import type { Method } from '../../endpoint/method.js'
import { waitForReadyKey } from '../../endpoint/outgoing.js'
import { untilCancelled } from '../../endpoint/serve.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { Backoff } from '../../resilience/backoff.js'
import { systemClock } from '../../resilience/clock.js'
import type { Channel, ChannelState, ClientTls } from '../transport.js'
import { CallForm, type CallFormOptions } from './call/call-form.js'
import { Reachability } from './call/reachability.js'
import type { WrittenRequest } from './call/written-request.js'
import { ClientCall, type ClientCallHost } from './client-call.js'
import type { HttpChannelOptions } from './options.js'
import type { SocketClientHost } from './socket-client/open-client.js'
import { SocketClientCall } from './socket-client/socket-client-call.js'

/**
 * Makes a channel that speaks JSON over HTTP/1.1 to one address: `http://10.0.0.7:8000`, `https:` for TLS. A path in the
 * URL goes in front of every call's own. A bidirectional stream takes a WebSocket of its own.
 */
export function httpChannel(url: string, options: HttpChannelOptions = {}): Channel {
  return new HttpChannel(url, options)
}

class HttpChannel implements Channel, ClientCallHost, SocketClientHost {
  readonly url: string
  readonly secure: boolean
  readonly maxResponseBytes: number
  readonly connectTimeoutMs: number
  readonly envelope: HttpChannelOptions['envelope']
  readonly socketOptions: SocketClientHost['socketOptions']
  readonly #agent: Agent
  readonly #common: RequestOptions
  readonly #prefix: string
  readonly #reachability: Reachability
  readonly #formOptions: CallFormOptions
  readonly #calls = new Set<ClientCall | SocketClientCall>()

  constructor(url: string, options: HttpChannelOptions) {
    const target = parseUrl(url)
    const { maxHeaderBytes = 16 * 1024, maxConnections = 256, idleTimeoutMs = 60_000, tls } = options
    this.url = url
    this.envelope = options.envelope
    this.#formOptions = options
    this.secure = target.protocol === 'https:'
    this.maxResponseBytes = options.maxResponseBytes ?? 4 * 1024 * 1024
    this.connectTimeoutMs = options.connectTimeoutMs ?? 20_000
    this.#prefix = target.pathname.replace(/\/$/, '')
    const host = target.hostname.replace(/^\[(.*)\]$/, '$1')
    const port = Number(target.port || (this.secure ? 443 : 80))
    const agentOptions = {
      keepAlive: true,
      maxSockets: maxConnections,
      scheduling: 'lifo',
      timeout: idleTimeoutMs,
    } as const
    const trust = tlsOptions(tls)
    this.socketOptions = { ...trust, maxHeaderSize: maxHeaderBytes } as SocketClientHost['socketOptions']
    this.#agent = this.secure ? new TlsAgent({ ...agentOptions, ...trust }) : new Agent(agentOptions)
    this.#common = { agent: this.#agent, host, port, maxHeaderSize: maxHeaderBytes }
    const open = (): Socket =>
      this.secure ? tlsConnect({ host, port, servername: isIP(host) ? '' : host, ...trust }) : connect({ host, port })
    this.#reachability = this.#watch(open, options)
  }

  get state(): ChannelState {
    return this.#reachability.state
  }

  endpoint<Req, Res>(method: Method<Req, Res>): Endpoint<Req, Res> {
    const form = new CallForm(method as Method, this.#formOptions)
    return async (request, context) => (await this.#call(form, request, context)) as Res
  }

  onStateChange(listener: (state: ChannelState) => void): () => void {
    return this.#reachability.onChange(listener)
  }

  connect(): void {
    this.#reachability.connect()
  }

  async close(): Promise<void> {
    this.#reachability.close()
    for (const call of [...this.#calls]) call.fail(new RpcError(Code.UNAVAILABLE, 'the channel was closed'))
    this.#agent.destroy()
  }

  requestOptions({ method, path }: Pick<WrittenRequest, 'method' | 'path'>): RequestOptions {
    return { ...this.#common, method, path: this.#prefix + path }
  }

  socketUrl(path: string): string {
    return new URL(this.#prefix + path, this.url.replace(/^http/i, 'ws')).href
  }

  async #call(form: CallForm, request: unknown, context: Context): Promise<unknown> {
    const { method } = form
    if (context.get(waitForReadyKey)) await this.#ready(context)
    if (context.cancelled) throw context.cancelled
    if (this.state === 'shutdown') {
      throw new RpcError(Code.UNAVAILABLE, `the channel to ${this.url} is closed`, { neverSent: true })
    }
    if (context.remainingMs() === 0) throw new RpcError(Code.DEADLINE_EXCEEDED, 'the deadline passed')
    const ended = (error: RpcError | undefined): void => {
      this.#calls.delete(call)
      if (error?.neverSent) this.#reachability.missed()
      else if (!error) this.#reachability.reached()
    }
    const call =
      method.kind === 'bidi_stream'
        ? new SocketClientCall(this, context, ended)
        : new ClientCall(this, { form, context }, ended)
    this.#calls.add(call)
    return call.run(request)
  }

  #watch(open: () => Socket, { clock = systemClock, random = Math.random }: HttpChannelOptions): Reachability {
    const backoff = new Backoff({ initialMs: 1000, multiplier: 1.6, maxMs: 120_000 }, random)
    return new Reachability({
      open,
      readyEvent: this.secure ? 'secureConnect' : 'connect',
      connectTimeoutMs: this.connectTimeoutMs,
      delayMs: (retry) => backoff.delayMs(retry),
      schedule: (delayMs, fire) => clock.schedule(delayMs, fire),
    })
  }

  #ready(context: Context): Promise<void> {
    return untilCancelled(context, async () => {
      const { promise, resolve } = settleable()
      const check = (): void => {
        if (this.state === 'ready' || this.state === 'shutdown') resolve()
      }
      const stopState = this.onStateChange(check)
      const stopCancel = context.onCancel(resolve)
      this.connect()
      check()
      await promise
      stopState()
      stopCancel()
    })
  }
}

/** A promise with its end in the open. */
function settleable(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

function parseUrl(url: string): URL {
  const target = URL.canParse(url) ? new URL(url) : undefined
  if (target?.protocol !== 'http:' && target?.protocol !== 'https:') {
    throw new TypeError(`'${url}' is not a URL of an HTTP server: expected http://HOST:PORT or https://HOST:PORT`)
  }
  return target
}

function tlsOptions(tls: ClientTls | undefined) {
  const pem = (value: string | Uint8Array): string | Buffer => (typeof value === 'string' ? value : Buffer.from(value))
  return {
    minVersion: 'TLSv1.2' as const,
    ...(tls?.ca === undefined ? {} : { ca: pem(tls.ca) }),
    ...(tls?.key === undefined ? {} : { key: pem(tls.key) }),
    ...(tls?.cert === undefined ? {} : { cert: pem(tls.cert) }),
    ...(tls?.serverName === undefined ? {} : { servername: tls.serverName }),
  }
}
