import { PROSE } from './locate.js'

/** Where the bracket is that closes the one in front of an offset. */
export function closingOf(code: string, from: number): number {
  let depth = 0
  for (let at = from; at < code.length; at += 1) {
    if ('{[<('.includes(code[at] ?? ' ')) depth += 1
    else if ('}]>)'.includes(code[at] ?? ' ') && depth-- === 0) return at
  }
  return code.length
}

/** The source with blanks in the place of comments. */
export function withoutComments(source: string): string {
  return source.replace(PROSE, (text) => (text.startsWith('/') ? ' ' : text))
}
