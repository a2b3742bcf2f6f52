import type { Demand, Now } from '../finding.js'
import { listIn, type Rules } from '../option/rules.js'
import { type Ordered, rangeDemands } from './range.js'

/** A `google.protobuf.Timestamp` or `Duration`; what is missing is zero. */
interface Time {
  readonly seconds?: bigint | undefined
  readonly nanos?: number | undefined
}

/** The rules of durations. */
export function durationDemands(rules: Rules): Demand[] {
  return timeDemands({ type: 'duration', compare, show: durationText }, rules)
}

/** The rules of timestamps. */
export function timestampDemands(rules: Rules): Demand[] {
  const within = rules.within as Time | undefined
  return [
    ...timeDemands({ type: 'timestamp', compare, show: timestampText }, rules),
    ...(rules.lt_now === true ? [sinceNow('lt_now', (order) => order <= 0, 'must be less than now')] : []),
    ...(rules.gt_now === true ? [sinceNow('gt_now', (order) => order >= 0, 'must be greater than now')] : []),
    ...(within ? [withinDemand(within)] : []),
  ]
}

function timeDemands(ordered: Ordered<Time>, rules: Rules): Demand[] {
  const { type, show } = ordered
  const only = rules.const as Time | undefined
  const one = (name: string, holds: (value: Time) => boolean, text: string): Demand => {
    const id = `${type}.${name}`
    return { id, rule: id, broken: (value: Time) => (holds(value) ? undefined : text) }
  }
  const listed = (name: 'in' | 'not_in'): Demand[] => {
    const list = listIn<Time>(rules, name)
    if (!list) return []
    const text = `must ${name === 'in' ? '' : 'not '}be one of ${list.map(show).join(', ')}`
    return [one(name, (value) => list.some((other) => compare(value, other) === 0) === (name === 'in'), text)]
  }
  return [
    ...(only ? [one('const', (value) => compare(value, only) === 0, `must equal ${show(only)}`)] : []),
    ...rangeDemands(ordered, rules),
    ...listed('in'),
    ...listed('not_in'),
  ]
}

function sinceNow(name: string, holds: (order: number) => boolean, text: string): Demand {
  const id = `timestamp.${name}`
  return { id, rule: id, broken: (value: Time, clock: Now) => (holds(order(value, clock.now())) ? undefined : text) }
}

/** Nanoseconds count: what is in the same millisecond as now is not past the one and future the other. */
function order(value: Time, nowMs: number): number {
  const nowSeconds = Math.floor(nowMs / 1000)
  const seconds = Number(value.seconds ?? 0n)
  if (seconds !== nowSeconds) return seconds - nowSeconds
  return (value.nanos ?? 0) - Math.round((nowMs - nowSeconds * 1000) * 1_000_000)
}

function withinDemand(within: Time): Demand {
  const text = `must be within ${durationText(within)} of now`
  const allowed = nanosOf(within)
  const broken = (value: Time, clock: Now): string | undefined => {
    const now = BigInt(Math.round(clock.now() * 1000)) * 1000n
    const apart = nanosOf(value) - now
    return apart > allowed || -apart > allowed ? text : undefined
  }
  return { id: 'timestamp.within', rule: 'timestamp.within', broken }
}

function nanosOf({ seconds = 0n, nanos = 0 }: Time): bigint {
  return seconds * 1_000_000_000n + BigInt(nanos)
}

function compare(a: Time, b: Time): number {
  const [left, right] = [a.seconds ?? 0n, b.seconds ?? 0n]
  if (left !== right) return left < right ? -1 : 1
  return (a.nanos ?? 0) - (b.nanos ?? 0)
}

function durationText(time: Time): string {
  const nanos = nanosOf(time)
  const [sign, size] = nanos < 0n ? ['-', -nanos] : ['', nanos]
  const fraction = String(size % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '')
  return `${sign}${size / 1_000_000_000n}${fraction && `.${fraction}`}s`
}

function timestampText({ seconds = 0n, nanos = 0 }: Time): string {
  const date = new Date(Number(seconds) * 1000)
  if (Number.isNaN(date.getTime())) return `${seconds}s since 1970`
  const fraction = nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`
  return `${date.toISOString().slice(0, -5)}${fraction}Z`
}
