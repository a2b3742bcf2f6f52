/** A set of ASCII characters, by their codes: looked up once for each character of a text. */
export type Characters = Uint8Array

/** The set of the characters in a text; `0-9`, `a-z` and `A-Z` stand for what is between. */
export function characters(...texts: readonly string[]): Characters {
  const set = new Uint8Array(128)
  for (const text of texts) {
    const range = /^(\w)-(\w)$/.exec(text)
    const [from, to] = range ? [code(range[1]), code(range[2])] : [1, 0]
    for (let at = from; at <= to; at++) set[at] = 1
    if (!range) for (const letter of text) set[code(letter)] = 1
  }
  return set
}

/** Letters and digits. */
export const ALPHANUMERIC: readonly string[] = ['0-9', 'a-z', 'A-Z']

export const DIGITS: Characters = characters('0-9')
export const HEX: Characters = characters('0-9', 'a-f', 'A-F')

/** True if the character at an index is one of a set. */
export function isIn(set: Characters, text: string, at: number): boolean {
  return set[text.charCodeAt(at)] === 1
}

/** True if all characters from one index up to another are of a set. */
export function allIn(set: Characters, text: string, from = 0, to: number = text.length): boolean {
  for (let at = from; at < to; at++) if (set[text.charCodeAt(at)] !== 1) return false
  return true
}

/** A number in decimal without needless zeros, up to a maximum; `undefined` if the text is none. */
export function decimal(text: string, max: number): number | undefined {
  if (text === '' || text.length > 5 || (text.length > 1 && text.startsWith('0'))) return undefined
  if (!allIn(DIGITS, text)) return undefined
  const number = Number(text)
  return number <= max ? number : undefined
}

/** Length in Unicode code points. */
export function codePoints(text: string): number {
  let length = text.length
  for (let at = 0; at < text.length - 1; at++) {
    const unit = text.charCodeAt(at)
    // A pair of surrogates is one code point.
    if (unit < 0xd800 || unit > 0xdbff) continue
    const next = text.charCodeAt(at + 1)
    if (next >= 0xdc00 && next <= 0xdfff) {
      length--
      at++
    }
  }
  return length
}

function code(letter = ''): number {
  return letter.charCodeAt(0)
}
