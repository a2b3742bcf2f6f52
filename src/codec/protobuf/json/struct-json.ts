import type { Type } from 'protobufjs/light.js'
import type { JsonValue } from '../../message-codec.js'
import { entry, Misfit, member, misfit } from '../misfit.js'
import { planOf } from '../plan.js'
import { isWellFormed } from '../well-formed.js'
import { checkDepth, isObject, type JsonObject, setMember, type ValueJson, within } from './value-json.js'

/** A `google.protobuf.Value` in TypeScript. */
interface Value {
  kind?: { readonly case: string; readonly value: unknown } | undefined
}

/** JSON of `google.protobuf.Struct`, `Value` and `ListValue`: any JSON, as itself. */
export class StructJson {
  readonly struct: ValueJson = {
    write: (value, depth) => this.#writeStruct(value, depth),
    read: (json, { depth }) => this.#readStruct(json, depth),
  }
  readonly value: ValueJson = {
    takesNull: true,
    write: (value, depth) => this.#writeValue(value, depth),
    read: (json, { depth }) => this.#readValue(json, depth),
  }
  readonly list: ValueJson = {
    write: (value, depth) => this.#writeList(value, depth),
    read: (json, { depth }) => this.#readList(json, depth),
  }
  /** Names of the cases of a value: null, number, string, bool, struct, list. */
  readonly #cases: readonly string[]

  /** For the names that the types have in the root of this one. */
  constructor(type: Type) {
    const [kind] = planOf(type.root.lookupType('.google.protobuf.Value')).oneofs
    const fields = [...(kind?.fields ?? [])].sort((a, b) => a.id - b.id)
    this.#cases = fields.map(({ name }) => name)
  }

  #writeValue(value: unknown, depth: number): JsonValue {
    checkDepth(depth)
    if (!isObject(value)) throw misfit('google.protobuf.Value', value)
    const { kind } = value as Value
    if (kind === undefined || kind === null) return null
    switch (this.#cases.indexOf(kind.case)) {
      case 0:
        return null
      case 1:
        return finiteNumber(kind.value)
      case 2:
        return text(kind.value)
      case 3:
        return bool(kind.value)
      case 4:
        return this.#writeStruct(kind.value, depth + 1)
      case 5:
        return this.#writeList(kind.value, depth + 1)
      default:
        throw misfit(`{ case, value } with case ${this.#cases.join(' or ')}`, kind.case).within('kind')
    }
  }

  #writeStruct(value: unknown, depth: number): JsonValue {
    checkDepth(depth)
    if (!isObject(value)) throw misfit('google.protobuf.Struct', value)
    const fields = value.fields ?? {}
    if (!isObject(fields)) throw misfit('an object', fields).within('fields')
    const json: JsonObject = {}
    for (const name of Object.keys(fields)) {
      try {
        setMember(json, text(name), this.#writeValue(fields[name], depth + 1))
      } catch (error) {
        throw within(member(name, ''), error, entry(name, 'string'))
      }
    }
    return json
  }

  #writeList(value: unknown, depth: number): JsonValue {
    checkDepth(depth)
    if (!isObject(value)) throw misfit('google.protobuf.ListValue', value)
    const values = value.values ?? []
    if (!Array.isArray(values)) throw misfit('an array', values).within('values')
    return each(values, (item) => this.#writeValue(item, depth + 1))
  }

  #readValue(json: JsonValue, depth: number): Value {
    checkDepth(depth)
    const [nullCase = '', numberCase = '', stringCase = '', boolCase = '', structCase = '', listCase = ''] = this.#cases
    if (json === null) return { kind: { case: nullCase, value: 0 } }
    if (typeof json === 'string') return { kind: { case: stringCase, value: text(json) } }
    if (typeof json === 'number') return { kind: { case: numberCase, value: finiteNumber(json) } }
    if (typeof json === 'boolean') return { kind: { case: boolCase, value: json } }
    if (Array.isArray(json)) return { kind: { case: listCase, value: this.#readList(json, depth + 1) } }
    return { kind: { case: structCase, value: this.#readStruct(json, depth + 1) } }
  }

  #readStruct(json: JsonValue, depth: number): unknown {
    checkDepth(depth)
    if (!isObject(json)) throw misfit('an object', json)
    const fields: Record<string, Value> = Object.create(null)
    for (const name of Object.keys(json)) {
      try {
        fields[text(name)] = this.#readValue(json[name] as JsonValue, depth + 1)
      } catch (error) {
        throw within(member(name, ''), error, entry(name, 'string'))
      }
    }
    return { fields }
  }

  #readList(json: JsonValue, depth: number): unknown {
    checkDepth(depth)
    if (!Array.isArray(json)) throw misfit('an array', json)
    return { values: each(json, (item) => this.#readValue(item, depth + 1)) }
  }
}

function each<T, R>(items: readonly T[], turn: (item: T) => R): R[] {
  return items.map((item, index) => {
    try {
      return turn(item)
    } catch (error) {
      throw within(`[${index}]`, error)
    }
  })
}

function finiteNumber(value: unknown): number {
  if (typeof value !== 'number') throw misfit('double', value)
  if (!Number.isFinite(value)) throw new Misfit('a JSON value cannot be NaN or infinite')
  return value
}

function text(value: unknown): string {
  if (typeof value !== 'string' || !isWellFormed(value)) throw misfit('string', value)
  return value
}

function bool(value: unknown): boolean {
  if (typeof value !== 'boolean') throw misfit('bool', value)
  return value
}
