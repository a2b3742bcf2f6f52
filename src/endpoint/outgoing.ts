import { type Clock, systemClock } from '../resilience/clock.js'
import { currentContext } from './ambient.js'
import { Context } from './context.js'
import { type ContextKey, contextKey } from './context-value.js'
import { Metadata, type MetadataInit } from './metadata.js'
import type { Method } from './method.js'

/** What a caller may say of one call. */
export interface CallOptions {
  /** How long the whole call may take, retries included, in ms. An earlier deadline that is inherited wins. */
  readonly timeoutMs?: number | undefined
  /** Cancels the call. */
  readonly signal?: AbortSignal | undefined
  /** Request metadata. */
  readonly metadata?: MetadataInit | undefined
  /** Wait for a ready connection, until the deadline, where calls fail fast by default. */
  readonly waitForReady?: boolean | undefined
  /** Called once with the context when the response metadata is complete: headers, trailers and peer are in it. */
  readonly onResponse?: ((context: Context) => void) | undefined
}

/** Metadata with this prefix goes on to every call that a handler makes. */
export const GLOBAL_PREFIX = 'x-md-global-'

/**
 * The context of a call about to be made. Inside a handler it inherits from the handler's own context: the smaller
 * deadline, cancellation, and metadata under `x-md-global-`. (`x-md-local-` is for one hop and stays behind.)
 */
export function outgoingContext(
  method: Method,
  options: CallOptions = {},
  parent: Context | undefined = currentContext(),
  clock: Clock = parent?.clock ?? systemClock,
): Context {
  const own = options.timeoutMs === undefined ? undefined : clock.now() + options.timeoutMs
  const deadline = parent?.deadline === undefined ? own : Math.min(parent.deadline, own ?? Number.POSITIVE_INFINITY)
  const metadata = new Metadata(options.metadata)
  for (const [key, values] of parent?.side === 'server' ? parent.metadata : []) {
    if (key.startsWith(GLOBAL_PREFIX) && !metadata.has(key)) metadata.set(key, ...values)
  }
  const context = new Context({ method, side: 'client', clock, deadline, signal: options.signal, parent, metadata })
  if (options.waitForReady) context.set(waitForReadyKey, true)
  return context
}

/** Whether a call waits for a ready connection. */
export const waitForReadyKey: ContextKey<boolean> = contextKey('wait for ready')

/** Where the instance is that an attempt goes to, as its registry or the target says: `host:port`. `peer` is who answers. */
export const serverKey: ContextKey<string> = contextKey('server')
