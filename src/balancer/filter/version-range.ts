/** Major, minor, patch. */
type Version = readonly [number, number, number]

/** Versions from `from`, inclusive, up to `to`, exclusive; a pre-release only where it is `exactly` that. */
interface Span {
  readonly from?: Version | undefined
  readonly to?: Version | undefined
  readonly exactly?: string | undefined
}

const PART = /^(\^|~|>=|<=|>|<|=)?\s*v?(\d+|[x*])(?:\.(\d+|[x*]))?(?:\.(\d+|[x*]))?(-[0-9A-Za-z.-]+)?(?:\+.*)?$/

/**
 * Reads a range of versions, in npm's notation: `1.2.3`, `1.2`, `1.x`, `^1.2.0`, `~1.2.0`, `>=1.4 <2`, `1.x || 3.x`.
 * A pre-release version is in a range only if it is named: `2.0.0-rc.1`.
 */
export function parseVersionRange(range: string): (version: string) => boolean {
  const alternatives = range.split('||').map((all) => {
    const parts = all
      .trim()
      .replace(/([\^~<>=])\s+/g, '$1')
      .split(/\s+/)
    return parts.map((part) => parseSpan(part, range))
  })
  return (version) => alternatives.some((spans) => spans.every((span) => contains(span, version)))
}

function parseSpan(part: string, range: string): Span {
  const match = PART.exec(part)
  if (!match) throw new TypeError(`'${range}' is not a range of versions: cannot read '${part}'`)
  const [, operator = '', major, minor, patch, preRelease] = match
  if (preRelease !== undefined) {
    if (operator !== '' && operator !== '=') {
      throw new TypeError(`'${range}' is not a range of versions: '${part}' must name a pre-release exactly`)
    }
    return { exactly: [major, minor, patch].join('.') + preRelease }
  }
  const given = [major, minor, patch].filter((number) => number !== undefined && /\d/.test(number)).map(Number)
  return spanOf(operator, given)
}

function spanOf(operator: string, given: readonly number[]): Span {
  const [major = 0, minor = 0, patch = 0] = given
  const from: Version = [major, minor, patch]
  const past = given.length === 0 ? undefined : after(from, given.length)
  if (operator === '>=') return { from }
  if (operator === '<') return { to: from }
  if (operator === '>') return { from: past }
  if (operator === '<=') return { to: past }
  if (operator === '~') return { from, to: given.length > 1 ? after(from, 2) : past }
  if (operator === '^') return { from, to: caretEnd(from, given.length) }
  return { from, to: past }
}

/** The first version that differs from `version` in one of its leading `digits` numbers. */
function after([major, minor, patch]: Version, digits: number): Version {
  if (digits === 1) return [major + 1, 0, 0]
  return digits === 2 ? [major, minor + 1, 0] : [major, minor, patch + 1]
}

/** The leftmost number that is not 0 stays the same. */
function caretEnd(version: Version, digits: number): Version | undefined {
  if (digits === 0) return undefined
  const fixed = version.findIndex((number, index) => number > 0 || index === digits - 1)
  return after(version, fixed + 1)
}

function contains({ from, to, exactly }: Span, version: string): boolean {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(-[^+]+)?/.exec(version)
  if (!match) return false
  const [, major, minor, patch, preRelease = ''] = match
  const numbers: Version = [Number(major), Number(minor), Number(patch)]
  if (exactly !== undefined || preRelease !== '') return exactly === numbers.join('.') + preRelease
  return (!from || compare(numbers, from) >= 0) && (!to || compare(numbers, to) < 0)
}

function compare(one: Version, other: Version): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2]
}
