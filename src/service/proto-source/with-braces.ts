import type { FileSyntax } from '../proto-syntax/syntax.js'

/** The source with braces around all messages in options: the parser does not know the angle brackets that may be there. */
export function withBraces(source: string, { angles }: Pick<FileSyntax, 'angles'>): string {
  if (angles.length === 0) return source
  // By UTF-16 units, which offsets count.
  const characters = source.split('')
  for (const at of angles) characters[at] = characters[at] === '<' ? '{' : '}'
  return characters.join('')
}
