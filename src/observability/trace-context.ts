import type { Context as OtelContext } from '@opentelemetry/api'
import { type ContextKey, contextKey } from '../endpoint/context-value.js'
import type { Random } from '../resilience/clock.js'

/** Where a call stands in a trace, as it travels between processes. */
export interface TraceContext {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string
  /** 16 lower-case hex digits, not all zero. */
  readonly spanId: string
  /** Bit 0: sampled; bit 1: the trace id is random. */
  readonly traceFlags: number
  /** The W3C `tracestate` list, if there is one. */
  readonly traceState?: string | undefined
  /** The W3C `baggage` list as it arrived; it is passed on, never read. */
  readonly baggage?: string | undefined
}

/** The trace of a call in this process. */
export interface CallTrace {
  readonly trace: TraceContext
  /** The OpenTelemetry context with the call's span, when an SDK is registered. */
  readonly otel: OtelContext | undefined
}

/** Under which a context holds its trace; set by `tracing`, read by logs and outgoing calls. */
export const callTraceKey: ContextKey<CallTrace> = contextKey('trace')

/** The sampled bit of `traceFlags`. */
export const SAMPLED = 0x01
/** The bit of `traceFlags` that says that the id's last 7 bytes are random. */
export const RANDOM_ID = 0x02

/** Starts a trace that is not sampled: its id still ties together the logs of all processes that a call reaches. */
export function newTrace(random: Random = Math.random): TraceContext {
  return { traceId: randomHex(32, random), spanId: randomHex(16, random), traceFlags: RANDOM_ID }
}

/** The flags as logs and headers write them: two hex digits. */
export function formatFlags(traceFlags: number): string {
  return traceFlags < 16 ? `0${traceFlags.toString(16)}` : traceFlags.toString(16)
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function randomHex(digits: number, random: Random): string {
  let hex = ''
  while (hex.length < digits - 8) hex += eightHex(random() * 0x1_0000_0000)
  // The last eight digits are at least 1, so that an id is never all zero.
  return hex + eightHex(random() * 0xffff_ffff + 1)
}

/** By a table: numbers are far slower to turn into text. */
function eightHex(value: number): string {
  const byte = (shift: number): string => BYTES[(value >>> shift) & 0xff] ?? ''
  return byte(24) + byte(16) + byte(8) + byte(0)
}
