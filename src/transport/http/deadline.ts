import { parseTimeout as readTimeout } from '../grpc-wire/timeout.js'
import { badRequest } from './error.js'

/** Carries the time that is left for a call. */
export const TIMEOUT_HEADER = 'grpc-timeout'

const WRITTEN = [
  ['m', 1],
  ['S', 1000],
  ['M', 60_000],
  ['H', 3_600_000],
] as const
const MOST = 99_999_999

/** Reads a time-out as gRPC writes it, in ms; throws `INVALID_ARGUMENT` if it is malformed. */
export function parseTimeout(header: string): number {
  const timeoutMs = readTimeout(header)
  if (!Number.isNaN(timeoutMs)) return timeoutMs
  throw badRequest('Grpc-Timeout is not one to eight digits and one of the units H, M, S, m, u and n')
}

/** Writes a time-out, rounded up to the unit that has room for it. */
export function formatTimeout(timeoutMs: number): string {
  for (const [unit, ms] of WRITTEN) {
    const amount = Math.max(1, Math.ceil(timeoutMs / ms))
    if (amount <= MOST) return `${amount}${unit}`
  }
  return `${MOST}H`
}
