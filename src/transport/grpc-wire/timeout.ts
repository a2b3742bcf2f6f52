import type { Context } from '../../endpoint/context.js'

const TIMEOUT = /^(\d{1,8})([HMSmun])$/

const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 }

/** The units that time-outs are written in, finest first: one that leaves at most eight digits is taken. */
const writtenUnits = [
  ['u', 1e-3],
  ['m', 1],
  ['S', 1000],
  ['M', 60_000],
  ['H', 3_600_000],
] as const

/** Reads a `grpc-timeout` header, in ms; `NaN` if it is malformed. */
export function parseTimeout(header: string): number {
  const [, amount, unit = ''] = TIMEOUT.exec(header) ?? []
  return Number(amount) * (unitMs[unit] ?? Number.NaN)
}

/** Writes what is left of a call's time as a `grpc-timeout` header, rounded up; `undefined` if it is without end. */
export function formatTimeout(context: Context): string | undefined {
  const remainingMs = context.remainingMs()
  if (remainingMs === undefined) return undefined
  for (const [unit, factor] of writtenUnits) {
    const amount = Math.max(1, Math.ceil(remainingMs / factor))
    if (amount < 1e8) return `${amount}${unit}`
  }
  return undefined
}
