import type { Http2Limits } from '../options.js'

/** Limits with every default filled in. */
export type Limits = { readonly [Name in keyof Http2Limits]-?: number }

const defaults: Limits = {
  maxConcurrentStreams: 1000,
  maxHeaderListBytes: 16_384,
  maxHeaderFields: 128,
  maxContinuations: 8,
  headerTableBytes: 4096,
  resetBurst: 1000,
  resetsPerSecond: 33,
  idleFrameBurst: 10_000,
  idleFramesPerSecond: 1000,
  maxQueuedBytes: 64 * 1024 * 1024,
  stalledStreamMs: 60_000,
  handshakeMs: 10_000,
}

/** All connections of a server have the same. */
const filled = new WeakMap<Http2Limits, Limits>()

/** The limits that were named, and the default of each that was not. */
export function withDefaults(limits: Http2Limits | undefined): Limits {
  if (limits === undefined) return defaults
  const known = filled.get(limits)
  if (known !== undefined) return known
  const named = Object.entries(limits).filter(([, value]) => value !== undefined)
  const whole = { ...defaults, ...Object.fromEntries(named) }
  filled.set(limits, whole)
  return whole
}
