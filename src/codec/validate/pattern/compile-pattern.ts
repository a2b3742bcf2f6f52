import { RuleProblem } from '../option/rules.js'
import { Matcher } from './matcher.js'
import { PatternProblem } from './node.js'
import { parsePattern } from './parse-pattern.js'
import { programOf } from './program.js'

/**
 * Compiles a pattern in the syntax of RE2: whether a text has a part that it matches, in time linear in the text. The
 * engine of JavaScript differs in syntax, and with patterns that RE2 does well a short text can hold it for hours.
 *
 * Throws a `RuleProblem` that names the rule, `at`, if RE2 would not take the pattern.
 */
export function compilePattern(pattern: string, at: string): (text: string) => boolean {
  try {
    const matcher = new Matcher(programOf(parsePattern(pattern)))
    return (text) => matcher.matches(text)
  } catch (error) {
    if (!(error instanceof PatternProblem)) throw error
    throw new RuleProblem(`${at} is no pattern of RE2, ${JSON.stringify(pattern)}: ${error.message}`)
  }
}
