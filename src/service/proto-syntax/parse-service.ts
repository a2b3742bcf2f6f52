import { parseOptionStatement } from './parse-options.js'
import type { MethodSyntax, OptionSyntax, ServiceSyntax, Word } from './syntax.js'
import type { TokenReader } from './token-reader.js'

/** Reads a service. */
export function parseService(reader: TokenReader): ServiceSyntax {
  reader.expect('service')
  const name = reader.word()
  const options: OptionSyntax[] = []
  const methods: MethodSyntax[] = []
  reader.block(() => {
    if (reader.isAt('option')) options.push(parseOptionStatement(reader))
    else methods.push(parseMethod(reader))
  })
  return { name, options, methods }
}

function parseMethod(reader: TokenReader): MethodSyntax {
  reader.expect('rpc')
  const name = reader.word()
  const request = parseMessages(reader)
  reader.expect('returns')
  const response = parseMessages(reader)
  const options: OptionSyntax[] = []
  if (reader.isAt('{')) reader.block(() => options.push(parseOptionStatement(reader)))
  else reader.expect(';')
  return { name, request, response, options }
}

/** The type of messages, one or a stream of them. */
function parseMessages(reader: TokenReader): Word {
  reader.expect('(')
  reader.take('stream')
  const type = reader.name(true)
  reader.expect(')')
  return type
}
