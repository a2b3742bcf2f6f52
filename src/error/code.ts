/**
 * The closed set of status codes that a call can end with: the gRPC codes, on every transport.
 *
 * @see https://grpc.io/docs/guides/status-codes/
 */
export const Code = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const

/** One of the 17 status codes. */
export type Code = (typeof Code)[keyof typeof Code]

/** A code that is not `OK`. */
export type ErrorCode = Exclude<Code, 0>

/** The name of a status code, in upper snake case: `NOT_FOUND`. */
export type CodeName = keyof typeof Code

const names = Object.keys(Code) as CodeName[]

/** Names a code: `codeName(5)` is `'NOT_FOUND'`. */
export function codeName(code: Code): CodeName {
  return names[code] ?? 'UNKNOWN'
}

/** Reads a code from a number or a name off the wire; anything outside the closed set is `UNKNOWN`. */
export function codeFrom(value: unknown): Code {
  if (typeof value === 'number')
    return Number.isInteger(value) && value >= 0 && value <= 16 ? (value as Code) : Code.UNKNOWN
  if (typeof value === 'string' && Object.hasOwn(Code, value)) return Code[value as CodeName]
  return Code.UNKNOWN
}
