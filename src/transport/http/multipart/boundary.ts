import { badRequest } from '../error.js'

/** The parts of a form. */
const FORM_TYPE = 'multipart/form-data'
/** One parameter of a `Content-Type` (RFC 9110, 5.6.6), whose value may have in it what would have to be in quotes. */
const PARAMETER =
  /[ \t]*;[ \t]*(?:([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*=[ \t]*(?:"((?:\\.|[^"\\])*)"|([^\s;"]+)))?[ \t]*/y
/** RFC 2046, 5.1.1. */
const ALLOWED = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/

/** True if a `Content-Type` says that a body is a form in parts. */
export function isForm(contentType: string | undefined): boolean {
  const [name = ''] = (contentType ?? '').split(';', 1)
  return name.trim().toLowerCase() === FORM_TYPE
}

/** What stands between the parts of a form. Throws `INVALID_ARGUMENT` if the `Content-Type` does not say. */
export function boundaryOf(contentType: string | undefined): string {
  const [boundary = '', ...more] = boundariesIn(contentType ?? '')
  // Whoever looks at the form on its way may have taken another one.
  if (!ALLOWED.test(boundary) || more.length > 0)
    throw badRequest(`the Content-Type ${FORM_TYPE} has no valid boundary`)
  return boundary
}

/** Every boundary that a `Content-Type` has; none if it is malformed. */
function boundariesIn(contentType: string): readonly string[] {
  const boundaries: string[] = []
  PARAMETER.lastIndex = contentType.indexOf(';')
  while (PARAMETER.lastIndex >= 0 && PARAMETER.lastIndex < contentType.length) {
    const found = PARAMETER.exec(contentType)
    if (!found) return []
    const [, name = '', quoted, bare = ''] = found
    if (name.toLowerCase() === 'boundary') boundaries.push(quoted ?? bare)
  }
  return boundaries
}
