import { parseInlineOptions, parseOptionStatement } from './parse-options.js'
import { parseReserved } from './parse-ranges.js'
import type { EnumSyntax, OptionSyntax, RangeSyntax, ValueSyntax, Word } from './syntax.js'
import type { TokenReader } from './token-reader.js'

const LAST_VALUE = 2 ** 31 - 1

/** Reads an enum. */
export function parseEnum(reader: TokenReader, edition: string): EnumSyntax {
  reader.expect('enum')
  const name = reader.word()
  const options: OptionSyntax[] = []
  const values: ValueSyntax[] = []
  const reserved = { reserved: [] as RangeSyntax[], reservedNames: [] as Word[] }
  reader.block(() => {
    if (reader.isAt('option')) options.push(parseOptionStatement(reader))
    else if (reader.take('reserved')) parseReserved(reader, reserved, edition, LAST_VALUE)
    else values.push(parseValue(reader))
  })
  return { name, options, values, ...reserved }
}

function parseValue(reader: TokenReader): ValueSyntax {
  const name = reader.word()
  reader.expect('=')
  const value = { name, number: reader.integer(), options: parseInlineOptions(reader) }
  reader.expect(';')
  return value
}
