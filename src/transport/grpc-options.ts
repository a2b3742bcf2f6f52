import type { Registry } from 'prom-client'
import type { Http2Limits } from '../http2/options.js'
import type { Clock } from '../resilience/clock.js'
import type { ClientTls, ServerTls } from './transport.js'

/** Options of an engine that tierkit does not name, passed on as they are: `{ 'grpc.max_concurrent_streams': 50 }`. */
export type EngineOptions = Readonly<Record<string, string | number>>

/** Pings that find out whether the other end of a connection is still there. */
export interface GrpcServerKeepalive {
  /** How long a connection must have been silent before it is pinged, in ms. Two hours by default. */
  readonly timeMs?: number | undefined
  /** How long the answer may take before the connection is given up, in ms. 20,000 by default. */
  readonly timeoutMs?: number | undefined
}

/** Pings that find out whether a server is still there. */
export interface GrpcChannelKeepalive extends GrpcServerKeepalive {
  /**
   * How long a connection must have been silent before it is pinged, in ms; no pings by default. Servers close
   * connections that ping more often than they allow, which is every five minutes unless they say otherwise.
   */
  readonly timeMs?: number | undefined
  /** Ping also while no call runs. False by default. */
  readonly withoutCalls?: boolean | undefined
}

/** How a gRPC server listens, what it accepts, and how long it keeps connections. The same for every engine. */
export interface GrpcServerOptions {
  /** Address to listen on; `0.0.0.0`, every IPv4 interface, by default. */
  readonly host?: string | undefined
  /** Port to listen on; 0, the default, takes a free one. */
  readonly port?: number | undefined
  /** Serves `grpcs`; plain text without it. */
  readonly tls?: ServerTls | undefined
  /** The largest request message, in bytes, before and after decompression. 4 MiB by default. */
  readonly maxReceiveBytes?: number | undefined
  /** The largest response message, in bytes. Unlimited by default. */
  readonly maxSendBytes?: number | undefined
  /** The largest request header block, in bytes, counted as HTTP/2 does: 32 for each field, names and values. 8 KiB by default. */
  readonly maxHeaderBytes?: number | undefined
  /** Calls that one connection may have open at a time. 1,000 by default. */
  readonly maxConcurrentStreams?: number | undefined
  /** Connections at a time; more are closed as they come. 10,000 by default. */
  readonly maxConnections?: number | undefined
  /** Further limits on what one connection may do, for the fast engine; those that are named above come first. */
  readonly limits?: Http2Limits | undefined
  /** Told when a client broke one of the limits, by its name; the metric `tierkit_http2_breaches_total` counts it anyhow. */
  readonly onBreach?: ((limit: string) => void) | undefined
  /** Registry of prom-client for that; its default one by default. */
  readonly registry?: Registry | undefined
  /** What HTTP/2 may hold in memory for one connection, in bytes, rounded up to a megabyte. 64 MB by default. */
  readonly maxSessionMemoryBytes?: number | undefined
  /** Pings to silent clients. */
  readonly keepalive?: GrpcServerKeepalive | undefined
  /** Closes a connection that has had no call for so long, in ms. Never, by default. */
  readonly maxConnectionIdleMs?: number | undefined
  /** Asks a client to connect anew after so long, give or take a tenth, in ms. Never, by default. */
  readonly maxConnectionAgeMs?: number | undefined
  /** How long calls on a connection of that age may go on before they are cut off, in ms. As long as they like, by default. */
  readonly maxConnectionAgeGraceMs?: number | undefined
  /** Compresses responses for clients that accept gzip. False by default; compressed requests are always understood. */
  readonly gzip?: boolean | undefined
  /** Times deadlines and the drain. */
  readonly clock?: Clock | undefined
  /** Anything else that the engine can be told. */
  readonly channelOptions?: EngineOptions | undefined
}

/** How often a channel tries to connect again: exponential by 1.6, give or take a fifth. */
export interface GrpcReconnect {
  /** The first delay, in ms. 1,000 by default. */
  readonly initialMs?: number | undefined
  /** The longest delay, in ms. 120,000 by default. */
  readonly maxMs?: number | undefined
}

/** How a gRPC channel connects and what it accepts. The same for every engine. */
export interface GrpcChannelOptions {
  /** Trust and identity for `grpcs:` URLs; the system's trust and no identity by default. */
  readonly tls?: ClientTls | undefined
  /** The largest response message, in bytes, before and after decompression. 4 MiB by default. */
  readonly maxReceiveBytes?: number | undefined
  /** The largest request message, in bytes. Unlimited by default. */
  readonly maxSendBytes?: number | undefined
  /** Compresses requests, unless the server says that it cannot read them. False by default. */
  readonly gzip?: boolean | undefined
  /** Pings to silent servers; none by default. */
  readonly keepalive?: GrpcChannelKeepalive | undefined
  readonly reconnect?: GrpcReconnect | undefined
  /** How many connections there may be where the server limits the calls on one; calls wait beyond. 4 by default; one on grpc-js. */
  readonly maxConnections?: number | undefined
  /** Times connecting and pings on tierkit's own HTTP/2. */
  readonly clock?: Clock | undefined
  /** Anything else that the engine can be told. */
  readonly channelOptions?: EngineOptions | undefined
}
