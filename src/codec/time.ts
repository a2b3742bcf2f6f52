import type { Duration, Timestamp } from './well-known.js'

const NANOS_PER_MS = 1_000_000

/** The timestamp of a date. Throws a `RangeError` if the date is invalid. */
export function timestampFromDate(date: Date): Timestamp {
  const ms = date.getTime()
  if (Number.isNaN(ms)) throw new RangeError('an invalid date has no timestamp')
  const seconds = Math.floor(ms / 1000)
  return { seconds: BigInt(seconds), nanos: (ms - seconds * 1000) * NANOS_PER_MS }
}

/** The date of a timestamp, to the millisecond below. An invalid date if it is out of the range of dates. */
export function timestampToDate({ seconds, nanos }: Timestamp): Date {
  return new Date(Number(seconds) * 1000 + Math.floor(nanos / NANOS_PER_MS))
}

/** The duration of a number of milliseconds, to the nanosecond. Throws a `RangeError` if the number is not finite. */
export function durationFromMs(ms: number): Duration {
  if (!Number.isFinite(ms)) throw new RangeError(`${ms} ms is not a duration`)
  const seconds = Math.trunc(ms / 1000)
  const nanos = Math.round((ms - seconds * 1000) * NANOS_PER_MS)
  // Rounding may fill the second.
  const carry = Math.trunc(nanos / 1_000_000_000)
  return { seconds: BigInt(seconds + carry), nanos: nanos - carry * 1_000_000_000 }
}

/** The milliseconds of a duration, with a fraction for what is below. */
export function durationToMs({ seconds, nanos }: Duration): number {
  return Number(seconds) * 1000 + nanos / NANOS_PER_MS
}
