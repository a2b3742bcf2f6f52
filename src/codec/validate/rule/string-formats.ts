import type { Demand } from '../finding.js'
import { isEmail, isHostAndPort, isHostname } from '../format/host.js'
import { isIp, isIpPrefix } from '../format/ip.js'
import {
  isDottedName,
  isFullName,
  isHeaderName,
  isHeaderValue,
  isTrimmedUuid,
  isUlid,
  isUuid,
} from '../format/names.js'
import { isUri, isUriRef } from '../format/uri.js'
import type { Rules } from '../option/rules.js'

interface Format {
  readonly name: string
  /** What a text must be. */
  readonly what: string
  readonly holds: (text: string) => boolean
}

const FORMATS: readonly Format[] = [
  { name: 'email', what: 'an email address', holds: isEmail },
  { name: 'hostname', what: 'a hostname', holds: isHostname },
  { name: 'ip', what: 'an IP address', holds: (text) => isIp(text) },
  { name: 'ipv4', what: 'an IPv4 address', holds: (text) => isIp(text, 4) },
  { name: 'ipv6', what: 'an IPv6 address', holds: (text) => isIp(text, 6) },
  { name: 'uri', what: 'a URI', holds: isUri },
  { name: 'address', what: 'a hostname or an IP address', holds: (text) => isHostname(text) || isIp(text) },
  { name: 'uuid', what: 'a UUID', holds: isUuid },
  { name: 'tuuid', what: 'a UUID without hyphens', holds: isTrimmedUuid },
  { name: 'ip_with_prefixlen', what: 'an IP address with prefix length', holds: (text) => isIpPrefix(text) },
  { name: 'ipv4_with_prefixlen', what: 'an IPv4 address with prefix length', holds: (text) => isIpPrefix(text, 4) },
  { name: 'ipv6_with_prefixlen', what: 'an IPv6 address with prefix length', holds: (text) => isIpPrefix(text, 6) },
  { name: 'ip_prefix', what: 'an IP prefix', holds: (text) => isIpPrefix(text, 0, true) },
  { name: 'ipv4_prefix', what: 'an IPv4 prefix', holds: (text) => isIpPrefix(text, 4, true) },
  { name: 'ipv6_prefix', what: 'an IPv6 prefix', holds: (text) => isIpPrefix(text, 6, true) },
  { name: 'host_and_port', what: 'a host with a port', holds: (text) => isHostAndPort(text, true) },
  { name: 'ulid', what: 'a ULID', holds: isUlid },
  { name: 'protobuf_fqn', what: 'the full name of a Protobuf type', holds: isFullName },
  { name: 'protobuf_dot_fqn', what: 'the full name of a Protobuf type with a dot in front', holds: isDottedName },
]

/** The rule of a format that strings are to have, if one is set. An empty string has its own id for each. */
export function formatDemands(rules: Rules): Demand[] {
  const format = FORMATS.find(({ name }) => rules[name] === true)
  if (format) return nonEmpty(`string.${format.name}`, format)
  if (rules.uri_ref === true) {
    const broken = (text: string): string | undefined => (isUriRef(text) ? undefined : 'must be a URI reference')
    return [{ id: 'string.uri_ref', rule: 'string.uri_ref', broken }]
  }
  return headerDemands(rules.well_known_regex, rules.strict !== false)
}

function headerDemands(kind: unknown, strict: boolean): Demand[] {
  const rule = 'string.well_known_regex'
  if (kind === 1) {
    const format = { what: 'an HTTP header name', holds: (text: string) => isHeaderName(text, strict) }
    return nonEmpty(`${rule}.header_name`, { name: rule, ...format }).map((one) => ({ ...one, rule }))
  }
  if (kind !== 2) return []
  const text = 'must be an HTTP header value'
  return [
    { id: `${rule}.header_value`, rule, broken: (value: string) => (isHeaderValue(value, strict) ? undefined : text) },
  ]
}

function nonEmpty(id: string, { what, holds }: Format): Demand[] {
  const wrong = `must be ${what}`
  const empty = `is empty, which is not ${what}`
  return [
    { id, rule: id, broken: (text: string) => (text === '' || holds(text) ? undefined : wrong) },
    { id: `${id}_empty`, rule: id, broken: (text: string) => (text === '' ? empty : undefined) },
  ]
}
