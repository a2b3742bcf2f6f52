import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { CODE_OF_STATUS } from '../http-status.js'

/** The error of a response that is not one of gRPC. */
export function httpError(status: string, contentType: string): RpcError {
  const code = CODE_OF_STATUS[status] ?? Code.UNKNOWN
  const type = contentType === '' ? 'without a content type' : `of type ${JSON.stringify(contentType)}`
  return new RpcError(code, `the server answered HTTP ${status} ${type}, and no gRPC status`)
}
