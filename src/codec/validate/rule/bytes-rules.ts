import type { Demand } from '../finding.js'
import { listIn, type Rules } from '../option/rules.js'
import { compilePattern } from '../pattern/compile-pattern.js'
import { demand } from './membership.js'
import { sizeDemands } from './size.js'

const SIZES: Readonly<Record<string, { what: string; sizes: readonly number[] }>> = {
  ip: { what: 'an IP address', sizes: [4, 16] },
  ipv4: { what: 'an IPv4 address', sizes: [4] },
  ipv6: { what: 'an IPv6 address', sizes: [16] },
  uuid: { what: 'a UUID', sizes: [16] },
}

/** The rules of bytes. Throws a `RuleProblem` if the pattern is none. */
export function bytesDemands(rules: Rules): Demand[] {
  const size = (value: Uint8Array): number => value.length
  return [
    ...partDemand(rules, 'const', (value, part) => part.length === value.length && startsWith(value, part, 0)),
    ...sizeDemands('bytes', rules, { names: ['len', 'min_len', 'max_len'], unit: 'byte', size }),
    ...patternDemand(rules),
    ...partDemand(rules, 'prefix', (value, part) => startsWith(value, part, 0)),
    ...partDemand(rules, 'suffix', (value, part) => startsWith(value, part, value.length - part.length)),
    ...partDemand(rules, 'contains', (value, part) => viewOf(value).includes(viewOf(part))),
    ...listDemand(rules, 'in'),
    ...listDemand(rules, 'not_in'),
    ...Object.keys(SIZES).flatMap((name) => formatDemands(rules, name)),
  ]
}

const WORDS: Readonly<Record<string, string>> = {
  const: 'must be',
  prefix: 'must start with',
  suffix: 'must end with',
  contains: 'must contain',
}

function partDemand(rules: Rules, name: string, holds: (value: Uint8Array, part: Uint8Array) => boolean): Demand[] {
  const part = rules[name] as Uint8Array | undefined
  if (part === undefined) return []
  const text = `${WORDS[name]} ${hex(part)}`
  return [demand('bytes', name, (value: Uint8Array) => (holds(value, part) ? undefined : text))]
}

function listDemand(rules: Rules, name: 'in' | 'not_in'): Demand[] {
  const list = listIn<Uint8Array>(rules, name)
  if (!list) return []
  const text = `must ${name === 'in' ? '' : 'not '}be one of ${list.map(hex).join(', ')}`
  const isListed = (value: Uint8Array): boolean =>
    list.some((one) => one.length === value.length && startsWith(value, one, 0))
  return [demand('bytes', name, (value: Uint8Array) => (isListed(value) === (name === 'in') ? undefined : text))]
}

/** What is no UTF-8 matches nothing. */
function patternDemand({ pattern }: Rules): Demand[] {
  if (pattern === undefined) return []
  const matches = compilePattern(pattern as string, '(buf.validate.field).bytes.pattern')
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const text = `must match the pattern ${pattern}`
  const holds = (value: Uint8Array): boolean => {
    try {
      return matches(decoder.decode(value))
    } catch {
      return false
    }
  }
  return [demand('bytes', 'pattern', (value: Uint8Array) => (holds(value) ? undefined : text))]
}

function formatDemands(rules: Rules, name: string): Demand[] {
  const format = SIZES[name]
  if (rules[name] !== true || !format) return []
  const { what, sizes } = format
  const id = `bytes.${name}`
  const broken = ({ length }: Uint8Array): string | undefined =>
    length === 0 || sizes.includes(length) ? undefined : `must be ${what}`
  const empty = ({ length }: Uint8Array): string | undefined =>
    length === 0 ? `is empty, which is not ${what}` : undefined
  return [
    { id, rule: id, broken },
    { id: `${id}_empty`, rule: id, broken: empty },
  ]
}

function startsWith(value: Uint8Array, part: Uint8Array, from: number): boolean {
  if (from < 0 || value.length - from < part.length) return false
  for (let at = 0; at < part.length; at++) if (value[from + at] !== part[at]) return false
  return true
}

function viewOf(value: Uint8Array): Buffer {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
}

function hex(value: Uint8Array): string {
  return viewOf(value).toString('hex') || 'empty'
}
