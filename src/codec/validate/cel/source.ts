/** What is called in place of `has`. */
export const HAS_FIELD = 'hasField'
/** What is called in place of `matches`. */
export const MATCHES_PATTERN = 'matchesPattern'

/** Text in quotes, which stays as it is, or a call of what the library has in another way than protobuf. */
const TEXT = /[rRbB]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')/
const TOKENS = new RegExp(`${TEXT.source}|\\.?\\b(?:has|matches)(?=\\s*\\()`, 'g')

const CALLS: ReadonlyMap<string, string> = new Map([
  ['has', HAS_FIELD],
  ['.matches', `.${MATCHES_PATTERN}`],
  ['matches', MATCHES_PATTERN],
])

/**
 * An expression, with calls of our own in place of two of the library: `has` of a field asks the message, which knows
 * what is set, and `matches` takes the syntax and the time of RE2.
 */
export function celSource(expression: string): string {
  return expression.replace(TOKENS, (token) => CALLS.get(token) ?? token)
}
