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

/** The limits that were named, and the default of each that was not. */
export function withDefaults(limits: Http2Limits = {}): Limits {
  const named = Object.entries(limits).filter(([, value]) => value !== undefined)
  return { ...defaults, ...Object.fromEntries(named) }
}
