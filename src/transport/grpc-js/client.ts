import { isIP } from 'node:net'
import { ChannelCredentials, Channel as EngineChannel } from '@grpc/grpc-js'
import type { Context } from '../../endpoint/context.js'
import type { Peer } from '../../endpoint/context-value.js'
import type { Endpoint } from '../../endpoint/endpoint.js'
import type { Method } from '../../endpoint/method.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { Roster } from '../../resilience/roster.js'
import type { GrpcChannelOptions } from '../grpc-options.js'
import { type ChannelTarget, readChannelUrl } from '../grpc-wire/address/channel-url.js'
import { peerCertificate } from '../grpc-wire/peer.js'
import type { ResponseReceiver } from '../grpc-wire/single-response.js'
import type { Channel, ChannelState, ClientTls } from '../transport.js'
import { ClientCall, type EngineCall } from './client-call.js'
import { type CallOpener, clientEndpoint } from './client-endpoint.js'
import { forAddress } from './engine/address-credentials.js'
import { channelOptions } from './engine/options.js'

/**
 * Opens a channel to one address, `grpc://host:port` or `grpcs://host:port`, on @grpc/grpc-js. It connects when the
 * first call is made, and again when the connection is lost; it retries no call.
 */
export function grpcJsChannel(url: string, options: GrpcChannelOptions = {}): Channel {
  return new GrpcJsChannel(url, options)
}

/** In the order of grpc-js's own numbers. */
const states: readonly ChannelState[] = ['idle', 'connecting', 'ready', 'transient_failure', 'shutdown']

class GrpcJsChannel implements Channel, CallOpener {
  readonly url: string
  readonly maxSendBytes: number
  readonly #engine: EngineChannel
  readonly #peer: Peer
  readonly #secure: boolean
  readonly #calls = new Roster<ClientCall>()
  readonly #listeners = new Set<(state: ChannelState) => void>()
  #watching = false
  #closed = false

  constructor(url: string, options: GrpcChannelOptions) {
    const target = readChannelUrl(url)
    const { authority, secure } = target
    this.url = url
    this.maxSendBytes = options.maxSendBytes ?? Number.POSITIVE_INFINITY
    this.#peer = { address: authority }
    this.#secure = secure
    const credentials = secure ? tlsCredentials(target, options.tls) : ChannelCredentials.createInsecure()
    this.#engine = new EngineChannel(`dns:${authority}`, credentials, channelOptions(options))
  }

  get state(): ChannelState {
    return this.#closed ? 'shutdown' : (states[this.#engine.getConnectivityState(false)] ?? 'idle')
  }

  endpoint<Req, Res>(method: Method<Req, Res>): Endpoint<Req, Res> {
    return clientEndpoint(method as Method, this)
  }

  onStateChange(listener: (state: ChannelState) => void): () => void {
    this.#listeners.add(listener)
    this.#watch()
    return () => this.#listeners.delete(listener)
  }

  connect(): void {
    if (!this.#closed) this.#engine.getConnectivityState(true)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const call of this.#calls.members()) call.fail(new RpcError(Code.UNAVAILABLE, 'the channel was closed'))
    this.#engine.close()
  }

  open(method: Method, context: Context, receiver: ResponseReceiver): ClientCall {
    if (context.cancelled) throw context.cancelled
    if (context.remainingMs() === 0) throw new RpcError(Code.DEADLINE_EXCEEDED, 'the deadline passed')
    if (this.#closed) {
      throw new RpcError(Code.UNAVAILABLE, `the channel to ${this.url} is closed`, { neverSent: true })
    }
    const call = new ClientCall({
      context,
      call: this.#engine.createCall(method.path, Number.POSITIVE_INFINITY, undefined, null, undefined),
      receiver,
      peer: (engineCall) => this.#peerOf(engineCall),
      ended: () => this.#calls.remove(place),
    })
    const place = this.#calls.add(call)
    call.start()
    return call
  }

  #peerOf(call: EngineCall): Peer {
    const certificate = this.#secure ? call.getAuthContext()?.sslPeerCertificate : undefined
    return certificate ? { ...this.#peer, certificate: peerCertificate(certificate) } : this.#peer
  }

  /** grpc-js tells of one change each time that it is asked. */
  #watch(): void {
    if (this.#watching || this.#closed || this.#listeners.size === 0) return
    this.#watching = true
    this.#engine.watchConnectivityState(this.#engine.getConnectivityState(false), Number.POSITIVE_INFINITY, () => {
      this.#watching = false
      const { state } = this
      this.#watch()
      // Not within the change itself: a listener may well want to connect.
      queueMicrotask(() => this.#tell(state))
    })
  }

  #tell(state: ChannelState): void {
    for (const listener of [...this.#listeners]) listener(state)
  }
}

function tlsCredentials({ host }: ChannelTarget, { ca, key, cert, serverName }: ClientTls = {}): ChannelCredentials {
  try {
    const credentials = ChannelCredentials.createSsl(pem(ca), pem(key), pem(cert))
    return serverName === undefined && isIP(host) ? forAddress(credentials, host) : credentials
  } catch (cause) {
    throw new Error(`the key or a certificate of the gRPC channel cannot be used: ${(cause as Error).message}`, {
      cause,
    })
  }
}

function pem(text: string | Uint8Array | undefined): Buffer | null {
  return text === undefined ? null : Buffer.from(text)
}
