import { PatternProblem } from './node.js'

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 }

/** The text of a pattern, read from its start to its end. */
export class PatternText {
  readonly #letters: readonly string[]
  #at = 0

  constructor(text: string) {
    this.#letters = [...text]
  }

  get isOver(): boolean {
    return this.#at >= this.#letters.length
  }

  /** The next character, which is not taken; empty at the end. */
  get next(): string {
    return this.#letters[this.#at] ?? ''
  }

  /** Takes one character; empty at the end. */
  take(): string {
    const letter = this.next
    this.#at++
    return letter
  }

  /** Takes a text if it is next. */
  skip(text: string): boolean {
    const found = this.#letters.slice(this.#at, this.#at + text.length).join('')
    if (found !== text) return false
    this.#at += text.length
    return true
  }

  /** Takes what is in front of a text, and that text too; `undefined`, and nothing, if it does not follow. */
  until(end: string): string | undefined {
    const rest = this.#letters.slice(this.#at).join('')
    const length = rest.indexOf(end)
    if (length < 0) return undefined
    const found = rest.slice(0, length)
    this.#at += [...found].length + end.length
    return found
  }

  /** Takes what an expression finds right here; `undefined` if it finds nothing. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    const found = pattern.exec(this.#letters.slice(this.#at, this.#at + 40).join(''))
    if (found?.index !== 0) return undefined
    this.#at += [...found[0]].length
    return found
  }

  /** The character that stands for itself behind a backslash, which is taken; `undefined` if that is none. */
  escaped(): number | undefined {
    const hex = this.match(/^x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})/)
    if (hex) return limited(Number.parseInt(hex[1] ?? hex[2] ?? '', 16))
    const octal = this.match(/^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/)
    if (octal) return Number.parseInt(octal[0], 8)
    const control = CONTROLS[this.next]
    if (control === undefined && !/^[!-/:-@[-`{-~]$/.test(this.next)) return undefined
    const letter = this.take()
    return control ?? letter.codePointAt(0)
  }
}

function limited(codePoint: number): number {
  if (codePoint > 0x10ffff) throw new PatternProblem('a character code is above 10FFFF')
  return codePoint
}
