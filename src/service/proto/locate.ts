/** The source with comments and strings blanked out, so that words are found in code only. Lines and offsets stay. */
export function codeOnly(source: string): string {
  const prose = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g
  return source.replace(prose, (text) => text.replace(/[^\n]/g, ' '))
}

/** The line of an offset, from 1. */
export function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length
}

/** The line of a declaration, from 1: `['Order', 'Item', 'sku']` is the field `sku` of `Item` in `Order`. */
export function lineOf(source: string, path: readonly string[]): number {
  const code = codeOnly(source)
  const offset = path.reduce((from, name) => {
    const word = pattern(name)
    const declared = `\\b(?:message|enum|service|rpc|oneof|group)\\s+${word}\\b`
    return indexOf(code, declared, from) ?? indexOf(code, `\\b${word}\\s*=`, from) ?? from
  }, 0)
  return lineAt(source, offset)
}

/** The line that imports a file. */
export function lineOfImport(source: string, name: string): number {
  return lineAt(source, indexOf(source, `\\bimport\\b[^;]*["']${pattern(name)}["']`, 0) ?? 0)
}

/** A name as a pattern that matches just it. */
export function pattern(name: string): string {
  return name.replace(/\W/g, '\\$&')
}

function indexOf(code: string, source: string, from: number): number | undefined {
  const search = new RegExp(source, 'g')
  search.lastIndex = from
  return search.exec(code)?.index
}
