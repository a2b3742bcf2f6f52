import { Code, type ErrorCode, HTTP_STATUS_FACT, type RpcError } from '../../kernel.js'

/** google/rpc/code.proto says these. */
export const STATUS_OF_CODE: Readonly<Record<ErrorCode, number>> = {
  [Code.CANCELLED]: 499,
  [Code.UNKNOWN]: 500,
  [Code.INVALID_ARGUMENT]: 400,
  [Code.DEADLINE_EXCEEDED]: 504,
  [Code.NOT_FOUND]: 404,
  [Code.ALREADY_EXISTS]: 409,
  [Code.PERMISSION_DENIED]: 403,
  [Code.RESOURCE_EXHAUSTED]: 429,
  [Code.FAILED_PRECONDITION]: 400,
  [Code.ABORTED]: 409,
  [Code.OUT_OF_RANGE]: 400,
  [Code.UNIMPLEMENTED]: 501,
  [Code.INTERNAL]: 500,
  [Code.UNAVAILABLE]: 503,
  [Code.DATA_LOSS]: 500,
  [Code.UNAUTHENTICATED]: 401,
}

const ERROR_STATUS = /^[45]\d\d$/

/** The HTTP status of an error: that of its metadata, if it has one from 400 to 599, else that of its code. */
export function httpStatusOf({ code, metadata }: RpcError): number {
  const fact = Object.hasOwn(metadata, HTTP_STATUS_FACT) ? metadata[HTTP_STATUS_FACT] : undefined
  return fact !== undefined && ERROR_STATUS.test(fact) ? Number(fact) : STATUS_OF_CODE[code]
}

const CODE_OF_ERROR_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: Code.UNAUTHENTICATED,
  403: Code.PERMISSION_DENIED,
  404: Code.NOT_FOUND,
  405: Code.UNIMPLEMENTED,
  408: Code.DEADLINE_EXCEEDED,
  409: Code.ABORTED,
  410: Code.NOT_FOUND,
  412: Code.FAILED_PRECONDITION,
  413: Code.RESOURCE_EXHAUSTED,
  414: Code.RESOURCE_EXHAUSTED,
  428: Code.FAILED_PRECONDITION,
  429: Code.RESOURCE_EXHAUSTED,
  431: Code.RESOURCE_EXHAUSTED,
  499: Code.CANCELLED,
  501: Code.UNIMPLEMENTED,
  502: Code.UNAVAILABLE,
  503: Code.UNAVAILABLE,
  504: Code.DEADLINE_EXCEEDED,
}

/** The code of an error that a program tells of with an HTTP status and a body, but with no code. */
export function codeOfErrorStatus(status: number): ErrorCode {
  const code = CODE_OF_ERROR_STATUS[status]
  if (code !== undefined) return code
  if (status >= 400 && status < 500) return Code.INVALID_ARGUMENT
  return status >= 500 && status < 600 ? Code.INTERNAL : Code.UNKNOWN
}
