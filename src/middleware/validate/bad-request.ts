import { badRequestDetail, type Violation } from '../../codec/detail/bad-request.js'
import { toWellFormed } from '../../codec/protobuf/well-formed.js'
import { Code } from '../../error/code.js'
import { RpcError, type RpcErrorOptions } from '../../error/rpc-error.js'

/** More would not fit into the trailers that every client accepts. */
const MAX_VIOLATIONS = 16
const MAX_TEXT = 120
const MAX_BYTES = 4200

/** The error for a request with violations, at least one: each field is named in a `google.rpc.BadRequest`. */
export function invalidRequest(violations: readonly Violation[], options: RpcErrorOptions = {}): RpcError {
  const { details = [], ...rest } = options
  const shown = fitting(violations.slice(0, MAX_VIOLATIONS).map(shortened))
  const [first] = shown
  const what = first?.field ? `${first.field}: ${first.description}` : first?.description
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : ''
  return new RpcError(Code.INVALID_ARGUMENT, `invalid request: ${what}${more}`, {
    reason: 'INVALID_REQUEST',
    domain: 'tierkit',
    details: [badRequestDetail(shown), ...details],
    ...rest,
  })
}

function shortened({ field, description, reason }: Violation): Violation {
  return { field: shorten(field), description: shorten(description), reason: reason && shorten(reason) }
}

/** The first ones, one at least, up to what there is room for. */
function fitting(violations: readonly Violation[]): readonly Violation[] {
  let bytes = 0
  const tooMany = violations.findIndex(({ field, description, reason = '' }, index) => {
    bytes += Buffer.byteLength(field) + Buffer.byteLength(description) + Buffer.byteLength(reason)
    return index > 0 && bytes > MAX_BYTES
  })
  return tooMany < 0 ? violations : violations.slice(0, tooMany)
}

function shorten(text: string): string {
  return toWellFormed(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text)
}
