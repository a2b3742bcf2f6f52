import { ALPHANUMERIC, allIn, type Characters, characters, DIGITS, HEX, isIn } from './characters.js'
import { isIp } from './ip.js'

const SUB_DELIMS = "!$&'()*+,;="
const SCHEME = characters(...ALPHANUMERIC, '+-.')
const LETTERS = characters('a-z', 'A-Z')
const UNRESERVED = characters(...ALPHANUMERIC, '-._~')
const NAME = characters(...ALPHANUMERIC, '-._~', SUB_DELIMS)
const USER = characters(...ALPHANUMERIC, '-._~', SUB_DELIMS, ':')
const PATH = characters(...ALPHANUMERIC, '-._~', SUB_DELIMS, ':@/')
const QUERY = characters(...ALPHANUMERIC, '-._~', SUB_DELIMS, ':@/?')

/** A URI: RFC 3986 section 3, with the zones of RFC 6874. */
export function isUri(text: string): boolean {
  const colon = schemeEnd(text)
  return colon > 0 && isRelative(text.slice(colon + 1), true)
}

/** A URI, or a reference that is relative to one: RFC 3986 section 4.1. */
export function isUriRef(text: string): boolean {
  return isUri(text) || isRelative(text, false)
}

/** Where the colon after the scheme is; -1 if there is none. */
function schemeEnd(text: string): number {
  const colon = text.indexOf(':')
  return colon > 0 && isIn(LETTERS, text, 0) && allIn(SCHEME, text, 0, colon) ? colon : -1
}

/** What may follow a scheme, or stand alone. */
function isRelative(text: string, hasScheme: boolean): boolean {
  const [beforeFragment, fragment = ''] = cut(text, '#')
  const [hierarchy, query = ''] = cut(beforeFragment, '?')
  if (!isEncoded(QUERY, query) || !isEncoded(QUERY, fragment)) return false
  if (!hierarchy.startsWith('//')) return isPath(hierarchy, hasScheme)
  const slash = hierarchy.indexOf('/', 2)
  const end = slash < 0 ? hierarchy.length : slash
  return isAuthority(hierarchy.slice(2, end)) && isEncoded(PATH, hierarchy.slice(end))
}

/** A path without an authority in front. The first segment of one that stands alone has no colon: that would be a scheme. */
function isPath(path: string, hasScheme: boolean): boolean {
  const [segment] = cut(path, '/')
  return (hasScheme || !segment.includes(':')) && isEncoded(PATH, path)
}

function isAuthority(text: string): boolean {
  const at = text.lastIndexOf('@')
  if (at >= 0 && !isEncoded(USER, text.slice(0, at))) return false
  const server = text.slice(at + 1)
  const bracket = server.startsWith('[') ? server.lastIndexOf(']') : -1
  const colon = server.indexOf(':', bracket + 1)
  const host = colon < 0 ? server : server.slice(0, colon)
  if (colon >= 0 && !allIn(DIGITS, server, colon + 1)) return false
  return server.startsWith('[') ? isLiteral(host) : isEncoded(NAME, host) && isUtf8(host)
}

/** An address in brackets: IPv6, also with a zone, or one of a version to come. */
function isLiteral(host: string): boolean {
  if (!host.endsWith(']')) return false
  const address = host.slice(1, -1)
  if (/^v/i.test(address)) return isFuture(address)
  const [ip, zone] = cut(address, '%25')
  if (ip.includes('%') || !isIp(ip, 6)) return false
  return zone === undefined || (zone !== '' && isEncoded(UNRESERVED, zone) && isUtf8(zone))
}

function isFuture(address: string): boolean {
  const dot = address.indexOf('.')
  return dot > 1 && allIn(HEX, address, 1, dot) && dot < address.length - 1 && allIn(USER, address, dot + 1)
}

/** True if a text has only characters of a set, and others as `%` with two digits. */
function isEncoded(set: Characters, text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (isIn(set, text, at)) continue
    if (text[at] !== '%' || !isIn(HEX, text, at + 1) || !isIn(HEX, text, at + 2)) return false
    at += 2
  }
  return true
}

/** True if what is encoded is UTF-8, as it has to be in a host. */
function isUtf8(encoded: string): boolean {
  if (!encoded.includes('%')) return true
  try {
    decodeURIComponent(encoded)
    return true
  } catch {
    return false
  }
}

function cut(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)]
}
