import type { Endpoint } from '../endpoint/endpoint.js'
import type { Method } from '../endpoint/method.js'
import type { Binding } from '../endpoint/serve.js'
import type { ChannelState } from './channel-state.js'
import type { ChannelSnapshot, ServerSnapshot } from './snapshot.js'

/** Where a server listens. */
export interface Address {
  readonly host: string
  readonly port: number
  /** With the transport's scheme: `grpc://127.0.0.1:9000`; `grpcs:` and `https:` with TLS. */
  readonly url: string
  /** Every URL of it, where it speaks more than one protocol: `url` and the others. */
  readonly urls?: readonly string[] | undefined
}

/** Accepts calls and brings them to endpoints. Serves once: after `close` make a new one. */
export interface Server {
  /** Starts to listen; resolves when calls are accepted, rejects naming the address when it cannot. */
  listen(bindings: readonly Binding[]): Promise<Address>
  /**
   * Takes no new calls and lets the running ones end; after `timeoutMs` the rest is cancelled with `UNAVAILABLE`.
   * Resolves when no call is left.
   */
  drain(timeoutMs: number): Promise<void>
  /** Cancels what still runs and releases every socket and timer. */
  close(): Promise<void>
  /** What it does at this moment; `undefined`, or absent, if it cannot tell. */
  snapshot?(): ServerSnapshot | undefined
}

export type { ChannelState } from './channel-state.js'

/** A way to one address. */
export interface Channel {
  /** URL that the channel was made for. */
  readonly url: string
  readonly state: ChannelState
  /** The endpoint that makes calls of `method` to the address. Cheap: it may be asked for at every call. */
  endpoint<Req, Res>(method: Method<Req, Res>): Endpoint<Req, Res>
  /** Calls `listener` after each change of `state`; returns how to stop. */
  onStateChange(listener: (state: ChannelState) => void): () => void
  /** Starts to connect if idle. */
  connect(): void
  /** Ends the connection; calls that still run fail with `UNAVAILABLE`. */
  close(): Promise<void>
  /** What it does at this moment; absent if it cannot tell. */
  snapshot?(): ChannelSnapshot
}

/** Makes a channel to one address: `grpc://10.0.0.7:9000`. */
export type ChannelFactory = (url: string) => Channel

/** Key, certificate and trust for TLS, as PEM. With `clientCa` a server demands and verifies client certificates (mTLS). */
export interface ServerTls {
  readonly key: string | Uint8Array
  readonly cert: string | Uint8Array
  /** CA certificates that client certificates must chain to; without it clients need none. */
  readonly clientCa?: string | Uint8Array | undefined
}

/** Trust and identity of a client, as PEM. */
export interface ClientTls {
  /** CA certificates to trust; the system's by default. */
  readonly ca?: string | Uint8Array | undefined
  /** Client key and certificate, for mTLS. */
  readonly key?: string | Uint8Array | undefined
  readonly cert?: string | Uint8Array | undefined
  /** Name to verify the server's certificate against, and to send as SNI; the host of the URL by default. */
  readonly serverName?: string | undefined
}
