import { codeOnly, lineAt, pattern } from './locate.js'

// How the parser puts it that the file ended where more was to come.
const END = /^illegal [\w ]+ 'null'/

/** What the parser has against a file, and where. Some of its errors do not tell the line: it is looked for. */
export function parseProblem(error: unknown, source: string): { line: number; text: string } {
  const message = error instanceof Error ? error.message : String(error)
  const [place, line] = / \((?:.*, )?line (\d+)\)$/.exec(message) ?? []
  if (place !== undefined)
    return { line: Number(line), text: message.slice(0, -place.length).replace(END, 'unexpected end of the file') }
  return { line: lineOfNamed(message, source), text: message.replace(/ in \w+ \.?/, ' in ') }
}

/** The line that is wrong: where a name or number is used for the second time, if the text says that there are two. */
function lineOfNamed(message: string, source: string): number {
  const code = codeOnly(source)
  const [, owner] = / in \w+ \.?(?:\w+\.)*(\w+)$/.exec(message) ?? []
  const start = owner ? code.search(new RegExp(`\\b(?:message|enum|service)\\s+${pattern(owner)}\\b`)) : 0
  const [, name, id] = /^(?:duplicate )?(?:name '([^']*)'|id (\d+))/.exec(message) ?? []
  const use = id === undefined ? `\\b${pattern(name ?? owner ?? '')}\\s*[={(]` : `=\\s*${id}\\b`
  const uses = [...code.slice(Math.max(0, start)).matchAll(new RegExp(use, 'g'))]
  const wrong = uses[message.startsWith('duplicate') ? 1 : 0] ?? uses[0]
  return lineAt(source, Math.max(0, start) + (wrong?.index ?? 0))
}
