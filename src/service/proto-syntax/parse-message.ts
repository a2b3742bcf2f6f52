import { parseEnum } from './parse-enum.js'
import { type FieldPlace, parseField } from './parse-field.js'
import { parseInlineOptions, parseOptionStatement } from './parse-options.js'
import { parseRange, parseReserved } from './parse-ranges.js'
import type { EnumSyntax, ExtendSyntax, FieldSyntax, MessageSyntax, OneofSyntax, OptionSyntax, Word } from './syntax.js'
import type { TokenReader } from './token-reader.js'

/** What a scope has been found to declare. */
export interface Scope {
  readonly messages: MessageSyntax[]
  readonly enums: EnumSyntax[]
  readonly extends: ExtendSyntax[]
}

/** Reads a message, an enum or fields that are added to a message; false if none of them is there. */
export function parseInScope(reader: TokenReader, scope: Scope, edition: string): boolean {
  const declared = (reader.isAt('export') || reader.isAt('local')) && edition >= '2024' && edition < 'proto'
  // Whether other files may refer to it.
  if (declared && (reader.isAt('message', 1) || reader.isAt('enum', 1))) reader.next()
  if (reader.take('message')) scope.messages.push(messageBody(reader, reader.word(), edition))
  else if (reader.isAt('enum')) scope.enums.push(parseEnum(reader, edition))
  else if (reader.isAt('extend')) scope.extends.push(parseExtend(reader, scope, edition))
  else return false
  return true
}

function messageBody(reader: TokenReader, name: Word, edition: string): MessageSyntax {
  const options: OptionSyntax[] = []
  const message = {
    ...{
      name,
      options,
      messages: [],
      enums: [],
      extends: [],
      fields: [] as FieldSyntax[],
      oneofs: [] as OneofSyntax[],
    },
    ...{ extensions: [] as MessageSyntax['extensions'][number][], reserved: [], reservedNames: [] },
  }
  const place = fieldPlace(reader, message, edition)
  reader.block(() => {
    if (parseInScope(reader, message, edition)) return
    if (reader.isAt('option')) options.push(parseOptionStatement(reader))
    else if (reader.take('oneof')) message.oneofs.push(parseOneof(reader, { ...place, in: 'oneof' }))
    else if (reader.take('reserved')) parseReserved(reader, message, edition)
    else if (reader.take('extensions')) message.extensions.push(...parseExtensions(reader))
    else message.fields.push(parseField(reader, place))
  })
  return message
}

function fieldPlace(reader: TokenReader, scope: Scope, edition: string): FieldPlace {
  const body = (name: Word): MessageSyntax => {
    const message = messageBody(reader, name, edition)
    scope.messages.push(message)
    return message
  }
  return { edition, in: 'message', body }
}

function parseOneof(reader: TokenReader, place: FieldPlace): OneofSyntax {
  const name = reader.word()
  const options: OptionSyntax[] = []
  const fields: FieldSyntax[] = []
  reader.block(() => {
    if (reader.isAt('option')) options.push(parseOptionStatement(reader))
    else fields.push(parseField(reader, place))
  })
  return { name, options, fields }
}

function parseExtensions(reader: TokenReader): MessageSyntax['extensions'] {
  const ranges = [parseRange(reader)]
  while (reader.take(',')) ranges.push(parseRange(reader))
  const options = parseInlineOptions(reader)
  reader.expect(';')
  return ranges.map((range) => ({ ...range, options }))
}

function parseExtend(reader: TokenReader, scope: Scope, edition: string): ExtendSyntax {
  reader.expect('extend')
  const extendee = reader.name(true)
  const place: FieldPlace = { ...fieldPlace(reader, scope, edition), in: 'extend' }
  const fields: FieldSyntax[] = []
  reader.block(() => fields.push(parseField(reader, place)))
  return { extendee, fields }
}
