import { Code } from '../error/code.js'

/** Codes that mean that the server failed, and not its caller. */
const SERVER_FAULTS: ReadonlySet<Code> = new Set([
  Code.UNKNOWN,
  Code.DEADLINE_EXCEEDED,
  Code.UNIMPLEMENTED,
  Code.INTERNAL,
  Code.UNAVAILABLE,
  Code.DATA_LOSS,
])

/** True if a code counts against the server. */
export function isServerFault(code: Code): boolean {
  return SERVER_FAULTS.has(code)
}
