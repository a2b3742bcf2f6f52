import type { ErrorDetail, RpcError } from '../../error/rpc-error.js'
import { Misfit } from '../protobuf/misfit.js'
import { toWellFormed } from '../protobuf/well-formed.js'
import { BadRequest } from './error-details.js'
import { packDetail } from './pack-detail.js'

/** What is wrong with one field of a message. */
export interface Violation {
  /** Path of the field: `items[0].quantity`; empty for the message as a whole. */
  readonly field: string
  /** Why its value is refused, for the developer who calls. */
  readonly description: string
  /** Name of the rule that it breaks, for programs: `string.min_len`. */
  readonly reason?: string | undefined
}

/** The `google.rpc.BadRequest` that names the fields of a request that are wrong. */
export function badRequestDetail(violations: readonly Violation[]): ErrorDetail {
  const fieldViolations = violations.map(({ field, description, reason }) => ({
    field: toWellFormed(field),
    description: toWellFormed(description),
    ...(reason !== undefined && { reason: toWellFormed(reason) }),
  }))
  return packDetail(BadRequest, { fieldViolations })
}

/** Which field a codec could not read, by the error that it threw; `undefined` if that does not say. */
export function violationOf({ cause }: RpcError): Violation | undefined {
  return cause instanceof Misfit ? { field: cause.field, description: cause.message } : undefined
}
