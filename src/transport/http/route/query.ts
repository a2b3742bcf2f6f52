import { badRequest } from '../error.js'
import { decodeAll } from './percent.js'

/**
 * Reads a query into names and values, in their order. A plus sign is a plus sign unless `plusIsSpace` says that it is a
 * space, as in forms. Throws `INVALID_ARGUMENT` for more than `most` parameters and for malformed escapes.
 */
export function parseQuery(query: string, most: number, plusIsSpace = false): [name: string, value: string][] {
  const text = plusIsSpace ? query.replaceAll('+', '%20') : query
  const parameters: [name: string, value: string][] = []
  let malformed = false
  const decode = text.includes('%') ? decodeAll : asItIs
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf('&', at)
    const end = next < 0 ? text.length : next
    if (end > at) {
      const parameter = readParameter(text, { start: at, end, decode })
      malformed ||= parameter[0] === undefined || parameter[1] === undefined
      parameters.push(parameter as [string, string])
    }
    at = end + 1
  }
  const { length } = parameters
  if (length > most) throw badRequest(`the query has ${length} parameters, more than ${most}`)
  if (malformed) throw badRequest('the query has a malformed percent escape')
  return parameters
}

interface Place {
  readonly start: number
  readonly end: number
  decode(text: string): string | undefined
}

function readParameter(
  text: string,
  { start, end, decode }: Place,
): [name: string | undefined, value: string | undefined] {
  const found = text.indexOf('=', start)
  const equals = found < 0 || found > end ? end : found
  return [decode(text.slice(start, equals)), decode(text.slice(equals + 1, end))]
}

function asItIs(text: string): string {
  return text
}
