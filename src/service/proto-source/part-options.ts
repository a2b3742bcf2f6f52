import { VALUE_MARK } from '../../codec/schema/settle-options.js'
import { closingOf, withoutComments } from './brackets.js'
import { edited } from './edit.js'
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
  const edits = [...code.matchAll(/\bextensions\b(?<=[;{}]\s*extensions)([^;[]*)\[/g)].map(
    ({ 0: head, 1: ranges = '', index }) => {
      const start = index + head.length
      const close = closingOf(code, start)
      const end = code.indexOf(';', close) + 1
      const firsts = [...ranges.matchAll(/(?:^|,)\s*(\w+)/g)].map(([, first = '']) => String(Number(first)))
      const options = firsts.flatMap((first) => optionsBetween({ source, code }, { name: first, start, close }))
      return { from: end, to: end, text: options.join('') }
    },
  )
  return edited(source, edits)
}

function ofValues(source: string): string {
  const code = codeOnly(source)
  const edits = [...code.matchAll(/\benum\s+\w+\s*\{/g)].map(({ 0: { length }, index }) => {
    const start = index + length
    const end = closingOf(code, start)
    return { from: end, to: end, text: valueOptions({ source, code }, start, end).join('') }
  })
  return edited(source, edits)
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
