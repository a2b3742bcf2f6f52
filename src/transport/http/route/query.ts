import { badRequest } from '../error.js'
import { decodeAll } from './percent.js'

/**
 * Reads a query into names and values, in their order. A plus sign is a plus sign unless `plusIsSpace` says that it is a
 * space, as in forms. Throws `INVALID_ARGUMENT` for more than `most` parameters and for malformed escapes.
 */
export function parseQuery(query: string, most: number, plusIsSpace = false): [name: string, value: string][] {
  const text = plusIsSpace ? query.replaceAll('+', '%20') : query
  const parameters = text.split('&').filter((parameter) => parameter !== '')
  if (parameters.length > most) throw badRequest(`the query has ${parameters.length} parameters, more than ${most}`)
  return parameters.map((parameter) => {
    const equals = parameter.indexOf('=')
    const name = decodeAll(equals < 0 ? parameter : parameter.slice(0, equals))
    const value = decodeAll(equals < 0 ? '' : parameter.slice(equals + 1))
    if (name === undefined || value === undefined) throw badRequest('the query has a malformed percent escape')
    return [name, value]
  })
}
