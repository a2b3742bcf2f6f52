import { closingOf, withoutComments } from './brackets.js'
import { type Edit, edited } from './edit.js'
import { GROUP_MARK } from './group-names.js'
import { codeOnly } from './locate.js'

/** A group, by offsets. */
interface Group {
  readonly name: string
  /** Where `group` begins. */
  readonly from: number
  /** Where options or the brace begin. */
  readonly next: number
  /** What it is as a field: `Part part = 1`. */
  readonly head: string
  /** Where its braces are. */
  readonly open: number
  readonly close: number
  readonly hasOptions: boolean
}

/**
 * The source with groups that the parser does not know as fields and messages with a mark: those of oneofs, and those with
 * options. Lines stay as they are; comments within groups of oneofs and of extensions go.
 */
export function withPlainGroups(source: string): string {
  const code = codeOnly(source)
  const blocks = [...code.matchAll(/\b(oneof\s+\w+|extend\s+[\w.]+)\s*\{/g)].map(({ 0: head, index }) => {
    const start = index + head.length
    return { start, end: closingOf(code, start), isOneof: head.startsWith('oneof') }
  })
  const edits = groupsOf(code).flatMap((group) => {
    const block = blocks.findLast(({ start, end }) => start <= group.from && group.from < end)
    const direct = block && !/[{}]/.test(withoutBlocks(code.slice(block.start, group.from)))
    if (direct && (block.isOneof || group.hasOptions)) return moved(source, group, block.end)
    return group.hasOptions ? inPlace(group) : []
  })
  return edited(source, edits)
}

function groupsOf(code: string): Group[] {
  return [...code.matchAll(/\bgroup\s+(\w+)\s*=\s*(\w+)\s*([[{])/g)].flatMap(
    ({ 0: text, 1: name = '', 2: no, 3: bracketText, index }) => {
      const bracket = index + text.length
      const hasOptions = bracketText === '['
      const open = hasOptions ? code.indexOf('{', closingOf(code, bracket)) : bracket - 1
      const head = `${name} ${name.charAt(0).toLowerCase()}${name.slice(1)} = ${no} `
      return open < 0
        ? []
        : [{ name, from: index, next: bracket - 1, head, open, close: closingOf(code, open + 1), hasOptions }]
    },
  )
}

function messageHead(name: string): string {
  return `message ${name} { option ${GROUP_MARK} = true;`
}

/** The field, and behind it the message. */
function inPlace({ name, from, next, head, open }: Group): Edit[] {
  return [
    { from, to: next, text: head },
    { from: open, to: open + 1, text: `; ${messageHead(name)}` },
  ]
}

/** The field, and behind the block that it is in the message. */
function moved(source: string, { name, from, next, head, open, close }: Group, end: number): Edit[] {
  const body = withoutComments(source.slice(open + 1, close)).replace(/\s*\n\s*/g, ' ')
  const lines = source.slice(open, close).replace(/[^\n]/g, '')
  return [
    { from, to: next, text: head },
    { from: open, to: close + 1, text: `;${lines}` },
    { from: end + 1, to: end + 1, text: ` ${messageHead(name)} ${body}}` },
  ]
}

function withoutBlocks(code: string): string {
  const shorter = code.replace(/\{[^{}]*\}/g, '')
  return shorter === code ? code : withoutBlocks(shorter)
}
