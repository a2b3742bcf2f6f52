import { isUint8Array } from 'node:util/types'
import type { JsonValue } from '../../message-codec.js'
import { Misfit, misfit } from '../misfit.js'
import type { Scalar } from '../scalar.js'
import { isWellFormed } from '../well-formed.js'
import { integerJson, longJson, NUMBER } from './integer-json.js'
import type { ValueJson } from './value-json.js'

/** Up to here, a float has every integer. */
const EXACT = 2 ** 24
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/

/** The JSON of a scalar type. */
export function scalarJson(scalar: Scalar): ValueJson {
  if (scalar.name === 'string') return stringJson
  if (scalar.name === 'bool') return boolJson
  if (scalar.name === 'bytes') return bytesJson
  if (scalar.name === 'double') return doubleJson
  if (scalar.name === 'float') return floatJson(scalar)
  return typeof scalar.zero === 'bigint' ? longJson(scalar) : integerJson(scalar)
}

const stringJson: ValueJson = {
  write: textOf,
  read: textOf,
}

function textOf(value: unknown): string {
  if (typeof value !== 'string' || !isWellFormed(value)) throw misfit('string', value)
  return value
}

const boolJson: ValueJson = {
  write: boolOf,
  read: boolOf,
}

function boolOf(value: unknown): boolean {
  if (typeof value !== 'boolean') throw misfit('bool', value)
  return value
}

const bytesJson: ValueJson = {
  write(value) {
    if (!isUint8Array(value)) throw misfit('bytes', value)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  },
  read(json) {
    if (typeof json !== 'string') throw misfit('bytes as base64', json)
    // Padding may be left out, but what is there must be right.
    const padded = json.endsWith('=')
    const wrong = padded ? json.length % 4 !== 0 : json.length % 4 === 1
    if (wrong || !BASE64.test(json)) throw new Misfit('not base64')
    return new Uint8Array(Buffer.from(json, 'base64'))
  },
}

const doubleJson: ValueJson = {
  write(value) {
    if (typeof value !== 'number') throw misfit('double', value)
    return numberOrText(value)
  },
  read: (json) => numberOf(json, 'double'),
}

function floatJson({ fits }: Scalar): ValueJson {
  return {
    write(value) {
      if (!fits(value)) throw misfit('float', value)
      return numberOrText(shortest(Math.fround(value as number)))
    },
    read(json) {
      const value = numberOf(json, 'float')
      if (!fits(value)) throw new Misfit('out of range for float')
      return Math.fround(value)
    },
  }
}

/** JSON has no numbers but the finite. */
function numberOrText(value: number): number | string {
  return Number.isFinite(value) ? value : String(value)
}

/** Of all numbers that are this one as a float, one with the fewest digits: 0.1, not 0.10000000149011612. */
function shortest(value: number): number {
  if ((Number.isInteger(value) && Math.abs(value) <= EXACT) || !Number.isFinite(value)) return value
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9))
}

function numberOf(json: JsonValue, name: string): number {
  if (typeof json === 'number') return finite(json, name)
  if (typeof json !== 'string') throw misfit(`${name}, as a number or as text`, json)
  if (json === 'NaN') return Number.NaN
  if (json === 'Infinity' || json === '-Infinity') return Number(json)
  if (!NUMBER.test(json)) throw new Misfit(`not a number, where ${name} is expected`)
  return finite(Number(json), name)
}

function finite(value: number, name: string): number {
  if (!Number.isFinite(value)) throw new Misfit(`out of range for ${name}`)
  return value
}
