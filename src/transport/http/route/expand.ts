import { type PathTemplate, REST, STAR } from './template.js'

/** How values are put into a path. */
export interface ExpandOptions {
  /** The server decodes all but `%2F` in variables of several segments. */
  readonly fullyDecodeReservedExpansion?: boolean | undefined
}

/** Why a value cannot be in a path. */
export interface Obstacle {
  readonly fieldPath: readonly string[]
  readonly problem: string
}

/**
 * Makes a path of a template and the values of its variables. The obstacle says which value the path cannot carry, so that
 * whoever reads it would take it for another value, or for another route.
 */
export function expand(
  template: PathTemplate,
  valueAt: (fieldPath: readonly string[]) => string,
  options: ExpandOptions = {},
): string | Obstacle {
  const { segments, variables, verb } = template
  const parts: string[] = []
  for (let at = 0; at < segments.length; ) {
    const variable = variables.find(({ start }) => start === at)
    const end = variable?.end ?? at + 1
    const pattern = segments.slice(at, end)
    const isLast = end === segments.length && verb === ''
    if (variable) {
      const { fieldPath } = variable
      const written = write(valueAt(fieldPath), pattern, { isLast, ...options })
      if (typeof written === 'string') return { fieldPath, problem: written }
      parts.push(...written)
    } else parts.push(...pattern)
    at = end
  }
  return `/${parts.join('/')}${verb === '' ? '' : `:${verb}`}`
}

/** True if values for all wildcards of a template are known. */
export function isExpandable({ segments, variables }: PathTemplate): boolean {
  return segments.every((segment, index) => {
    if (segment !== STAR && segment !== REST) return true
    return variables.some(({ start, end }) => start <= index && index < end)
  })
}

interface Writing extends ExpandOptions {
  /** Nothing follows in the path. */
  readonly isLast: boolean
}

/** The segments that a value is, escaped; or why it is none. */
function write(value: string, pattern: readonly string[], writing: Writing): string[] | string {
  const single = pattern.length === 1 && pattern[0] !== REST
  const parts = single ? [value] : value === '' ? [] : value.split('/')
  if (parts.includes('.') || parts.includes('..')) return 'a segment of a path cannot be . or ..'
  if (!fits(parts, pattern)) return `it does not fit ${JSON.stringify(pattern.join('/'))}`
  if (single) return [encodeURIComponent(value)]
  const { fullyDecodeReservedExpansion = false, isLast } = writing
  if (!fullyDecodeReservedExpansion && parts.some((part) => /[?#[\]]/.test(part))) {
    return 'the characters ? # [ ] do not come back decoded from several segments of a path'
  }
  const last = parts.at(-1) ?? ''
  if (isLast && !fullyDecodeReservedExpansion && last.includes(':'))
    return 'a colon in the last segment reads as a verb'
  return parts.map((part, index) => reserved(part, isLast && index === parts.length - 1))
}

function fits(parts: readonly string[], pattern: readonly string[]): boolean {
  const rest = pattern.indexOf(REST)
  const matches = (part: string | undefined, segment: string | undefined): boolean =>
    segment === STAR ? part !== undefined && part !== '' : part === segment
  if (rest < 0)
    return parts.length === pattern.length && pattern.every((segment, index) => matches(parts[index], segment))
  const behind = pattern.length - rest - 1
  if (parts.length < pattern.length - 1) return false
  const head = pattern.slice(0, rest).every((segment, index) => matches(parts[index], segment))
  return (
    head && pattern.slice(rest + 1).every((segment, index) => matches(parts[parts.length - behind + index], segment))
  )
}

/** Escapes a segment, but not the reserved characters that may stand in one (RFC 3986, 3.3). */
function reserved(part: string, withColon: boolean): string {
  const keep = withColon ? /[^!$&'()*+,;=@]+/g : /[^!$&'()*+,;=:@]+/g
  return part.replace(keep, encodeURIComponent)
}
