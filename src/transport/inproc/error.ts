import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'

/** What is left of an error on the other side of a wire: no cause, no stack of the other side, no local facts. */
export function acrossBorder(error: RpcError): RpcError {
  const { reason, domain, metadata, details } = error
  return new RpcError(error.code, error.rawMessage, {
    reason,
    domain,
    metadata: { ...metadata },
    details: details.map(({ type, value }) => ({ type, value: value.slice() })),
  })
}

/** The error of a call that no server took. */
export function neverTaken(message: string): RpcError {
  return new RpcError(Code.UNAVAILABLE, message, { neverSent: true })
}
