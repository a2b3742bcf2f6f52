import type { Registry } from 'prom-client'
import type { Middleware } from '../endpoint/middleware.js'
import type { Logger } from '../observability/logger.js'
import { type AuthenticateOptions, type Authenticator, authenticate } from './authenticate.js'
import { type AuthorizeOptions, authorize } from './authorize.js'
import { type BulkheadOptions, bulkhead } from './bulkhead.js'
import { type CircuitBreakerOptions, circuitBreaker } from './circuit-breaker.js'
import { type LoggingOptions, logging } from './logging.js'
import { type MetadataOptions, metadata } from './metadata.js'
import { type MetricsOptions, metrics } from './metrics.js'
import { type RateLimitOptions, rateLimit } from './rate-limit.js'
import { type RecoverOptions, recover } from './recover.js'
import { type RetryOptions, retry } from './retry.js'
import { type TimeoutOptions, timeout } from './timeout.js'
import { type TracingOptions, tracing } from './tracing.js'
import { type ValidationRules, type Validator, validate } from './validate.js'

/** Parts of the standard chain that both sides have. `false` leaves a part out. */
export interface StandardSharedOptions {
  /** Registry of prom-client that all parts count in; its default one by default. */
  readonly registry?: Registry | undefined
  /** Where calls are logged. A server logs to standard output without one; a client then does not log. */
  readonly logger?: Logger | undefined
  readonly tracing?: TracingOptions | false | undefined
  readonly metadata?: MetadataOptions | false | undefined
  readonly metrics?: MetricsOptions | false | undefined
  readonly logging?: LoggingOptions | false | undefined
  /** On a server 30 s for calls with a single response, by default; none on a client, where calls have their own. */
  readonly timeout?: TimeoutOptions | false | undefined
}

/** The standard chain of a server. */
export interface StandardServerOptions extends StandardSharedOptions {
  readonly side?: 'server' | undefined
  readonly recover?: RecoverOptions | false | undefined
  /** None by default: what is too much differs from service to service. */
  readonly rateLimit?: RateLimitOptions | false | undefined
  /** 10,000 calls at once by default, streams included: far above what a process does well, below what breaks it. */
  readonly bulkhead?: BulkheadOptions | false | undefined
  /** Who may call; everyone by default. */
  readonly authenticate?:
    | Authenticator
    | (AuthenticateOptions & { readonly by: Authenticator | readonly Authenticator[] })
    | false
    | undefined
  /** What every caller must have; nothing by default. Methods say more by `@use(authorize(…))`. */
  readonly authorize?: AuthorizeOptions | false | undefined
  /** How requests are checked beside the rules of their contract, which apply unless it is `false`. */
  readonly validate?: ValidationRules | Validator | false | undefined
}

/** The standard chain of a client. */
export interface StandardClientOptions extends StandardSharedOptions {
  readonly side: 'client'
  readonly retry?: RetryOptions | false | undefined
  readonly circuitBreaker?: CircuitBreakerOptions | false | undefined
}

/** Which parts the standard chain has, and how they are set. */
export type StandardOptions = StandardServerOptions | StandardClientOptions

/**
 * The recommended middleware in the recommended order, outermost first, for a server unless `side` says `client`.
 *
 * On a server:
 * 1. `tracing`: its span holds everything, and all that comes after finds the trace.
 * 2. `metadata`: the request id is there before anything is logged.
 * 3. `metrics`, 4. `logging`: they see what the caller gets, refusals and faults included.
 * 5. `recover`: inside those two, so that a fault is recorded as the `INTERNAL` that the caller sees.
 * 6. `timeout`: around all that may wait.
 * 7. `rateLimit`, 8. `bulkhead`: refuse before anything costs. A rate limit by caller belongs after `authenticate`.
 * 9. `authenticate`, 10. `authorize`: before a request is looked into.
 * 11. `validate`: next to the handler, on what an admitted caller sent. Nothing where a contract has no rules.
 *
 * On a client:
 * 1. `tracing`, 2. `metadata`, 3. `metrics`, 4. `logging`: once per call, whatever the attempts.
 * 5. `timeout`: around all attempts.
 * 6. `retry`: around the breaker, so that each attempt counts in it, and an open circuit ends the attempts.
 * 7. `circuitBreaker`: next to the channel. Once more as `attemptMiddleware` it guards each instance.
 */
export function standard(options: StandardOptions = {}): readonly Middleware[] {
  const parts = options.side === 'client' ? clientParts(options) : serverParts(options)
  return parts.filter((part) => part !== undefined)
}

type Parts = readonly (Middleware | undefined)[]

function serverParts(options: StandardServerOptions): Parts {
  return [
    ...observing(options, true),
    part(options.recover, {}, recover),
    part(options.timeout, { ms: 30_000 }, timeout),
    part(options.rateLimit, undefined, rateLimit),
    part(options.bulkhead, { concurrent: 10_000 }, bulkhead),
    part(options.authenticate, undefined, authenticated),
    part(options.authorize, undefined, authorize),
    part(options.validate, {}, validate),
  ]
}

function clientParts(options: StandardClientOptions): Parts {
  const { registry, logger } = options
  return [
    ...observing(options, logger !== undefined),
    part(options.timeout, undefined, timeout),
    part(options.retry, {}, retry),
    part(options.circuitBreaker, {}, (set) => circuitBreaker({ registry, ...set })),
  ]
}

function observing(options: StandardSharedOptions, logs: boolean): Parts {
  const { registry, logger } = options
  return [
    part(options.tracing, {}, tracing),
    part(options.metadata, {}, metadata),
    part(options.metrics, {}, (set) => metrics({ registry, ...set })),
    part(options.logging, logs ? {} : undefined, (set) => logging({ logger, ...set })),
  ]
}

/** A part as it is set, else as it is by default; `undefined` if it is left out. */
function part<Options>(
  set: Options | false | undefined,
  fallback: Options | undefined,
  make: (options: Options) => Middleware,
): Middleware | undefined {
  const options = set ?? fallback
  return options === undefined || options === false ? undefined : make(options)
}

function authenticated(set: Exclude<StandardServerOptions['authenticate'], false | undefined>): Middleware {
  return typeof set === 'function' ? authenticate(set) : authenticate(set.by, set)
}
