import type { NumberWord, Word } from './syntax.js'
import { SyntaxProblem } from './syntax-problem.js'
import { illegal, type Token, tokensOf } from './tokens.js'

/** How deep declarations, and messages in options, may be in each other: as deep as the compiler of Google's has it. */
const DEPTH_LIMIT = 32

/** Reads a text token by token. Throws a `SyntaxProblem` where one is not what it must be. */
export class TokenReader {
  /** Offsets of the angle brackets that messages in options stand between. */
  readonly angles: number[] = []
  readonly #tokens: readonly Token[]
  #next = 0
  #depth = 0

  constructor(source: string) {
    this.#tokens = tokensOf(source)
  }

  /** The token that comes next, or the one that many further on. */
  peek(further = 0): Token {
    return (this.#tokens[this.#next + further] ?? this.#tokens.at(-1)) as Token
  }

  next(): Token {
    const token = this.peek()
    this.#next += 1
    return token
  }

  /** True if the text comes next, as a word or character. */
  isAt(text: string, further = 0): boolean {
    const token = this.peek(further)
    return token.text === text && (token.kind === 'word' || token.kind === 'symbol')
  }

  /** Passes over the text if it comes next. */
  take(text: string): boolean {
    const found = this.isAt(text)
    if (found) this.#next += 1
    return found
  }

  expect(text: string): Token {
    if (!this.isAt(text)) throw this.unexpected(`'${text}'`)
    return this.next()
  }

  /** What is wrong with the token that comes next. */
  unexpected(expected?: string): SyntaxProblem {
    const { kind, text, at } = this.peek()
    return kind === 'end' ? new SyntaxProblem('unexpected end of the file', at) : illegal(text, at, expected)
  }

  word(): Word {
    if (this.peek().kind !== 'word') throw this.unexpected('a name')
    return this.next()
  }

  /** A name with dots; with one in front, if that may be. */
  name(fromRoot = false): Word {
    const { at } = this.peek()
    let text = fromRoot && this.take('.') ? '.' : ''
    do text += (text === '' || text === '.' ? '' : '.') + this.word().text
    while (this.take('.'))
    return { text, at }
  }

  /** Strings behind each other are one. */
  string(): Word {
    const { at } = this.peek()
    let text = ''
    do {
      if (this.peek().kind !== 'string') throw this.unexpected('a text in quotes')
      text += this.next().text.slice(1, -1)
    } while (this.peek().kind === 'string')
    return { text, at }
  }

  integer(): NumberWord {
    const { at } = this.peek()
    const sign = this.take('-') ? '-' : ''
    const { kind, text } = this.peek()
    if (kind !== 'number' || !/^(0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)$/.test(text)) throw this.unexpected('an integer')
    this.next()
    const value = Number(/^0[0-7]+$/.test(text) ? `0o${text}` : text)
    return { text: sign + text, at, value: sign === '' ? value : -value }
  }

  /** Reads what is in braces, statement by statement. */
  block(statement: () => void): void {
    const { at } = this.expect('{')
    this.#depth += 1
    if (this.#depth > DEPTH_LIMIT) throw new SyntaxProblem(`more than ${DEPTH_LIMIT} blocks are in each other`, at)
    while (!this.take('}')) {
      if (this.peek().kind === 'end') throw this.unexpected()
      if (!this.take(';')) statement()
    }
    this.#depth -= 1
  }
}
