import { toWellFormed } from '../../codec/protobuf/well-formed.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'

/** What is left of an error on the other side of a wire: no cause, no stack of the other side, no local facts. */
export function acrossBorder(error: RpcError): RpcError {
  const { reason, domain, metadata, details } = error
  return new RpcError(error.code, toWellFormed(error.rawMessage), {
    reason: reason && toWellFormed(reason),
    domain: domain && toWellFormed(domain),
    metadata: Object.fromEntries(Object.entries(metadata).map((fact) => fact.map(toWellFormed))),
    details: details.map(({ type, value }) => ({ type, value: value.slice() })),
  })
}

/** The error of a call that no server took. */
export function neverTaken(message: string): RpcError {
  return new RpcError(Code.UNAVAILABLE, message, { neverSent: true })
}
