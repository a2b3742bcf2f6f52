import { VALUE_MARK } from '../../codec/schema/settle-options.js'
import { closingOf, withoutComments } from './brackets.js'
import { codeOnly } from './locate.js'

/**
 * The source with the options of enum values and of ranges of extensions said a second time, as options of their enum or
 * message with the name or first number in front: `option (FIRST@acme.v1.words) = "a";`. Of a value itself the parser keeps
 * one option of a name, and of a list in one its last element; of ranges, none. Lines stay as they are.
 */
export function withPartOptions(source: string): string {
  return ofValues(ofRanges(source))
}

function ofRanges(source: string): string {
  const code = codeOnly(source)
  let at = 0
  const parts = [...code.matchAll(/\bextensions\b(?<=[;{}]\s*extensions)([^;[]*)\[/g)].map(
    ({ 0: text, 1: ranges = '', index }) => {
      const start = index + text.length
      const close = closingOf(code, start)
      const end = code.indexOf(';', close) + 1
      const firsts = [...ranges.matchAll(/(?:^|,)\s*(\w+)/g)].map(([, first = '']) => String(Number(first)))
      const before = source.slice(at, end)
      at = end
      return (
        before + firsts.flatMap((first) => optionsBetween({ source, code }, { name: first, start, close })).join('')
      )
    },
  )
  return [...parts, source.slice(at)].join('')
}

function ofValues(source: string): string {
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
    return optionsBetween({ source, code }, { name, start, close: closingOf(code, start) })
  })
}

interface Brackets {
  readonly name: string
  readonly start: number
  readonly close: number
}

function optionsBetween({ source, code }: Text, { name, start, close }: Brackets): string[] {
  return partsBetween(code, start, close).map(([first, last]) => {
    const text = withoutComments(source.slice(first, last)).replace(/\s*\n\s*/g, ' ')
    return ` option ${text.trim().replace(/^\(?\s*/, (bracket) => `${bracket}${name}${VALUE_MARK}`)};`
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
