import { Code, type ErrorCode } from '../error/code.js'

/** What an HTTP status means of a response that says nothing else; any other is `UNKNOWN`. */
export const CODE_OF_STATUS: Readonly<Record<number | string, ErrorCode>> = {
  400: Code.INTERNAL,
  401: Code.UNAUTHENTICATED,
  403: Code.PERMISSION_DENIED,
  404: Code.UNIMPLEMENTED,
  429: Code.UNAVAILABLE,
  431: Code.INTERNAL,
  502: Code.UNAVAILABLE,
  503: Code.UNAVAILABLE,
  504: Code.UNAVAILABLE,
}
