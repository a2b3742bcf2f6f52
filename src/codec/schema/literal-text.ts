import type { OptionValue } from './schema.js'

// What a literal stands for depends on the type of what it is assigned to. Until that is known, bytes that are no UTF-8 are
// kept as lone surrogates, which no text has, and integers that no number holds as digits behind one.
const RAW = 0xdc00
const DIGITS = '\udbff'

/** The option by which the exact digits of a default come, beside what the parser makes of them. */
export const EXACT_DEFAULT = 'exact_default'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Bytes as text from which `bytesOfLiteral` makes them again. */
export function literalOfBytes(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : String.fromCharCode(RAW + byte))).join(
      '',
    )
  }
}

/** The bytes of a literal of text. */
export function bytesOfLiteral(literal: string): Uint8Array {
  const pieces = Array.from(literal, (character) => {
    const code = character.codePointAt(0) ?? 0
    return code > RAW && code <= RAW + 255 ? Uint8Array.of(code - RAW) : new TextEncoder().encode(character)
  })
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]))
}

/** Digits as text from which `literalValue` makes the number. */
export function literalOfDigits(digits: string): string {
  return DIGITS + digits
}

/** What a literal stands for where the type is the one named: in `bytes`, each character is a byte. */
export function literalValue(literal: string, type: string | undefined): OptionValue {
  if (literal.startsWith(DIGITS)) return integerOf(literal.slice(1), type)
  // Text of ASCII only is its own bytes.
  if (!/[\u0080-\uffff]/.test(literal)) return literal
  const bytes = bytesOfLiteral(literal)
  const latin1 = (): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  if (type === 'bytes') return latin1()
  try {
    return utf8.decode(bytes)
  } catch {
    return latin1()
  }
}

function integerOf(digits: string, type: string | undefined): OptionValue {
  const negative = digits.startsWith('-')
  const magnitude = BigInt(digits.replace('-', '').replace(/^0(?=[0-7]+$)/, '0o'))
  const value = negative ? -magnitude : magnitude
  return type !== undefined && /64$/.test(type) ? String(value) : Number(value)
}

const ESCAPE = /\\([0-7]{1,3}|[xX][\da-fA-F]{1,2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|.)/gs

/** The bytes of what stands between quotes in a file. */
export function unescapedBytes(text: string): Uint8Array {
  const pieces: Uint8Array[] = []
  let at = 0
  for (const { 0: whole, 1: code = '', index } of text.matchAll(ESCAPE)) {
    pieces.push(Buffer.from(text.slice(at, index)), unescaped(code))
    at = index + whole.length
  }
  return Buffer.concat([...pieces, Buffer.from(text.slice(at))])
}

const LETTERS: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

function unescaped(code: string): Uint8Array {
  if (/^[0-7]/.test(code)) return Buffer.of(Number.parseInt(code, 8) & 255)
  const number = Number.parseInt(code.slice(1), 16)
  if (/^x./i.test(code)) return Buffer.of(number)
  if (/^u./i.test(code) && number <= 0x10ffff) return Buffer.from(String.fromCodePoint(number))
  return Buffer.from(LETTERS[code] ?? code)
}
