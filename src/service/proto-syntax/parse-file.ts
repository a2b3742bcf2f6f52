import { parseInScope } from './parse-message.js'
import { parseOptionStatement } from './parse-options.js'
import { parseService } from './parse-service.js'
import type { FileSyntax, ImportSyntax, OptionSyntax, ServiceSyntax, Word } from './syntax.js'
import { SyntaxProblem } from './syntax-problem.js'
import { TokenReader } from './token-reader.js'

const SYNTAXES = ['proto2', 'proto3']
const EDITIONS = ['2023', '2024', '2026']

/** Reads a file: what it declares, and where. Throws a `SyntaxProblem` at the first thing that does not belong there. */
export function parseFile(source: string): FileSyntax {
  const reader = new TokenReader(source)
  const edition = parseEdition(reader)
  const scope = { messages: [], enums: [], extends: [] }
  const imports: ImportSyntax[] = []
  const options: OptionSyntax[] = []
  const services: ServiceSyntax[] = []
  let named: Word | undefined
  while (reader.peek().kind !== 'end') {
    if (reader.take(';') || parseInScope(reader, scope, edition)) continue
    if (reader.isAt('service')) services.push(parseService(reader))
    else if (reader.isAt('option')) options.push(parseOptionStatement(reader))
    else if (reader.isAt('import')) imports.push(parseImport(reader, edition))
    else if (reader.isAt('package') && !named) named = parsePackage(reader)
    else throw reader.unexpected()
  }
  return { edition, package: named, imports, options, services, ...scope, angles: reader.angles }
}

function parseEdition(reader: TokenReader): string {
  const isEdition = reader.isAt('edition')
  if (!isEdition && !reader.isAt('syntax')) return 'proto2'
  reader.next()
  reader.expect('=')
  const { text, at } = reader.string()
  reader.expect(';')
  const known = isEdition ? EDITIONS : SYNTAXES
  if (known.includes(text)) return text
  const there = isEdition ? '2023, 2024 and 2026 are' : 'proto2 and proto3 are'
  throw new SyntaxProblem(`${isEdition ? 'edition' : 'syntax'} ${text} is not supported: ${there}`, at)
}

function parseImport(reader: TokenReader, edition: string): ImportSyntax {
  reader.expect('import')
  const words = edition.startsWith('proto') || edition < '2024' ? ['public', 'weak'] : ['public', 'weak', 'option']
  const kind = words.find((word) => reader.take(word)) as ImportSyntax['kind']
  const name = reader.string()
  reader.expect(';')
  return { ...name, kind }
}

function parsePackage(reader: TokenReader): Word {
  reader.expect('package')
  const name = reader.name()
  reader.expect(';')
  return name
}
