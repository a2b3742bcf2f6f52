import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock, Random } from '../../resilience/clock.js'
import type { ClientTls, ServerTls } from '../transport.js'
import type { ClientEnvelope } from './call/client-envelope.js'
import type { ReplyOptions } from './reply/replies.js'
import type { RuleOptions } from './rule/rule-options.js'
import type { CorsOptions } from './serve/cors.js'

/** Limits, each with a safe default. */
export type HttpLimitOptions = { readonly [K in keyof HttpLimits]?: HttpLimits[K] | undefined }

/** Where and how an HTTP server listens. A time of 0 is without end; so is a number of connections, or of requests on one. */
export interface HttpServerOptions extends HttpLimitOptions, ReplyOptions, RuleOptions {
  /** Address to listen on; `0.0.0.0`, every IPv4 interface, by default. */
  readonly host?: string | undefined
  /** Port to listen on; 0, the default, takes a free one. */
  readonly port?: number | undefined
  /** Serves HTTPS. */
  readonly tls?: ServerTls | undefined
  /** Lets browsers of other origins call; nobody's by default. */
  readonly cors?: CorsOptions | undefined
  /** Request headers that are metadata under their own name, beside `x-*`, `authorization` and those of tracing. */
  readonly metadataHeaders?: readonly string[] | undefined
  /** Answers what no method does. It gets the bare Node objects; without it the answer is 404. */
  readonly fallback?: ((request: IncomingMessage, response: ServerResponse) => void) | undefined
  /** A comment is sent on an event stream that was silent for so long, in ms; 15 s by default. */
  readonly heartbeatMs?: number | undefined
  readonly clock?: Clock | undefined
}

/** What of a server's options says how it answers: what documents of it tell. */
export type HttpServing = Pick<HttpServerOptions, 'httpRules' | 'successStatus' | 'errorBody' | 'envelope'>

/** What a server puts up with. */
export interface HttpLimits {
  /** Longest request body, unpacked, and longest message of a request stream, in bytes; 4 MiB by default. */
  readonly maxBodyBytes: number
  /** All headers of a request together, or of a part of a form, in bytes; 16 KiB by default. */
  readonly maxHeaderBytes: number
  /** Most parts of a form; 100 by default. */
  readonly maxParts: number
  /** Longest part of a form that is no file, in bytes; 64 KiB by default. */
  readonly maxFieldBytes: number
  /** Longest file in a form, in bytes; 100 MiB by default, and of a form that is not streamed never above `maxBodyBytes`. */
  readonly maxFileBytes: number
  /** Longest form that is streamed to its method, in bytes; 1 GiB by default. */
  readonly maxUploadBytes: number
  /** Longest path with its query, in bytes; 8 KiB by default. */
  readonly maxUrlBytes: number
  /** Most parameters in a query; 100 by default. */
  readonly maxQueryParameters: number
  /** Most connections at a time, further ones are closed at once; 10,000 by default. */
  readonly maxConnections: number
  /** A connection is closed after so many requests; 10,000 by default. */
  readonly maxRequestsPerSocket: number
  /** Longest time for a request's headers to arrive, in ms; 10 s by default. */
  readonly headersTimeoutMs: number
  /**
   * Longest time for a whole request to arrive, its body included, in ms; 60 s by default. A stream of requests may take
   * longer: it ends once nothing has moved on it, either way, for so long while its handler waited for the next message.
   */
  readonly requestTimeoutMs: number
  /**
   * How long a connection may be idle between requests, in ms, or up to a quarter longer; 65 s by default, above what most
   * balancers use.
   */
  readonly idleTimeoutMs: number
  /**
   * How long a client may take nothing of what is sent to it, in ms; 30 s by default. One who reads slowly is waited for; of a
   * stream each message has to be taken within that time.
   */
  readonly writeTimeoutMs: number
}

/** The limits of a server that names none. */
const DEFAULT_LIMITS: HttpLimits = {
  maxBodyBytes: 4 * 1024 * 1024,
  maxHeaderBytes: 16 * 1024,
  maxParts: 100,
  maxFieldBytes: 64 * 1024,
  maxFileBytes: 100 * 1024 * 1024,
  maxUploadBytes: 1024 * 1024 * 1024,
  maxUrlBytes: 8 * 1024,
  maxQueryParameters: 100,
  maxConnections: 10_000,
  maxRequestsPerSocket: 10_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  idleTimeoutMs: 65_000,
  writeTimeoutMs: 30_000,
}

/** How an HTTP channel reaches its server. */
export interface HttpChannelOptions {
  /**
   * Calls methods by the first of their HTTP rules: path, query and body are made from the request. A request that the rule
   * cannot carry fails with `INVALID_ARGUMENT`. Off by default: calls are posted to the method's own path.
   */
  readonly rules?: boolean | undefined
  /** The server decodes all but `%2F` in variables of several segments; see the option of servers. */
  readonly fullyDecodeReservedExpansion?: boolean | undefined
  /** Takes what a server sends in an envelope out of it, before it is read. */
  readonly envelope?: ClientEnvelope | undefined
  /** Trust and identity, for `https:` URLs. */
  readonly tls?: ClientTls | undefined
  /** Longest response, and longest message of a response stream, in bytes; 4 MiB by default. */
  readonly maxResponseBytes?: number | undefined
  /** All headers of a response together, in bytes; 16 KiB by default. */
  readonly maxHeaderBytes?: number | undefined
  /** Most connections at a time, one for each call that runs; further calls wait. 256 by default. */
  readonly maxConnections?: number | undefined
  /** Longest time to connect, in ms; 20 s by default. */
  readonly connectTimeoutMs?: number | undefined
  /** How long a connection is kept for the next call, in ms; 60 s by default, or what the server says. */
  readonly idleTimeoutMs?: number | undefined
  readonly clock?: Clock | undefined
  readonly random?: Random | undefined
}

/** What options with few values may be. */
const CHOICES: { readonly [name: string]: readonly string[] } = {
  unknownParameters: ['reject', 'ignore'],
  notAcceptable: ['json', 'reject'],
  formats: ['json', 'protobuf'],
}

/** Throws a `RangeError` or a `TypeError` that names the option that makes no sense. */
export function checkOptions(options: Omit<HttpServerOptions, 'host' | 'port' | 'tls' | 'clock'>): void {
  limitsOf(options)
  checkAmount('heartbeatMs', options.heartbeatMs ?? 0)
  const { unknownParameters, notAcceptable, formats } = options
  for (const [name, given] of Object.entries({ unknownParameters, notAcceptable, formats })) {
    const known = CHOICES[name] ?? []
    const wrong = [given ?? []].flat().find((one) => !known.includes(one))
    if (wrong !== undefined) throw new TypeError(`httpServer: ${name} is ${known.join(' or ')}, not ${wrong}`)
  }
}

/** The limits that options set, the rest at their defaults. Throws a `RangeError` that names the one that makes no sense. */
export function limitsOf(options: HttpLimitOptions): HttpLimits {
  const given = Object.entries(options).filter(([name, value]) => value !== undefined && name in DEFAULT_LIMITS)
  for (const [name, value] of given) checkAmount(name, value)
  return { ...DEFAULT_LIMITS, ...Object.fromEntries(given) }
}

function checkAmount(name: string, value: unknown): void {
  if (typeof value === 'number' && value >= 0) return
  throw new RangeError(`httpServer: ${name} must be a number from 0 up, not ${value}`)
}
