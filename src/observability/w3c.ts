import { RANDOM_ID, SAMPLED, type TraceContext } from './trace-context.js'

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const ZERO_TRACE = '0'.repeat(32)
const ZERO_SPAN = '0'.repeat(16)

const KEY = /^[a-z0-9][a-z0-9_\-*/]{0,255}$|^[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13}$/
const VALUE = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/
const MAX_MEMBERS = 32
/** More than the 512 characters that everyone must pass on, and little beside the usual limit of 8 KiB for all headers. */
const MAX_TRACESTATE = 2048
const LONG_MEMBER = 128
const MAX_BAGGAGE = 8192
const MAX_BAGGAGE_MEMBERS = 180

/**
 * Reads a `traceparent` header; `undefined` if it is not one. Versions above 00 are read like 00, and flags that 00 does
 * not know are dropped.
 *
 * @see https://www.w3.org/TR/trace-context-2/#traceparent-header
 */
export function parseTraceparent(header: string): TraceContext | undefined {
  const match = TRACEPARENT.exec(header.trim())
  if (!match) return undefined
  const [, version, traceId = '', spanId = '', flags = '', rest] = match
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined
  if (traceId === ZERO_TRACE || spanId === ZERO_SPAN) return undefined
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & (SAMPLED | RANDOM_ID) }
}

/** Writes a `traceparent` header of version 00. */
export function formatTraceparent({ traceId, spanId, traceFlags }: TraceContext): string {
  return `00-${traceId}-${spanId}-0${traceFlags & (SAMPLED | RANDOM_ID)}`
}

/**
 * Reads `tracestate` headers into one list; `undefined` if there is nothing in them or anything is malformed, as the
 * whole list is to be dropped then. A list that is too long loses its long members first, then its last ones.
 *
 * @see https://www.w3.org/TR/trace-context-2/#tracestate-header
 */
export function parseTracestate(headers: readonly string[]): string | undefined {
  const members = splitList(headers)
  if (members.length === 0 || members.length > MAX_MEMBERS || !members.every(isMember)) return undefined
  return shorten(members).join(',') || undefined
}

/** Reads `baggage` headers into one list; `undefined` if there is nothing in them or they are over the limits. */
export function parseBaggage(headers: readonly string[]): string | undefined {
  const members = splitList(headers)
  const list = members.join(',')
  return list === '' || list.length > MAX_BAGGAGE || members.length > MAX_BAGGAGE_MEMBERS ? undefined : list
}

function splitList(headers: readonly string[]): string[] {
  return headers.flatMap((header) => header.split(',').map((member) => member.trim())).filter((member) => member !== '')
}

function isMember(member: string): boolean {
  const equals = member.indexOf('=')
  return equals > 0 && KEY.test(member.slice(0, equals)) && VALUE.test(member.slice(equals + 1))
}

function shorten(members: readonly string[]): readonly string[] {
  const length = (list: readonly string[]): number => list.join(',').length
  if (length(members) <= MAX_TRACESTATE) return members
  const kept = [...members]
  for (let i = kept.length - 1; i >= 0 && length(kept) > MAX_TRACESTATE; i -= 1) {
    if ((kept[i]?.length ?? 0) > LONG_MEMBER) kept.splice(i, 1)
  }
  while (length(kept) > MAX_TRACESTATE) kept.pop()
  return kept
}
