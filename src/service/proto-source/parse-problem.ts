import { SyntaxProblem } from '../proto-syntax/syntax-problem.js'
import { codeOnly, type Position, pattern, positionAt } from './locate.js'

/** What the parser has against a file, and where. */
export interface ParseProblem extends Position {
  readonly text: string
}

// How the parser puts it that the file ended where more was to come.
const END = /^illegal [\w ]+ 'null'.*/

/** What the parser has against a file. Of some errors it tells the line, of none the column: they are looked for. */
export function parseProblem(error: unknown, source: string): ParseProblem {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof SyntaxProblem) return { ...positionAt(source, error.at), text: message }
  const [place, line] = / \((?:.*, )?line (\d+)\)$/.exec(message) ?? []
  if (place === undefined)
    return {
      ...positionOfNamed(message, source),
      text: message.replace(/ in \w+ \.?/, ' in ').replace(/ in Root$/, ''),
    }
  const text = message.slice(0, -place.length)
  if (END.test(text)) return { ...endOf(source), text: 'unexpected end of the file' }
  const [, token = ''] = /^illegal (?:[\w ]+ )?'(.*?)'(?:$|,)/.exec(text) ?? []
  return { line: Number(line), column: columnOf(source, Number(line), token), text: clearer(text) }
}

function clearer(text: string): string {
  const [, edition] = /^illegal (?:edition|syntax) '(\d+)'/.exec(text) ?? []
  return edition === undefined ? text : `edition ${edition} is not supported: 2023, 2024 and 2026 are`
}

/** Behind the last character that says something. */
function endOf(source: string): Position {
  return positionAt(source, codeOnly(source).trimEnd().length)
}

/** The column of a token, which is the first one of its kind in the line unless only a string has it. */
function columnOf(source: string, line: number, token: string): number {
  const code = codeOnly(source).split('\n')[line - 1] ?? ''
  const word = /^\w/.test(token) ? new RegExp(`(?<!\\w)${pattern(token)}(?!\\w)`) : new RegExp(pattern(token))
  const at = code.search(word)
  return (at === -1 ? (source.split('\n')[line - 1] ?? '').indexOf(token) : at) + 1 || 1
}

/** The place that is wrong: where a name or number is used for the second time, if the text says that there are two. */
function positionOfNamed(message: string, source: string): Position {
  const code = codeOnly(source)
  const [, owner] = / in \w+ \.?(?:\w+\.)*(\w+)$/.exec(message) ?? []
  const start = owner ? code.search(new RegExp(`\\b(?:message|enum|service)\\s+${pattern(owner)}\\b`)) : 0
  const [, name, id] = /^(?:duplicate )?(?:name '([^']*)'|id (\d+))/.exec(message) ?? []
  const use = id === undefined ? `\\b${pattern(name ?? owner ?? '')}(?=\\s*[={(])` : `(?<==\\s*)${id}\\b`
  const uses = [...code.slice(Math.max(0, start)).matchAll(new RegExp(use, 'g'))]
  const wrong = uses[message.startsWith('duplicate') ? 1 : 0] ?? uses[0]
  return positionAt(source, Math.max(0, start) + (wrong?.index ?? 0))
}
