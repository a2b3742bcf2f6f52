import { Misfit, misfit } from '../misfit.js'
import { isObject, type ValueJson } from './value-json.js'

const NANOS = 1_000_000_000
const MAX_NANOS = 999_999_999
const FIRST_SECOND = -62_135_596_800n // 0001-01-01T00:00:00Z
const LAST_SECOND = 253_402_300_799n // 9999-12-31T23:59:59Z
const MAX_SPAN = 315_576_000_000n // 10,000 years
const TIMESTAMP =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,9}))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/
const DURATION = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/

/** `google.protobuf.Timestamp`: RFC 3339, in UTC, with as many digits of the second as are needed of 0, 3, 6 and 9. */
export const timestampJson: ValueJson = {
  write(value) {
    const { seconds, nanos } = partsOf(value, 'Timestamp')
    if (seconds < FIRST_SECOND || seconds > LAST_SECOND) throw new Misfit('a timestamp outside of the years 1 to 9999')
    if (nanos < 0 || nanos > MAX_NANOS) throw new Misfit('the nanos of a timestamp are from 0 to 999999999')
    return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}${fraction(nanos)}Z`
  },
  read(json) {
    if (typeof json !== 'string') throw misfit('a timestamp as text', json)
    const [, local = '', digits = '', zone = 'Z'] = TIMESTAMP.exec(json) ?? []
    const wall = Date.parse(`${local}Z`)
    // Engines take the 31st of any month for the 1st of the next.
    if (Number.isNaN(wall) || new Date(wall).toISOString().slice(0, 19) !== local)
      throw new Misfit('not a timestamp of RFC 3339')
    const seconds = BigInt(wall / 1000 - offsetSeconds(zone))
    if (seconds < FIRST_SECOND || seconds > LAST_SECOND) throw new Misfit('a timestamp outside of the years 1 to 9999')
    return { seconds, nanos: Number(digits.padEnd(9, '0')) }
  },
}

/** `google.protobuf.Duration`: seconds with a fraction, and an `s`. */
export const durationJson: ValueJson = {
  write(value) {
    const { seconds, nanos } = partsOf(value, 'Duration')
    if (seconds < -MAX_SPAN || seconds > MAX_SPAN) throw new Misfit('a duration of more than 315576000000 s')
    if (Math.abs(nanos) > MAX_NANOS) throw new Misfit('the nanos of a duration are at most 999999999')
    if ((seconds > 0n && nanos < 0) || (seconds < 0n && nanos > 0))
      throw new Misfit('the seconds and nanos of a duration differ in sign')
    const sign = seconds < 0n || nanos < 0 ? '-' : ''
    return `${sign}${seconds < 0n ? -seconds : seconds}${fraction(Math.abs(nanos))}s`
  },
  read(json) {
    if (typeof json !== 'string') throw misfit('a duration as text', json)
    const match = DURATION.exec(json)
    if (!match) throw new Misfit('not a duration like 1.5s')
    const [, sign, whole = '', digits = ''] = match
    const seconds = BigInt(whole)
    const nanos = Number(digits.padEnd(9, '0'))
    if (seconds > MAX_SPAN) throw new Misfit('a duration of more than 315576000000 s')
    return sign ? { seconds: -seconds, nanos: 0 - nanos } : { seconds, nanos }
  },
}

function partsOf(value: unknown, name: string): { seconds: bigint; nanos: number } {
  if (!isObject(value)) throw misfit(`google.protobuf.${name}`, value)
  const { seconds, nanos } = value
  const whole = seconds ?? 0n
  const rest = nanos ?? 0
  if (typeof whole !== 'bigint') throw misfit('int64', whole).within('seconds')
  if (typeof rest !== 'number' || (rest | 0) !== rest) throw misfit('int32', rest).within('nanos')
  return { seconds: whole, nanos: rest }
}

/** A fraction of 3, 6 or 9 digits; nothing for 0. */
function fraction(nanos: number): string {
  if (nanos === 0) return ''
  const digits = String(NANOS + nanos).slice(1)
  if (digits.endsWith('000000')) return `.${digits.slice(0, 3)}`
  return digits.endsWith('000') ? `.${digits.slice(0, 6)}` : `.${digits}`
}

function offsetSeconds(zone: string): number {
  if (zone === 'Z') return 0
  const seconds = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * 60
  return zone.startsWith('-') ? -seconds : seconds
}
