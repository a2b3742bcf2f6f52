/** One message. */
export const JSON_TYPE = 'application/json'
/** One message a line. */
export const NDJSON_TYPE = 'application/x-ndjson'
/** One message an event. */
export const SSE_TYPE = 'text/event-stream'

const PARAMETERS = /^\s*;\s*charset\s*=\s*"?utf-8"?\s*;?\s*$/i
const WEIGHT = /^q=([01](\.\d{0,3})?)$/

/** True if a `Content-Type` says `type`, with no other character set than UTF-8. */
export function hasType(contentType: string | undefined, type: string): boolean {
  if (contentType === type) return true
  if (!contentType || contentType.slice(0, type.length).toLowerCase() !== type) return false
  const parameters = contentType.slice(type.length)
  return parameters.trim() === '' || PARAMETERS.test(parameters)
}

/** The weight that an `Accept` gives to `type` itself (RFC 9110, 12.4.2), from 0 to 1; 0 if it does not name it. */
export function weightOf(accept: string | undefined, type: string): number {
  if (!accept?.toLowerCase().includes(type)) return 0
  const ranges = accept.split(',').map((range) => range.split(';').map((part) => part.trim().toLowerCase()))
  const weights = ranges.filter(([name]) => name === type).map(([, ...parameters]) => weightIn(parameters))
  return Math.max(0, ...weights)
}

function weightIn(parameters: readonly string[]): number {
  const weights = parameters.flatMap((one) => WEIGHT.exec(one)?.[1] ?? [])
  return Math.min(1, Number(weights[0] ?? 1))
}
