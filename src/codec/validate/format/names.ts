import { ALPHANUMERIC, allIn, characters, isIn } from './characters.js'

const FIRST = characters('a-z', 'A-Z', '_')
const WORD = characters(...ALPHANUMERIC, '_')
// The range from `+` to `.` has a comma in it.
const HEADER_NAME = characters(...ALPHANUMERIC, "!#$%&'*+,-.^_|~`")

// Of fixed length, so that there is one way only to match them.
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i
const TRIMMED_UUID = /^[\da-f]{32}$/i
const ULID = /^[0-7][\da-hjkmnp-tv-z]{25}$/i

/** A UUID with its hyphens, of any version. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}

/** A UUID without its hyphens. */
export function isTrimmedUuid(text: string): boolean {
  return TRIMMED_UUID.test(text)
}

/** A ULID: 128 bits in Crockford's base 32. */
export function isUlid(text: string): boolean {
  return ULID.test(text)
}

/** Full name of a type: `shop.v1.Order`. */
export function isFullName(text: string): boolean {
  return text.split('.').every((part) => isIn(FIRST, part, 0) && allIn(WORD, part))
}

/** Full name with a dot in front. */
export function isDottedName(text: string): boolean {
  return text.startsWith('.') && isFullName(text.slice(1))
}

/** Name of an HTTP header, or of a pseudo-header of HTTP/2. If not `strict`, all that does not end a line. */
export function isHeaderName(text: string, strict: boolean): boolean {
  if (!strict) return text !== '' && isOneLine(text)
  const from = text.startsWith(':') ? 1 : 0
  return text.length > from && allIn(HEADER_NAME, text, from)
}

/** Value of an HTTP header: no control characters but tabs. If not `strict`, all that does not end a line. */
export function isHeaderValue(text: string, strict: boolean): boolean {
  if (!strict) return isOneLine(text)
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if ((code < 32 && code !== 9) || code === 127) return false
  }
  return true
}

function isOneLine(text: string): boolean {
  return !text.includes('\0') && !text.includes('\n') && !text.includes('\r')
}
