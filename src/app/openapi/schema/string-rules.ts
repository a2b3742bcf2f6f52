import type { OpenApiSchema } from '../document-types.js'
import type { Rules } from '../kernel.js'

/** Formats of JSON Schema, or where it has none a name that says what is meant. */
const FORMATS: Readonly<Record<string, string>> = {
  email: 'email',
  hostname: 'hostname',
  ip: 'ip',
  ipv4: 'ipv4',
  ipv6: 'ipv6',
  uri: 'uri',
  uri_ref: 'uri-reference',
  address: 'address',
  uuid: 'uuid',
  tuuid: 'tuuid',
  ip_with_prefixlen: 'ip-with-prefixlen',
  ipv4_with_prefixlen: 'ipv4-with-prefixlen',
  ipv6_with_prefixlen: 'ipv6-with-prefixlen',
  ip_prefix: 'ip-prefix',
  ipv4_prefix: 'ipv4-prefix',
  ipv6_prefix: 'ipv6-prefix',
  host_and_port: 'host-and-port',
  ulid: 'ulid',
  protobuf_fqn: 'protobuf-fqn',
  protobuf_dot_fqn: 'protobuf-dot-fqn',
}

const PATTERNS: Readonly<Record<string, string>> = {
  tuuid: '^[0-9a-fA-F]{32}$',
  ulid: '^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$',
}

/** Keywords for the rules of a string. Lengths are in characters in both. */
export function stringKeywords(rules: Rules): OpenApiSchema {
  const { len, min_len: min = len, max_len: max = len ?? rules.max_bytes ?? rules.len_bytes } = rules
  const format = Object.keys(FORMATS).find((name) => rules[name] === true)
  const { keywords, description } = patterns(rules, format)
  const denied = deniedBy(rules)
  return {
    ...(rules.const !== undefined && { const: rules.const }),
    ...(Array.isArray(rules.in) && rules.in.length > 0 && { enum: rules.in }),
    ...(min !== undefined && Number(min) > 0 && { minLength: Number(min) }),
    ...(max !== undefined && { maxLength: Number(max) }),
    ...(format !== undefined && { format: FORMATS[format] }),
    ...keywords,
    ...(denied.length === 1 && { not: denied[0] }),
    ...(denied.length > 1 && { not: { anyOf: denied } }),
    ...(description !== undefined && { description }),
  }
}

function deniedBy({ not_in: list, not_contains: part }: Rules): OpenApiSchema[] {
  return [
    ...(Array.isArray(list) && list.length > 0 ? [{ enum: list }] : []),
    ...(part === undefined ? [] : [{ pattern: literal(part) }]),
  ]
}

interface Patterns {
  readonly keywords: OpenApiSchema
  readonly description?: string
}

function patterns(rules: Rules, format: string | undefined): Patterns {
  const { pattern, prefix, suffix, contains } = rules
  const readable = typeof pattern === 'string' && isShared(pattern)
  const all = [
    ...(readable ? [pattern] : []),
    ...(prefix === undefined ? [] : [`^${literal(prefix)}`]),
    ...(suffix === undefined ? [] : [`${literal(suffix)}$`]),
    ...(contains === undefined ? [] : [literal(contains)]),
    ...(format !== undefined && PATTERNS[format] !== undefined ? [PATTERNS[format]] : []),
  ]
  const [first, ...more] = all
  return {
    keywords: {
      ...(first !== undefined && { pattern: first }),
      ...(more.length > 0 && { allOf: more.map((one) => ({ pattern: one })) }),
    },
    ...(typeof pattern === 'string' && !readable && { description: `Must match the RE2 pattern \`${pattern}\`.` }),
  }
}

function literal(text: unknown): string {
  return String(text).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

/** What RE2 and ECMAScript read in two ways, or only one of them reads. */
const RE2_ONLY = /\(\?[a-zA-Z-]*[:)]|\(\?P<|\\[AzZQEpPCaX]|\[\[:/

/** True of a pattern that means the same in RE2 and in ECMAScript. */
function isShared(pattern: string): boolean {
  if (RE2_ONLY.test(pattern.replaceAll('(?:', '('))) return false
  try {
    new RegExp(pattern, 'u')
    return true
  } catch {
    return false
  }
}
