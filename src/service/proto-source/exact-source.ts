import { EXACT_DEFAULT, literalOfBytes, literalOfDigits, unescapedBytes } from '../../codec/schema/literal-text.js'
import { isUsualName, ONEOF_NAME } from '../../codec/schema/oneof-name.js'
import { type Edit, edited } from './edit.js'
import { codeOnly, PROSE } from './locate.js'

/**
 * The source with what the parser would not read exactly in a form that it passes on: strings with escapes, integers that no
 * number holds, and unusual names of oneofs, of which it makes properties. Lines stay as they are. What it reads stands for a value once `OptionSettler` has settled it.
 */
export function exactSource(source: string): string {
  const code = codeOnly(source)
  return edited(source, [...strings(source), ...integers(code), ...oneofs(code)])
}

function strings(source: string): Edit[] {
  return [...source.matchAll(PROSE)].flatMap(({ 0: text, index }) => {
    if (text.startsWith('/') || !text.includes('\\')) return []
    return [{ from: index, to: index + text.length, text: quoted(literalOfBytes(unescapedBytes(text.slice(1, -1)))) }]
  })
}

function quoted(text: string): string {
  const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '"': '\\"', '\\': '\\\\' }
  return `"${text.replace(/[\n\r"\\]/g, (character) => short[character] ?? character)}"`
}

/** Integers of options, which stand behind `=` or `:`, or in a list, and have more digits than a number surely holds. */
function integers(code: string): Edit[] {
  const literal = /-?\b(?:0[xX][\da-fA-F]{14,}|0[0-7]{15,}|[1-9]\d{15,})(?![\w.])/g
  return [...code.matchAll(literal)].flatMap(({ 0: digits, index }) => {
    const [before, isDefault] = /(\bdefault\s*)?[=:,[]\s*$/.exec(statementAt(code, index)) ?? []
    if (before === undefined || !isOption(code, index)) return []
    if (Number.isSafeInteger(Number(digits.replace(/^-/, '').replace(/^0(?=[0-7])/, '0o')))) return []
    const text = `"${literalOfDigits(digits)}"`
    // Of a default the parser takes nothing but digits.
    const written = isDefault === undefined ? text : `${digits}, ${EXACT_DEFAULT} = ${text}`
    return [{ from: index, to: index + digits.length, text: written }]
  })
}

/** False of numbers of fields and values, and of those that are reserved. */
function isOption(code: string, at: number): boolean {
  return /^\s*option\b|[[:]/.test(statementAt(code, at))
}

/** What of a statement stands in front of a place in it. */
function statementAt(code: string, at: number): string {
  return code.slice(Math.max(...[';', '{', '}'].map((end) => code.lastIndexOf(end, at - 1))) + 1, at)
}

function oneofs(code: string): Edit[] {
  return [...code.matchAll(/\boneof\s+(\w+)\s*\{/g)].flatMap(({ 0: { length }, 1: name = '', index }) => {
    const at = index + length
    return isUsualName(name) ? [] : [{ from: at, to: at, text: ` option ${ONEOF_NAME} = "${name}";` }]
  })
}
