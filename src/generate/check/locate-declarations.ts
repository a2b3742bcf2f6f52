import { codeOnly } from '../../service/proto-source/locate.js'

/** Where something begins in a file, from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

interface Token {
  readonly text: string
  readonly offset: number
}

/** What is being read: names from the package down, and what stands in its braces. */
interface Scope {
  readonly path: readonly string[]
  readonly kind: 'file' | 'message' | 'enum' | 'service' | 'oneof' | 'extend'
}

const OPENING = ['message', 'enum', 'service', 'oneof', 'extend'] as const
const SKIPPED = ['option', 'reserved', 'extensions', 'import', 'syntax', 'edition']

/**
 * Where the declarations of a `.proto` file begin, by their names from the package down: `Order.Item.sku`, `Orders.Get`. The
 * package itself has the empty name. The file must be one that can be parsed.
 */
export function locateDeclarations(source: string): ReadonlyMap<string, Position> {
  const tokens = [...codeOnly(source).matchAll(/[A-Za-z_][\w.]*|[{}();=[\]<>,]|[^\s{}();=[\]<>,]+/g)].map(
    ({ 0: text, index }): Token => ({ text, offset: index }),
  )
  const found = new Map<string, number>()
  const scopes: Scope[] = [{ path: [], kind: 'file' }]
  for (let at = 0; at < tokens.length; ) at = readStatement(tokens, at, { found, scopes })
  const starts = [...source.matchAll(/^/gm)].map(({ index }) => index)
  return new Map([...found].map(([name, offset]) => [name, positionOf(offset, starts)]))
}

interface Reading {
  readonly found: Map<string, number>
  readonly scopes: Scope[]
}

/** Reads the statement at a token; returns where the next one begins. */
function readStatement(tokens: readonly Token[], at: number, { found, scopes }: Reading): number {
  const first = tokens[at]
  const scope = scopes.at(-1) ?? { path: [], kind: 'file' }
  if (!first || first.text === ';') return at + 1
  if (first.text === '}') {
    if (scopes.length > 1) scopes.pop()
    return at + 1
  }
  const note = (path: readonly string[]): unknown =>
    found.has(path.join('.')) || found.set(path.join('.'), first.offset)
  const name = tokens[at + 1]?.text ?? ''
  const opening = OPENING.find((word) => word === first.text && tokens[at + 2]?.text === '{')
  if (opening) {
    const inner = opening === 'oneof' || opening === 'extend' ? scope.path : [...scope.path, name]
    if (opening !== 'extend') note([...scope.path, name])
    scopes.push({ path: inner, kind: opening })
    return at + 3
  }
  const end = endOf(tokens, at)
  if (first.text === 'package' && scope.kind === 'file') note([])
  else if (first.text === 'rpc' && scope.kind === 'service') note([...scope.path, name])
  else if (!SKIPPED.includes(first.text) || tokens[at + 1]?.text === '=') {
    const equals = tokens.findIndex(({ text }, index) => index >= at && text === '=')
    const declared = tokens[equals - 1]?.text ?? ''
    if (equals < 0 || equals >= end) return end
    const group = tokens[equals - 2]?.text === 'group' && tokens[end - 1]?.text === '}'
    note([...scope.path, group ? declared.charAt(0).toLowerCase() + declared.slice(1) : declared])
    if (!group) return end
    note([...scope.path, declared])
    scopes.push({ path: [...scope.path, declared], kind: 'message' })
    return tokens.findIndex(({ text }, index) => index > equals && text === '{') + 1
  }
  return end
}

/** Behind the statement at a token: its semicolon, or its braces. */
function endOf(tokens: readonly Token[], at: number): number {
  let depth = 0
  for (let index = at; index < tokens.length; index += 1) {
    const text = tokens[index]?.text
    if (text === '{' || text === '[') depth += 1
    if (text === '}' || text === ']') depth -= 1
    if (depth === 0 && text === ';') return index + 1
    // The value of an option is in braces too, and goes on to its semicolon.
    if (depth === 0 && text === '}' && tokens[at]?.text !== 'option') return index + 1
  }
  return tokens.length
}

function positionOf(offset: number, starts: readonly number[]): Position {
  const line = starts.findLastIndex((start) => start <= offset)
  return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 }
}
