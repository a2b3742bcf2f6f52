import { Code, type ErrorCode } from '../../error/code.js'
import type { RpcError } from '../../error/rpc-error.js'

/**
 * What the end of a call says of the other end: it does its work, it fails, it answers though not with success, or
 * nothing.
 */
export type Verdict = 'success' | 'failure' | 'answer' | 'none'

/** Codes that mean that the server failed, or has too much to do. */
export const FAILURES: readonly ErrorCode[] = [
  Code.UNKNOWN,
  Code.DEADLINE_EXCEEDED,
  Code.RESOURCE_EXHAUSTED,
  Code.INTERNAL,
  Code.UNAVAILABLE,
  Code.DATA_LOSS,
]

/** Judges a call by its error. */
export function verdictOf(error: RpcError | undefined, failures: ReadonlySet<Code>): Verdict {
  if (!error) return 'success'
  const { code, neverSent, reason } = error
  // What was not sent was refused on this side, unless there is no connection: that is the other side's failure.
  const refused = neverSent && (code !== Code.UNAVAILABLE || reason === 'CIRCUIT_OPEN')
  if (refused || code === Code.CANCELLED) return 'none'
  return failures.has(code) ? 'failure' : 'answer'
}
