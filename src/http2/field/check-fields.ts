import type { Fields } from '../http2.js'
import { digits, isValue } from './field-syntax.js'
import { checkRegular, contentLengthOf, type FieldCheck, malformed } from './regular-fields.js'

const lengthProblem = 'content-length makes no sense'

/** Checks the fields of a request (RFC 9113, 8.3.1). */
export function checkRequest(fields: Fields): FieldCheck {
  const start = pseudoEnd(fields)
  const pseudo: (string | undefined)[] = [undefined, undefined, undefined, undefined]
  for (let index = 0; index < start; index += 2) {
    const name = fields[index] as string
    const place = requestPseudo.indexOf(name)
    if (place < 0) return malformed(`${printable(name)} is no field of a request`)
    if (pseudo[place] !== undefined) return malformed(`${name} twice`)
    if (!isValue(fields[index + 1] as string)) return malformed(`${name} has a character that is not allowed`)
    pseudo[place] = fields[index + 1] as string
  }
  const problem = checkTarget(pseudo) ?? checkRegular(fields, start, true)
  if (problem !== undefined) return malformed(problem)
  return withLength(fields, start, 0)
}

/** Checks the fields of a response (8.3.2). */
export function checkResponse(fields: Fields): FieldCheck {
  const start = pseudoEnd(fields)
  if (start !== 2 || fields[0] !== ':status') return malformed('a response has :status, once, and nothing like it')
  const status = (fields[1] as string).length === 3 ? digits(fields[1] as string) : -1
  if (status < 100) return malformed(':status is no status code')
  const problem = checkRegular(fields, start, false)
  return problem === undefined ? withLength(fields, start, status) : malformed(problem)
}

/** Checks the fields of trailers, of a request or of a response (8.1). */
export function checkTrailers(fields: Fields): FieldCheck {
  if (pseudoEnd(fields) > 0) return malformed('trailers with a pseudo-header field')
  const problem = checkRegular(fields, 0, true)
  return problem === undefined ? { problem: undefined, contentLength: -1, status: 0 } : malformed(problem)
}

const requestPseudo = [':method', ':scheme', ':path', ':authority']

function checkTarget(pseudo: readonly (string | undefined)[]): string | undefined {
  const [method, scheme, path, authority] = pseudo
  if (method === undefined || method === '') return ':method is missing'
  if (method === 'CONNECT') {
    if (scheme !== undefined || path !== undefined) return 'CONNECT with :scheme or :path'
    return authority === undefined ? 'CONNECT without :authority' : undefined
  }
  if (scheme === undefined || scheme === '') return ':scheme is missing'
  if (path === undefined || path === '') return ':path is missing'
  return path.charCodeAt(0) === 0x2f || path === '*' ? undefined : ':path does not start with a slash'
}

function withLength(fields: Fields, start: number, status: number): FieldCheck {
  const contentLength = contentLengthOf(fields, start)
  return contentLength === -2 ? malformed(lengthProblem) : { problem: undefined, contentLength, status }
}

/** Where the pseudo-header fields end. */
function pseudoEnd(fields: Fields): number {
  let end = 0
  while (end < fields.length && (fields[end] as string).charCodeAt(0) === 0x3a) end += 2
  return end
}

function printable(name: string): string {
  return isValue(name) && name.length <= 40 ? name : 'a pseudo-header field'
}
