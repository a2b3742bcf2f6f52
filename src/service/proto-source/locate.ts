/** A place in a source: line and column, both from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Comments and strings: what stands in a source besides code. */
export const PROSE = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g

/** The source with comments and strings blanked out, so that words are found in code only. Lines and offsets stay. */
export function codeOnly(source: string): string {
  return source.replace(PROSE, (text) => text.replace(/[^\n]+/g, (line) => ' '.repeat(line.length)))
}

/** The place of an offset. */
export function positionAt(source: string, offset: number): Position {
  const before = source.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}

/**
 * The place of a declaration: `['Order', 'Item', 'sku']` is the field `sku` of `Item` in `Order`. With a word, that of the
 * word in the statement of the declaration, if it is there.
 */
export function positionOf(source: string, path: readonly string[], word?: string): Position {
  const code = codeOnly(source)
  const offset = path.reduce((from, name) => {
    const own = pattern(name)
    const declared = `(?<=\\b(?:message|enum|service|rpc|oneof|group|extend)\\s+)\\.?${own}\\b`
    return indexOf(code, declared, from) ?? indexOf(code, `\\b${own}(?=\\s*=)`, from) ?? from
  }, 0)
  return positionAt(source, (word === undefined ? undefined : offsetIn(code, offset, word)) ?? offset)
}

/** The place of the name of a file in the statement that imports it. */
export function positionOfImport(source: string, name: string): Position {
  return positionAt(source, indexOf(source, `(?<=\\bimport\\b[^;]*)["']${pattern(name)}["']`, 0) ?? 0)
}

/** A name as a pattern that matches just it. */
export function pattern(name: string): string {
  return name.replace(/\W/g, '\\$&')
}

/** Where a word is in the statement around an offset. */
function offsetIn(code: string, offset: number, word: string): number | undefined {
  const start = Math.max(...[';', '{', '}'].map((end) => code.lastIndexOf(end, offset - 1))) + 1
  const found = indexOf(code, `(?<![\\w.])${pattern(word)}(?![\\w.])`, start)
  const end = code.indexOf(';', offset)
  return found !== undefined && (end === -1 || found < end) ? found : undefined
}

function indexOf(code: string, source: string, from: number): number | undefined {
  const search = new RegExp(source, 'g')
  search.lastIndex = from
  return search.exec(code)?.index
}
