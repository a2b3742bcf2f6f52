import { CharSet, unicodeTest } from './char-set.js'
import { type CharTest, type Node, PatternProblem } from './node.js'
import { PatternText } from './pattern-text.js'

interface Flags {
  readonly i: boolean
  readonly m: boolean
  readonly s: boolean
}

/** How often a part may be repeated by numbers, and how deep groups may nest. */
const MAX_COUNT = 1000
const MAX_DEPTH = 200

/**
 * Reads a pattern in the syntax of RE2.
 *
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function parsePattern(pattern: string): Node {
  const parser = new PatternParser(pattern)
  const node = parser.alternatives(0)
  if (!parser.isOver) throw new PatternProblem('a ) closes nothing')
  return node
}

class PatternParser {
  readonly #text: PatternText
  #flags: Flags = { i: false, m: false, s: false }

  constructor(pattern: string) {
    this.#text = new PatternText(pattern)
  }

  get isOver(): boolean {
    return this.#text.isOver
  }

  alternatives(depth: number): Node {
    if (depth > MAX_DEPTH) throw new PatternProblem(`groups nest deeper than ${MAX_DEPTH}`)
    const parts = [this.#sequence(depth)]
    while (this.#text.skip('|')) parts.push(this.#sequence(depth))
    return parts.length === 1 ? (parts[0] as Node) : { kind: 'any', parts }
  }

  #sequence(depth: number): Node {
    const parts: Node[] = []
    while (!this.isOver && this.#text.next !== '|' && this.#text.next !== ')') {
      if (this.#text.skip('\\Q')) parts.push(...this.#quoted())
      else parts.push(this.#repeated(this.#atom(depth)))
    }
    return { kind: 'all', parts }
  }

  /** What stands between `\Q` and `\E` stands for itself. A count behind it is of its last character. */
  #quoted(): Node[] {
    const text = this.#text.until('\\E') ?? this.#rest()
    const parts = [...text].map((letter) => this.#literal(letter.codePointAt(0) ?? 0))
    const last = parts.pop()
    return last ? [...parts, this.#repeated(last)] : []
  }

  #rest(): string {
    let text = ''
    while (!this.isOver) text += this.#text.take()
    return text
  }

  #repeated(part: Node): Node {
    const count = this.#count()
    if (!count) return part
    // A lazy repeat finds other parts of a text, but not other texts.
    this.#text.skip('?')
    if (this.#count()) throw new PatternProblem('a repeat follows a repeat')
    const { min, max } = count
    if (min > max) throw new PatternProblem(`a repeat is at least ${min} and at most ${max} times`)
    if (min > MAX_COUNT || (max > MAX_COUNT && max !== Infinity)) {
      throw new PatternProblem(`a repeat is more than ${MAX_COUNT} times`)
    }
    return { kind: 'repeat', part, min, max }
  }

  #count(): { min: number; max: number } | undefined {
    if (this.#text.skip('*')) return { min: 0, max: Infinity }
    if (this.#text.skip('+')) return { min: 1, max: Infinity }
    if (this.#text.skip('?')) return { min: 0, max: 1 }
    const [found, least = '', comma, most = ''] = this.#text.match(/^\{(\d+)(,)?(\d*)\}/) ?? []
    if (found === undefined) return undefined
    const min = Number(least)
    if (comma === undefined) return { min, max: min }
    return { min, max: most === '' ? Infinity : Number(most) }
  }

  #atom(depth: number): Node {
    const letter = this.#text.take()
    switch (letter) {
      case '(':
        return this.#group(depth)
      case '[':
        return { kind: 'char', test: this.#set() }
      case '.':
        return { kind: 'char', test: this.#flags.s ? () => true : (codePoint) => codePoint !== 10 }
      case '^':
        return { kind: 'place', place: this.#flags.m ? 'lineStart' : 'start' }
      case '$':
        return { kind: 'place', place: this.#flags.m ? 'lineEnd' : 'end' }
      case '\\':
        return this.#escape()
      case '*':
      case '+':
      case '?':
        throw new PatternProblem(`${letter} repeats nothing`)
      default:
        return this.#literal(letter.codePointAt(0) ?? 0)
    }
  }

  #group(depth: number): Node {
    const before = this.#flags
    const head = this.#text.match(/^\?(?:P?<[A-Za-z_]\w*>|([imsU]*(?:-[imsU]+)?)([:)]))/)
    if (!head && this.#text.next === '?') throw new PatternProblem('a group starts with ?, which RE2 does not have')
    if (head?.[1] !== undefined) this.#flags = flagged(before, head[1])
    // Flags alone hold up to the end of the group around them.
    if (head?.[2] === ')') return { kind: 'all', parts: [] }
    const node = this.alternatives(depth + 1)
    if (!this.#text.skip(')')) throw new PatternProblem('a ( is not closed')
    this.#flags = before
    return node
  }

  #escape(): Node {
    const { next } = this.#text
    const place = ({ A: 'start', z: 'end', b: 'edge', B: 'noEdge' } as const)[next]
    if (place) {
      this.#text.take()
      return { kind: 'place', place }
    }
    const set = new CharSet()
    if (this.#addEscapedClass(set)) return { kind: 'char', test: set.test({ fold: this.#flags.i }) }
    return this.#literal(this.#escapedChar())
  }

  #escapedChar(): number {
    const codePoint = this.#text.escaped()
    if (codePoint === undefined) throw new PatternProblem(`RE2 has no \\${this.#text.next || ' at the end'}`)
    return codePoint
  }

  #literal(codePoint: number): Node {
    if (!this.#flags.i) return { kind: 'char', test: (other) => other === codePoint }
    return { kind: 'char', test: new CharSet().addRange(codePoint, codePoint).test({ fold: true }) }
  }

  #set(): CharTest {
    const set = new CharSet()
    const negated = this.#text.skip('^')
    for (let first = true; first || this.#text.next !== ']'; first = false) {
      if (this.isOver) throw new PatternProblem('a [ is not closed')
      this.#addMember(set)
    }
    this.#text.take()
    return set.test({ negated, fold: this.#flags.i })
  }

  #addMember(set: CharSet): void {
    const named = this.#text.match(/^\[:(\^?)(\w+):\]/)
    if (named) {
      if (named[2]?.length === 1 || !set.addClass(named[2] ?? '', named[1] === '^')) {
        throw new PatternProblem(`there is no class ${named[0]}`)
      }
      return
    }
    const escaped = this.#text.skip('\\')
    if (escaped && this.#addEscapedClass(set)) return
    const first = escaped ? this.#escapedChar() : (this.#text.take().codePointAt(0) ?? 0)
    const last = this.#rangeEnd() ?? first
    if (last < first) throw new PatternProblem('a range ends before it starts')
    set.addRange(first, last)
  }

  #rangeEnd(): number | undefined {
    if (!this.#text.match(/^-(?!\])/)) return undefined
    if (this.isOver) throw new PatternProblem('a [ is not closed')
    return this.#text.skip('\\') ? this.#escapedChar() : this.#text.take().codePointAt(0)
  }

  /** Adds `\d` and its like if that is next, behind the backslash. */
  #addEscapedClass(set: CharSet): boolean {
    const short = this.#text.match(/^[dwsDWS]/)?.[0]
    if (short) return set.addClass(short.toLowerCase(), short < 'a')
    const unicode = this.#text.match(/^([pP])(?:\{(\^?\w+)\}|(\w))/)
    if (!unicode) return false
    const test = unicodeTest(unicode[2] ?? unicode[3] ?? '')
    set.addTest(unicode[1] === 'P' ? (codePoint) => !test(codePoint) : test)
    return true
  }
}

/** Flags with those that a text sets and, behind a hyphen, takes back. */
function flagged(flags: Flags, text: string): Flags {
  const [on = '', off = ''] = text.split('-')
  const flag = (name: 'i' | 'm' | 's'): boolean => (flags[name] || on.includes(name)) && !off.includes(name)
  return { i: flag('i'), m: flag('m'), s: flag('s') }
}
