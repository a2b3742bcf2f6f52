import type { Type } from 'protobufjs/light.js'
import type { JsonValue } from '../../message-codec.js'
import { RECURSION_LIMIT } from '../encode.js'
import { Misfit } from '../misfit.js'

export type JsonObject = { [key: string]: JsonValue }

/** How JSON is read, and how deep reading has come. */
export interface Reading {
  readonly ignoreUnknown: boolean
  /** How many messages the present one is inside of. */
  depth: number
}

/** Turns one value of a type into ProtoJSON and back. Both throw a `Misfit` if it does not fit. */
export interface ValueJson {
  /** `depth` is how many messages the value is inside of. */
  write(value: unknown, depth: number): JsonValue
  /** `undefined` for a name of an enum that is not known, where that is to be ignored. */
  read(json: JsonValue, reading: Reading): unknown
  /** The null of JSON is a value, and not the lack of one. */
  readonly takesNull?: boolean
  /** The JSON is not an object of fields: in an `Any` it is the member `value`. */
  readonly alone?: boolean
}

/** Finds the JSON of a message type. Types refer to each other, so it is asked for no sooner than it is needed. */
export type JsonOf = (type: Type) => ValueJson

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Sets a member, whatever its name: plain assignment would take `__proto__` for the prototype. */
export function setMember(json: JsonObject, name: string, value: JsonValue): void {
  if (name === '__proto__')
    Object.defineProperty(json, name, { value, enumerable: true, writable: true, configurable: true })
  else json[name] = value
}

export function checkDepth(depth: number): void {
  if (depth > RECURSION_LIMIT) throw new Misfit(`nested deeper than ${RECURSION_LIMIT} messages`)
}

/** Adds a step to the path of what is wrong, and how the contract names it if that differs. */
export function within(step: string, error: unknown, ofContract = step): unknown {
  return error instanceof Misfit ? error.within(step, ofContract) : error
}
