/** One message. */
export const JSON_TYPE = 'application/json'
/** One message a line. */
export const NDJSON_TYPE = 'application/x-ndjson'
/** One message an event. */
export const SSE_TYPE = 'text/event-stream'

const PARAMETERS = /^\s*;\s*charset\s*=\s*"?utf-8"?\s*;?\s*$/i

/** True if a `Content-Type` says `type`, with no other character set than UTF-8. */
export function hasType(contentType: string | undefined, type: string): boolean {
  if (contentType === type) return true
  if (!contentType || contentType.slice(0, type.length).toLowerCase() !== type) return false
  const parameters = contentType.slice(type.length)
  return parameters.trim() === '' || PARAMETERS.test(parameters)
}

/** True if an `Accept` names `type` itself, and not with a weight of 0. */
export function accepts(accept: string | undefined, type: string): boolean {
  if (!accept?.toLowerCase().includes(type)) return false
  const ranges = accept.split(',').map((range) => range.split(';').map((part) => part.trim().toLowerCase()))
  return ranges.some(([name, ...parameters]) => name === type && !parameters.some((one) => /^q=0(\.0*)?$/.test(one)))
}
