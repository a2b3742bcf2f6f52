/** One error class with the closed set of gRPC codes. @module */
export { Code, type CodeName, codeFrom, codeName, type ErrorCode } from './code.js'
export {
  defineErrors,
  type ErrorReason,
  type ErrorReasons,
  HTTP_STATUS_FACT,
  type ReasonedError,
  type ReasonOptions,
  type ReasonSpec,
  type ReasonSpecs,
} from './define-errors.js'
export { type ErrorDetail, RpcError, type RpcErrorOptions, UNKNOWN_ERROR_MESSAGE } from './rpc-error.js'
