import type { Endpoint } from '../../endpoint/endpoint.js'
import type { Method } from '../../endpoint/method.js'
import { Backoff } from '../../resilience/backoff.js'
import { systemClock } from '../../resilience/clock.js'
import type { GrpcChannelOptions } from '../grpc-options.js'
import { type ChannelTarget, readChannelUrl } from '../grpc-wire/address/channel-url.js'
import { CallPlan, type CallScope } from '../grpc-wire/call-plan.js'
import { DEFAULT_MAX_RECEIVE_BYTES } from '../grpc-wire/compression.js'
import type { Channel, ChannelState } from '../transport.js'
import { clientEndpoint } from './client-endpoint.js'
import { Connector } from './connect/connector.js'
import { dialer } from './connect/dial.js'
import { CONNECT_MS } from './link.js'

/** The largest block of response headers or trailers, in bytes: as much as other engines send. */
const MAX_HEADER_BYTES = 64 * 1024

/**
 * Opens a channel to one address, `grpc://host:port` or `grpcs://host:port`, on tierkit's own HTTP/2. It connects when the
 * first call is made, and again when the connection is lost; it retries no call. `channelOptions`, for other engines, mean
 * nothing to it.
 */
export function grpcChannel(url: string, options: GrpcChannelOptions = {}): Channel {
  return new GrpcChannel(url, options)
}

class GrpcChannel implements Channel {
  readonly url: string
  readonly #connector: Connector
  readonly #scope: CallScope
  /** By method, for the headers of each are encoded once. */
  readonly #endpoints = new WeakMap<Method, Endpoint>()
  readonly #listeners = new Set<(state: ChannelState) => void>()

  constructor(url: string, options: GrpcChannelOptions) {
    const target = readChannelUrl(url)
    const { authority, secure } = target
    this.url = url
    this.#connector = connectorOf(target, options, (state) => this.#tell(state))
    this.#scope = {
      authority,
      secure,
      maxReceiveBytes: options.maxReceiveBytes ?? DEFAULT_MAX_RECEIVE_BYTES,
      maxSendBytes: options.maxSendBytes ?? Number.POSITIVE_INFINITY,
      gzip: options.gzip ?? false,
    }
  }

  get state(): ChannelState {
    return this.#connector.state
  }

  endpoint<Req, Res>(method: Method<Req, Res>): Endpoint<Req, Res> {
    const known = this.#endpoints.get(method as Method)
    if (known) return known
    const endpoint = clientEndpoint({ plan: new CallPlan(this.#scope, method as Method), connector: this.#connector })
    this.#endpoints.set(method as Method, endpoint)
    return endpoint
  }

  onStateChange(listener: (state: ChannelState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  connect(): void {
    this.#connector.connect()
  }

  async close(): Promise<void> {
    this.#connector.close()
  }

  /** Not within the change itself: a listener may well want to connect. */
  #tell(state: ChannelState): void {
    if (this.#listeners.size === 0) return
    queueMicrotask(() => {
      for (const listener of [...this.#listeners]) listener(state)
    })
  }
}

function connectorOf(
  target: ChannelTarget,
  options: GrpcChannelOptions,
  changed: (state: ChannelState) => void,
): Connector {
  const { tls, keepalive, reconnect, clock = systemClock, maxConnections = 4 } = options
  const { initialMs = 1000, maxMs = 120_000 } = reconnect ?? {}
  const backoff = new Backoff({ initialMs, maxMs, multiplier: 1.6, jitter: 0.2 })
  return new Connector({
    dial: dialer(target, tls),
    authority: target.authority,
    http2: { timers: clock, limits: { maxHeaderListBytes: MAX_HEADER_BYTES, handshakeMs: CONNECT_MS } },
    clock,
    keepaliveTimeMs: keepalive?.timeMs,
    keepaliveTimeoutMs: keepalive?.timeoutMs ?? 20_000,
    keepaliveWithoutCalls: keepalive?.withoutCalls ?? false,
    delayMs: (failures) => backoff.delayMs(failures),
    maxConnections,
    changed,
  })
}
