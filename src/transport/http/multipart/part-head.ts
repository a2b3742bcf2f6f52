import { isUtf8 } from 'node:buffer'
import { badRequest, unsupported } from '../error.js'

/** What the headers of a part say. */
export interface PartHead {
  /** Which part it is, from 1. */
  readonly index: number
  /** Name of the field of the form. */
  readonly name: string
  /** Name of the file, without folders; absent if it is none. */
  readonly filename: string | undefined
  /** Media type; empty if it does not say. */
  readonly type: string
}

const HEADER = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([^\0\r\n]*)$/
const PARAMETER = /;[ \t]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*=[ \t]*(?:"((?:\\"|[^"])*)"|([^\s;"]*))[ \t]*/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\0-\x1f\x7f]/
const PLAIN = /^(7bit|8bit|binary)$/i

/** Reads the headers of a part (RFC 7578, 4), each in a line. Throws `INVALID_ARGUMENT` that says which part is wrong. */
export function readPartHead(index: number, block: Buffer): PartHead {
  if (!isUtf8(block)) throw malformed(index, 'its headers are not UTF-8')
  const headers = headersOf(index, block.toString('utf8'))
  const disposition = headers.get('content-disposition')
  if (disposition === undefined) throw malformed(index, 'it has no Content-Disposition')
  const parameters = parametersOf(index, disposition)
  const name = parameters.get('name')
  if (!name) throw malformed(index, 'it has no name')
  const encoding = headers.get('content-transfer-encoding') ?? 'binary'
  if (!PLAIN.test(encoding)) throw unsupported(`part ${index} of the form: the transfer encoding is not binary`)
  return { index, name, filename: filenameOf(index, parameters), type: headers.get('content-type') ?? '' }
}

/** A form that is wrong in one of its parts. */
function malformed(index: number, problem: string): Error {
  return badRequest(`part ${index} of the form: ${problem}`)
}

function headersOf(index: number, block: string): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  for (const line of block.split('\r\n').filter((one) => one !== '')) {
    const [, name = '', value = ''] = HEADER.exec(line) ?? []
    const key = name.toLowerCase()
    if (key === '') throw malformed(index, 'one of its headers is malformed')
    if (headers.has(key)) throw malformed(index, `it has two ${name}`)
    headers.set(key, value.trim())
  }
  return headers
}

function parametersOf(index: number, disposition: string): ReadonlyMap<string, string> {
  const [type = ''] = disposition.split(';', 1)
  if (type.trim().toLowerCase() !== 'form-data') throw malformed(index, 'its Content-Disposition is not form-data')
  const parameters = new Map<string, string>()
  PARAMETER.lastIndex = type.length
  while (PARAMETER.lastIndex < disposition.length) {
    const [, name = '', quoted, bare = ''] = PARAMETER.exec(disposition) ?? []
    const key = name.toLowerCase()
    if (key === '' || parameters.has(key)) throw malformed(index, 'its Content-Disposition is malformed')
    parameters.set(key, quoted === undefined ? bare : unescaped(quoted))
  }
  return parameters
}

/** What browsers write in place of quotes and line ends, and what others do of quotes. */
function unescaped(text: string): string {
  return text
    .replace(/\\"|%22/g, '"')
    .replace(/%0D/gi, '\r')
    .replace(/%0A/gi, '\n')
}

function filenameOf(index: number, parameters: ReadonlyMap<string, string>): string | undefined {
  const extended = parameters.get('filename*')
  const filename = extended === undefined ? parameters.get('filename') : decoded(index, extended)
  const last = filename?.replace(/^.*[/\\]/s, '')
  // Whoever keeps a file under its name must not get out of the folder, or be cut short; whoever writes it into a header or a
  // log must not begin a line.
  if (last === '.' || last === '..' || CONTROL.test(last ?? '')) throw malformed(index, 'its file name is none')
  return last
}

function decoded(index: number, extended: string): string {
  const [, text] = /^utf-8'[^']*'(.*)$/i.exec(extended) ?? []
  try {
    if (text !== undefined) return decodeURIComponent(text)
  } catch {}
  throw malformed(index, 'its filename* is malformed')
}
