import type { Demand } from '../finding.js'
import { codePoints } from '../format/characters.js'
import type { Rules } from '../option/rules.js'
import { compilePattern } from '../pattern/compile-pattern.js'
import { demand, membershipDemands, shown } from './membership.js'
import { sizeDemands } from './size.js'
import { formatDemands } from './string-formats.js'

/** The rules of strings. Throws a `RuleProblem` if the pattern is none. */
export function stringDemands(rules: Rules): Demand[] {
  return [
    ...membershipDemands<string>('string', rules),
    ...sizeDemands('string', rules, { names: ['len', 'min_len', 'max_len'], unit: 'character', size: codePoints }),
    ...sizeDemands('string', rules, { names: ['len_bytes', 'min_bytes', 'max_bytes'], unit: 'byte', size: byteLength }),
    ...patternDemand(rules),
    ...partDemand(rules, 'prefix', { holds: (text, part) => text.startsWith(part), what: 'must start with' }),
    ...partDemand(rules, 'suffix', { holds: (text, part) => text.endsWith(part), what: 'must end with' }),
    ...partDemand(rules, 'contains', { holds: (text, part) => text.includes(part), what: 'must contain' }),
    ...partDemand(rules, 'not_contains', { holds: (text, part) => !text.includes(part), what: 'must not contain' }),
    ...formatDemands(rules),
  ]
}

function byteLength(text: string): number {
  return Buffer.byteLength(text)
}

function patternDemand({ pattern }: Rules): Demand[] {
  if (pattern === undefined) return []
  const matches = compilePattern(pattern as string, '(buf.validate.field).string.pattern')
  const text = `must match the pattern ${pattern}`
  return [demand('string', 'pattern', (value: string) => (matches(value) ? undefined : text))]
}

interface PartRule {
  readonly holds: (text: string, part: string) => boolean
  readonly what: string
}

function partDemand(rules: Rules, name: string, { holds, what }: PartRule): Demand[] {
  const part = rules[name] as string | undefined
  if (part === undefined) return []
  const text = `${what} ${shown(part)}`
  return [demand('string', name, (value: string) => (holds(value, part) ? undefined : text))]
}
