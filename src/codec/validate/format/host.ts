import { ALPHANUMERIC, allIn, characters, DIGITS, decimal, isIn } from './characters.js'
import { isIp } from './ip.js'

const LABEL = characters(...ALPHANUMERIC, '-')
const ATOM = characters(...ALPHANUMERIC, ".!#$%&'*+/=?^_`{|}~-")
const HYPHEN = 45

/** A host name of at most 253 characters, whose last label is no number: RFC 1034 section 3.5, RFC 1123 section 2.1. */
export function isHostname(text: string): boolean {
  const name = text.endsWith('.') ? text.slice(0, -1) : text
  if (name.length > 253 || !areLabels(name, 0)) return false
  return !allIn(DIGITS, name, name.lastIndexOf('.') + 1)
}

/** An email address as the HTML standard has it for `<input type="email">`: no comments, no quotes, no line breaks. */
export function isEmail(text: string): boolean {
  const at = text.indexOf('@')
  return at > 0 && allIn(ATOM, text, 0, at) && areLabels(text, at + 1)
}

/** Host names and IPv4 addresses, and IPv6 addresses in brackets, with a port. */
export function isHostAndPort(text: string, portRequired: boolean): boolean {
  if (text.startsWith('[')) {
    const end = text.lastIndexOf(']')
    if (end < 0 || !isIp(text.slice(1, end), 6)) return false
    const rest = text.slice(end + 1)
    return rest === '' ? !portRequired : rest.startsWith(':') && isPort(rest.slice(1))
  }
  const colon = text.lastIndexOf(':')
  const host = colon < 0 ? text : text.slice(0, colon)
  if (!isHostname(host) && !isIp(host, 4)) return false
  return colon < 0 ? !portRequired : isPort(text.slice(colon + 1))
}

function isPort(text: string): boolean {
  return decimal(text, 65535) !== undefined
}

/** Labels between dots: 1 to 63 letters, digits and hyphens, of which none is at an end. */
function areLabels(text: string, from: number): boolean {
  let start = from
  for (let at = from; at <= text.length; at++) {
    if (at < text.length && text.charCodeAt(at) !== 46) {
      if (!isIn(LABEL, text, at)) return false
      continue
    }
    const length = at - start
    if (length < 1 || length > 63) return false
    if (text.charCodeAt(start) === HYPHEN || text.charCodeAt(at - 1) === HYPHEN) return false
    start = at + 1
  }
  return true
}
