import type { NumberWord, RangeSyntax, Word } from './syntax.js'
import type { TokenReader } from './token-reader.js'

/** The last number of a field. */
export const LAST_FIELD = 2 ** 29 - 1

/** What has been found to be reserved. */
interface Reserved {
  readonly reserved: RangeSyntax[]
  readonly reservedNames: Word[]
}

/** Reads what stands behind `reserved`. `last` is what `max` means. */
export function parseReserved(reader: TokenReader, reserved: Reserved, edition: string, last = LAST_FIELD): void {
  const isWord = !edition.startsWith('proto')
  const { kind } = reader.peek()
  if (kind === 'number' || reader.isAt('-')) {
    do reserved.reserved.push(parseRange(reader, last))
    while (reader.take(','))
  } else if (kind === (isWord ? 'word' : 'string')) {
    do reserved.reservedNames.push(isWord ? reader.word() : reader.string())
    while (reader.take(','))
  } else throw reader.unexpected(`a number or a name ${isWord ? 'without' : 'in'} quotes`)
  reader.expect(';')
}

/** Reads `4`, `4 to 6` or `4 to max`. */
export function parseRange(reader: TokenReader, max = LAST_FIELD): RangeSyntax {
  const first = reader.integer()
  const last = reader.take('to') ? endOf(reader, max) : first
  return { first, last }
}

function endOf(reader: TokenReader, max: number): NumberWord {
  return reader.isAt('max') ? { ...reader.word(), value: max } : reader.integer()
}
