import { badRequest } from '../error.js'

/** The parts of a form. */
const FORM_TYPE = 'multipart/form-data'
const BOUNDARY = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i
/** RFC 2046, 5.1.1. */
const ALLOWED = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/

/** True if a `Content-Type` says that a body is a form in parts. */
export function isForm(contentType: string | undefined): boolean {
  const [name = ''] = (contentType ?? '').split(';', 1)
  return name.trim().toLowerCase() === FORM_TYPE
}

/** What stands between the parts of a form. Throws `INVALID_ARGUMENT` if the `Content-Type` does not say. */
export function boundaryOf(contentType: string | undefined): string {
  const [, quoted, bare] = BOUNDARY.exec(contentType ?? '') ?? []
  const boundary = quoted ?? bare ?? ''
  if (!ALLOWED.test(boundary)) throw badRequest(`the Content-Type ${FORM_TYPE} has no valid boundary`)
  return boundary
}
