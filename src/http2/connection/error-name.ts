import { ErrorCode } from '../error-code.js'

/** The name of a code, as RFC 9113 has it. */
export function nameOf(code: ErrorCode): string {
  const found = Object.entries(ErrorCode).find(([, value]) => value === code)
  return found?.[0] ?? `error ${code}`
}
