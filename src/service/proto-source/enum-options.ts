import { VALUE_MARK } from '../../codec/schema/settle-options.js'
import { closingOf, withoutComments } from './brackets.js'
import { codeOnly } from './locate.js'

/**
 * The source with the options of enum values said a second time, as options of their enum with the value in front of the
 * name: `option (FIRST@acme.v1.words) = "a";`. Of the values themselves the parser keeps one option of a name, and of a list
 * in one its last element. Lines stay as they are.
 */
export function withValueOptions(source: string): string {
  const code = codeOnly(source)
  const enums = [...code.matchAll(/\benum\s+\w+\s*\{/g)]
  let at = 0
  const parts = enums.map(({ 0: { length }, index }) => {
    const from = index + length
    const end = closingOf(code, from)
    const before = source.slice(at, end)
    at = end
    return before + valueOptions({ source, code }, from, end).join('')
  })
  return [...parts, source.slice(at)].join('')
}

interface Text {
  readonly source: string
  /** The same without comments and strings. */
  readonly code: string
}

function valueOptions({ source, code }: Text, from: number, end: number): string[] {
  const values = [...code.slice(from, end).matchAll(/(?<=[;{}]\s*|^\s*)(\w+)\s*=\s*-?\w+\s*\[/g)]
  return values.flatMap(({ 0: { length }, 1: name = '', index }) => {
    const start = from + index + length
    return partsBetween(code, start, closingOf(code, start)).map(([first, last]) => {
      const text = withoutComments(source.slice(first, last)).replace(/\s*\n\s*/g, ' ')
      return ` option ${text.trim().replace(/^\(?\s*/, (bracket) => `${bracket}${name}${VALUE_MARK}`)};`
    })
  })
}

/** What commas part that stand in no brackets. */
function partsBetween(code: string, from: number, end: number): [number, number][] {
  const parts: [number, number][] = []
  let start = from
  for (let at = from; at < end; at += 1) {
    if ('{[<('.includes(code[at] ?? ' ')) at = closingOf(code, at + 1)
    else if (code[at] === ',') {
      parts.push([start, at])
      start = at + 1
    }
  }
  return [...parts, [start, end]]
}
