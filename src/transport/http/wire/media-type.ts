/** One message. */
export const JSON_TYPE = 'application/json'
/** One message a line. */
export const NDJSON_TYPE = 'application/x-ndjson'
/** One message an event. */
export const SSE_TYPE = 'text/event-stream'
/** One error, as RFC 9457 has it. */
export const PROBLEM_TYPE = 'application/problem+json'
/** One message in protobuf. The first is what a response says that could say any of them. */
export const PROTOBUF_TYPES: readonly string[] = ['application/x-protobuf', 'application/protobuf', 'application/proto']

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

/** The type of protobuf that a `Content-Type` says; `undefined` if it says another. */
export function protobufType(contentType: string | undefined): string | undefined {
  const [type = ''] = (contentType ?? '').split(';')
  const named = type.trim().toLowerCase()
  return PROTOBUF_TYPES.includes(named) ? named : undefined
}
