import { Code, type ErrorCode } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'

/** What HTTP statuses mean where no gRPC status came; any other is `UNKNOWN`. */
const httpCodes: Readonly<Record<string, ErrorCode>> = {
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

/** The error of a response that is not one of gRPC. */
export function httpError(status: string, contentType: string): RpcError {
  const code = httpCodes[status] ?? Code.UNKNOWN
  const type = contentType === '' ? 'without a content type' : `of type ${JSON.stringify(contentType)}`
  return new RpcError(code, `the server answered HTTP ${status} ${type}, and no gRPC status`)
}
