import { SyntaxProblem } from './syntax-problem.js'

/** A word, number, string or character of a file. */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'symbol' | 'end'
  /** As it is written, quotes included. */
  readonly text: string
  /** Offset in the text. */
  readonly at: number
}

const PROSE = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y
const WORD = /[A-Za-z_]\w*/y
const NUMBER = /0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fF]?/y
const STRING = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/y

/** The tokens of a text, the end included. Throws a `SyntaxProblem` at what is none. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  for (;;) {
    at += matchAt(PROSE, source, at).length
    const token = tokenAt(source, at, tokens.at(-1))
    tokens.push(token)
    if (token.kind === 'end') return tokens
    at += token.text.length
  }
}

function tokenAt(source: string, at: number, before: Token | undefined): Token {
  if (at >= source.length) return { kind: 'end', text: '', at: before ? before.at + before.text.length : 0 }
  const word = matchAt(WORD, source, at)
  if (word) return { kind: 'word', text: word, at }
  const number = matchAt(NUMBER, source, at)
  if (number) {
    if (/\w/.test(source[at + number.length] ?? ''))
      throw illegal(`${number}${/\w+/.exec(source.slice(at + number.length))?.[0]}`, at)
    return { kind: 'number', text: number, at }
  }
  const string = matchAt(STRING, source, at)
  if (string) return { kind: 'string', text: string, at }
  const symbol = String.fromCodePoint(source.codePointAt(at) ?? 0)
  if (/["']/.test(symbol)) throw new SyntaxProblem('the text between quotes does not end in its line', at)
  if (source.startsWith('/*', at)) throw new SyntaxProblem('the comment does not end', at)
  return { kind: 'symbol', text: symbol, at }
}

function matchAt(pattern: RegExp, source: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(source)?.[0] ?? ''
}

/** Something stands where it cannot. */
export function illegal(token: string, at: number, expected?: string): SyntaxProblem {
  const shown = token.length > 40 ? `${token.slice(0, 40)}…` : token
  return new SyntaxProblem(`illegal token '${shown}'${expected === undefined ? '' : `, ${expected} expected`}`, at)
}
