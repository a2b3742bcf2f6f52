import type { Socket } from 'node:net'
import type { Binding } from '../../../endpoint/serve.js'
import type { RpcError } from '../../../error/rpc-error.js'
import { systemClock } from '../../../resilience/clock.js'
import type { GrpcServerOptions } from '../../grpc-options.js'
import { DEFAULT_MAX_RECEIVE_BYTES } from '../../grpc-wire/compression.js'
import { type ConnectionScope, type Fallback, ServedConnection } from './served-connection.js'

/** What the protocol suggests, in bytes. */
const DEFAULT_MAX_HEADER_BYTES = 8 * 1024
const TWO_HOURS_MS = 7_200_000

/** What connections are served with. */
export interface GrpcConnectionsInit {
  readonly options: GrpcServerOptions
  readonly bindings: readonly Binding[]
  /** Takes requests that are none of gRPC; they are answered with 415 without it. */
  readonly fallback?: Fallback | undefined
}

/** The connections of a gRPC server, from wherever they come. */
export class GrpcConnections {
  readonly #scope: ConnectionScope
  readonly #connections = new Set<ServedConnection>()
  readonly #waiting: (() => void)[] = []
  #retiring = false

  /** Throws if a method is bound twice. */
  constructor({ options, bindings, fallback }: GrpcConnectionsInit) {
    this.#scope = scopeOf(options, mapOf(bindings), fallback)
  }

  /** Serves a connection: a socket that speaks HTTP/2 from its first byte. Bytes that were read ahead go back by `unshift`. */
  accept(socket: Socket): void {
    const connection = new ServedConnection(socket, this.#scope, (closed) => this.#forget(closed))
    this.#connections.add(connection)
    if (this.#retiring) connection.retire()
  }

  /** Asks every client to leave. */
  retire(): void {
    this.#retiring = true
    for (const connection of [...this.#connections]) connection.retire()
  }

  /** Cancels every call that still runs. */
  cancelCalls(reason: RpcError): void {
    for (const connection of [...this.#connections]) connection.cancelCalls(reason)
  }

  /** Cuts every connection. */
  destroy(): void {
    for (const connection of [...this.#connections]) connection.destroy()
  }

  /** Resolves when no connection is left. */
  whenNone(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#connections.size === 0) resolve()
      else this.#waiting.push(resolve)
    })
  }

  #forget(connection: ServedConnection): void {
    this.#connections.delete(connection)
    if (this.#connections.size > 0) return
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

function mapOf(bindings: readonly Binding[]): Map<string, Binding> {
  const paths = new Map<string, Binding>()
  for (const binding of bindings) {
    const { path } = binding.method
    if (paths.has(path)) throw new Error(`the method ${path} is bound twice`)
    paths.set(path, binding)
  }
  return paths
}

function scopeOf(
  options: GrpcServerOptions,
  bindings: ReadonlyMap<string, Binding>,
  fallback: Fallback | undefined,
): ConnectionScope {
  const { clock = systemClock, maxConcurrentStreams = 1000, maxSessionMemoryBytes = 64e6, keepalive } = options
  const { maxConnectionIdleMs, maxConnectionAgeMs, maxConnectionAgeGraceMs } = options
  return {
    bindings,
    fallback,
    calls: {
      clock,
      maxReceiveBytes: options.maxReceiveBytes ?? DEFAULT_MAX_RECEIVE_BYTES,
      maxSendBytes: options.maxSendBytes ?? Number.POSITIVE_INFINITY,
      gzip: options.gzip ?? false,
    },
    http2: {
      timers: systemClock,
      limits: {
        maxConcurrentStreams,
        maxHeaderListBytes: options.maxHeaderBytes ?? DEFAULT_MAX_HEADER_BYTES,
        maxQueuedBytes: maxSessionMemoryBytes,
      },
    },
    lifetime: {
      clock,
      random: Math.random,
      maxIdleMs: maxConnectionIdleMs,
      maxAgeMs: maxConnectionAgeMs,
      maxAgeGraceMs: maxConnectionAgeGraceMs,
    },
    keepaliveTimeMs: keepalive?.timeMs ?? TWO_HOURS_MS,
    keepaliveTimeoutMs: keepalive?.timeoutMs ?? 20_000,
  }
}
