import { type CharTest, PatternProblem } from './node.js'

type Range = readonly [first: number, last: number]

/** The character of a number. */
const chr = (codePoint: number): string => String.fromCodePoint(codePoint)

const CLASSES: Readonly<Record<string, string>> = {
  alnum: '09AZaz',
  alpha: 'AZaz',
  ascii: '\x00\x7f',
  blank: '\t\t  ',
  cntrl: '\x00\x1f\x7f\x7f',
  digit: '09',
  graph: '!~',
  lower: 'az',
  print: ' ~',
  punct: '!/:@[`{~',
  space: '\t\r  ',
  upper: 'AZ',
  word: '09AZaz__',
  xdigit: '09AFaf',
  // The short ones. White space has no vertical tab here.
  d: '09',
  w: '09AZaz__',
  s: '\t\n\f\r  ',
}

/** A set of code points in the making. */
export class CharSet {
  readonly #ranges: Range[] = []
  readonly #tests: CharTest[] = []

  addRange(first: number, last: number): this {
    this.#ranges.push([first, last])
    return this
  }

  addTest(test: CharTest): this {
    this.#tests.push(test)
    return this
  }

  /** Adds a class of ASCII by its name, or all that is not in it; `false` if there is no such class. */
  addClass(name: string, negated: boolean): boolean {
    const letters = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined
    if (letters === undefined) return false
    const ranges = [...(letters.match(/../gs) ?? [])].map((pair): Range => [pair.charCodeAt(0), pair.charCodeAt(1)])
    if (negated) this.#tests.push((codePoint) => !isWithin(ranges, codePoint))
    else this.#ranges.push(...ranges)
    return true
  }

  /** The test for the set, or for what is not in it; if `fold`, upper and lower case are the same. */
  test({ negated = false, fold = false } = {}): CharTest {
    const has = (codePoint: number): boolean =>
      isWithin(this.#ranges, codePoint) || this.#tests.some((test) => test(codePoint))
    const found = fold ? (codePoint: number) => caseForms(codePoint).some(has) : has
    const test: CharTest = (codePoint) => found(codePoint) !== negated
    const ascii = Array.from({ length: 128 }, (_, codePoint) => test(codePoint))
    return (codePoint) => ascii[codePoint] ?? test(codePoint)
  }
}

function isWithin(ranges: readonly Range[], codePoint: number): boolean {
  return ranges.some(([first, last]) => codePoint >= first && codePoint <= last)
}

function caseForms(codePoint: number): number[] {
  const letter = chr(codePoint)
  const forms = [letter.toLowerCase(), letter.toUpperCase()].filter((form) => [...form].length === 1)
  return [codePoint, ...forms.map((form) => form.codePointAt(0) ?? codePoint)]
}

/** The test for a general category or a script of Unicode: `L`, `Greek`. */
export function unicodeTest(name: string): CharTest {
  const property = name.startsWith('^') ? name.slice(1) : name
  const negated = property !== name
  if (property === 'Any') return () => !negated
  const pattern = /^\w+$/.test(property) ? (regExp(`gc=${property}`) ?? regExp(`Script=${property}`)) : undefined
  if (!pattern) throw new PatternProblem(`there is no category or script ${property}`)
  return (codePoint) => pattern.test(chr(codePoint)) !== negated
}

function regExp(property: string): RegExp | undefined {
  try {
    return new RegExp(`^\\p{${property}}$`, 'u')
  } catch {
    return undefined
  }
}
