import type { Registry } from 'prom-client'
import type { Context } from '../endpoint/context.js'
import { type Middleware, withSnapshot } from '../endpoint/middleware.js'
import { outcome } from '../endpoint/outcome.js'
import { Code, type ErrorCode } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import { type CircuitEvent, Circuits, type CircuitsInit } from './circuit-breaker/circuits.js'
import { FAILURES, verdictOf } from './circuit-breaker/verdict.js'

/** When a circuit opens, for whom, and what callers get then. */
export interface CircuitBreakerOptions {
  /** Tells this breaker's metrics from those of others, as their label `name`; without the label by default. */
  readonly name?: string | undefined
  /**
   * What has a circuit of its own: each method, each instance, or whatever a function names. By default each method, and
   * in `attemptMiddleware`, where the instance is known, each method of each instance.
   */
  readonly per?: 'method' | 'instance' | ((context: Context) => string) | undefined
  /** The circuit opens when more than so many of a hundred calls failed; 50 by default. */
  readonly errorThresholdPercentage?: number | undefined
  /** The circuit stays closed while fewer calls than this have ended within the window; 20 by default. */
  readonly volumeThreshold?: number | undefined
  /** How far back calls count, in ms; 10,000 by default. */
  readonly windowMs?: number | undefined
  /** How long an open circuit refuses all calls before it lets one through to try, in ms; 30,000 by default. */
  readonly resetTimeoutMs?: number | undefined
  /** Codes that count as failures; by default those that mean that the server failed, or has too much to do. */
  readonly codes?: readonly ErrorCode[] | undefined
  /**
   * Answers in place of a call that was refused or counts as failed, told why; what it throws is what the caller gets. A
   * stream that fails after it began is not replaced.
   */
  fallback?(request: unknown, context: Context, error: RpcError): unknown
  /** Told of each change of state; what it throws is dropped. */
  readonly onStateChange?: ((event: CircuitEvent) => void) | undefined
  /** Registry of prom-client that shows the states; its default one by default, `false` for none. */
  readonly registry?: Registry | false | undefined
  /** Most circuits that are kept; that which was used longest ago goes first. 1,000 by default. */
  readonly maxKeys?: number | undefined
}

/**
 * Stops calling what keeps failing. When too many calls fail, the circuit opens: calls fail at once with `UNAVAILABLE`,
 * reason `CIRCUIT_OPEN`, on a client as never sent, so that `retry` may go to another instance. After a while one call is
 * let through: any answer closes the circuit, a failure opens it for as long again.
 *
 * Only failures of the server count, streams when they end. A refusal such as `NOT_FOUND`, a call that its caller
 * cancelled, and what a limit on this side refused say nothing of the server: they neither open a circuit nor thin out
 * the failures of others.
 */
export function circuitBreaker(options: CircuitBreakerOptions = {}): Middleware {
  const { per, codes = FAILURES } = options
  const circuits = new Circuits(settings(options))
  const keyOf = typeof per === 'function' ? per : keys[per ?? 'both']
  const failures = new Set<Code>(codes)
  const breaker: Middleware = (next) =>
    async function circuitBreaker(request, context) {
      const circuit = circuits.of(keyOf(context), context.clock)
      const admission = circuit.admit()
      try {
        if (admission === undefined) throw refusal(context)
        const end = ({ error }: { error: RpcError | undefined }): void =>
          circuit.record(admission, verdictOf(error, failures))
        return await outcome(next, request, context, { end })
      } catch (thrown) {
        const error = RpcError.from(thrown)
        if (!options.fallback || (admission !== undefined && verdictOf(error, failures) !== 'failure')) throw thrown
        return options.fallback(request, context, error) as Awaited<ReturnType<typeof next>>
      }
    }
  return withSnapshot(breaker, () => circuits.snapshot())
}

const keys = {
  method: ({ method }: Context) => method.path,
  instance: (context: Context) => instanceOf(context) ?? context.method.service,
  both: (context: Context) => {
    const instance = instanceOf(context)
    return instance === undefined ? context.method.path : `${context.method.path} ${instance}`
  },
}

/** The instance that is called. On a server the peer is the caller, for whom nothing is to be broken. */
function instanceOf({ side, peer }: Context): string | undefined {
  return side === 'client' ? peer?.address : undefined
}

function settings(options: CircuitBreakerOptions): CircuitsInit {
  const { errorThresholdPercentage = 50, volumeThreshold = 20, windowMs = 10_000, resetTimeoutMs = 30_000 } = options
  const { maxKeys = 1000, name, registry, onStateChange } = options
  if (!(Number.isInteger(volumeThreshold) && volumeThreshold > 0)) {
    throw new RangeError(`circuitBreaker: volumeThreshold must be a whole number above 0, not ${volumeThreshold}`)
  }
  for (const [name, value] of Object.entries({ windowMs, resetTimeoutMs })) {
    if (!(value > 0)) throw new RangeError(`circuitBreaker: ${name} must be above 0, not ${value}`)
  }
  if (!(errorThresholdPercentage >= 0 && errorThresholdPercentage < 100)) {
    throw new RangeError(
      `circuitBreaker: errorThresholdPercentage must be from 0 to below 100, not ${errorThresholdPercentage}`,
    )
  }
  return { errorThresholdPercentage, volumeThreshold, windowMs, resetTimeoutMs, maxKeys, name, registry, onStateChange }
}

function refusal({ side }: Context): RpcError {
  const options = { reason: 'CIRCUIT_OPEN', domain: 'tierkit', neverSent: side === 'client' }
  return new RpcError(Code.UNAVAILABLE, 'the circuit is open', options)
}
