import type { Enum, Field, Type } from 'protobufjs/light.js'
import type { JsonValue } from '../../message-codec.js'
import { readerOf } from '../decode.js'
import { RECURSION_LIMIT } from '../encode.js'
import { type FieldPlan, type OneofPlan, planOf } from '../plan.js'
import { type Fields, propertyOf } from '../property.js'
import { enumJson, scalarJson, type ValueJson } from './scalar-json.js'
import { wellKnownJson } from './well-known-json.js'

type JsonObject = { [key: string]: JsonValue }

/** A field, between a message and its JSON. False if its value must go the long way. */
interface FieldJson {
  write(message: Fields, json: JsonObject, depth: number): boolean
  read(message: Fields, json: JsonValue, depth: number): boolean
  /** Every name that it may have in JSON. */
  readonly names: readonly string[]
}

// Holds nothing but what follows from the type: so that types which refer to each other are compiled once.
const compiled = new WeakMap<Type, ValueJson | undefined>()

/**
 * ProtoJSON of a type without the detour over its binary form, for messages that are as they should be; `undefined` for
 * types with something rare in them. It decides nothing: what it does not take is for the protobuf library to judge.
 */
export function messageJson(type: Type): ValueJson | undefined {
  if (!compiled.has(type)) compiled.set(type, compile(type))
  return compiled.get(type)
}

function compile(type: Type): ValueJson | undefined {
  try {
    const fields = wellKnownJson(type) ? undefined : fieldsOf(type)
    return fields && objectJson(type, fields)
  } catch {
    // What is wrong with the type is told on the long way.
    return undefined
  }
}

function objectJson(type: Type, fields: readonly FieldJson[]): ValueJson {
  const byName = new Map(fields.flatMap((field) => field.names.map((name): [string, FieldJson] => [name, field])))
  const { create } = readerOf(type)
  return {
    write(message, depth) {
      if (!isObject(message) || depth > RECURSION_LIMIT) return undefined
      const json: JsonObject = {}
      for (const field of fields) if (!field.write(message as Fields, json, depth)) return undefined
      return json
    },
    read(json, depth) {
      if (!isObject(json) || depth > RECURSION_LIMIT) return undefined
      const message = create()
      const object = json as JsonObject
      for (const name of Object.keys(object)) {
        const field = byName.get(name)
        if (!field || isTwice(field, name, object)) return undefined
        if (!field.read(message, object[name] as JsonValue, depth)) return undefined
      }
      return message
    },
  }
}

/** True if a field is there under another of its names as well. */
function isTwice({ names }: FieldJson, name: string, json: JsonObject): boolean {
  return names.length > 1 && names.some((other) => other !== name && Object.hasOwn(json, other))
}

function fieldsOf(type: Type): readonly FieldJson[] | undefined {
  const plan = planOf(type)
  const plans = new Map(plan.fields.map((field) => [field.name, { field, oneof: undefined as string | undefined }]))
  for (const { name, fields } of plan.oneofs) for (const field of fields) plans.set(field.name, { field, oneof: name })
  const all = type.fieldsArray.map((field) => {
    const found = plans.get(field.name)
    return found && fieldJson(field, found.field, found.oneof)
  })
  if (!all.every((field) => field !== undefined)) return undefined
  return [...all, ...plan.oneofs.map(knownCase)]
}

function fieldJson(field: Field, plan: FieldPlan, oneof: string | undefined): FieldJson | undefined {
  const { jsonName, protoName } = field as Field & { readonly jsonName: string; readonly protoName: string }
  const rare = plan.key || plan.required || plan.known || jsonName === '__proto__' || field.name.startsWith('.')
  const value = rare ? undefined : valueJson(field, plan)
  if (!value) return undefined
  const names = [...new Set([jsonName, field.name, protoName])]
  if (oneof !== undefined) return { names, ...choice(plan, propertyOf(oneof), [jsonName, value]) }
  const property = propertyOf(plan.name)
  if (plan.repeated) return { names, ...list(property, [jsonName, value]) }
  return { names, ...single(plan, property, [jsonName, value]) }
}

type Property = ReturnType<typeof propertyOf>
type Member = readonly [jsonName: string, value: ValueJson]

function single(
  { presence, scalar }: FieldPlan,
  { get, set }: Property,
  [name, value]: Member,
): Omit<FieldJson, 'names'> {
  const out = propertyOf(name)
  return {
    write(message, json, depth) {
      const present = get(message)
      if (present === undefined || present === null) return true
      const written = value.write(present, depth)
      if (written === undefined) return false
      // A float may be zero only once it is one.
      if (presence || !(scalar?.isZero(present) || written === 0)) out.set(json, written)
      return true
    },
    read(message, json, depth) {
      const read = value.read(json, depth)
      if (read === undefined) return false
      // Minus zero is the default, where there is one.
      set(message, read === 0 && !presence ? 0 : read)
      return true
    },
  }
}

function list({ get, set }: Property, [name, value]: Member): Omit<FieldJson, 'names'> {
  const out = propertyOf(name)
  return {
    write(message, json, depth) {
      const present = get(message)
      if (present === undefined || present === null) return true
      const written = each(present, (item) => value.write(item, depth))
      if (written && written.length > 0) out.set(json, written)
      return written !== undefined
    },
    read(message, json, depth) {
      const read = each(json, (item) => value.read(item as JsonValue, depth))
      if (read) set(message, read)
      return read !== undefined
    },
  }
}

/** No field, but the check that a oneof has one of its cases. */
function knownCase({ name, fields }: OneofPlan): FieldJson {
  const { get } = propertyOf(name)
  const cases: ReadonlySet<unknown> = new Set(fields.map((field) => field.name))
  return {
    names: [],
    write(message) {
      const chosen = get(message) as { readonly case?: unknown } | null | undefined
      return chosen === undefined || chosen === null || cases.has(chosen.case)
    },
    read: () => false,
  }
}

function choice(plan: FieldPlan, { get, set }: Property, [name, value]: Member): Omit<FieldJson, 'names'> {
  const out = propertyOf(name)
  return {
    write(message, json, depth) {
      const chosen = get(message) as { readonly case?: unknown; readonly value?: unknown } | null | undefined
      if (chosen === undefined || chosen === null || chosen.case !== plan.name) return true
      const written = value.write(chosen.value, depth)
      if (written !== undefined) out.set(json, written)
      return written !== undefined
    },
    read(message, json, depth) {
      const read = get(message) === undefined ? value.read(json, depth) : undefined
      if (read !== undefined) set(message, { case: plan.name, value: read })
      return read !== undefined
    },
  }
}

function each<T>(items: unknown, turn: (item: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(items)) return undefined
  const turned: T[] = []
  for (const item of items) {
    const one = turn(item)
    if (one === undefined) return undefined
    turned.push(one)
  }
  return turned
}

function valueJson({ resolvedType }: Field, { scalar, message }: FieldPlan): ValueJson | undefined {
  if (message) return wellKnownJson(message) ?? nested(message)
  if (!scalar) return undefined
  return resolvedType ? plainEnumJson(resolvedType as Enum, scalar) : scalarJson(scalar)
}

function plainEnumJson(type: Enum, scalar: NonNullable<FieldPlan['scalar']>): ValueJson | undefined {
  // Names of their own in JSON, and the null of JSON as a value.
  if (type.fullName === '.google.protobuf.NullValue' || JSON.stringify(type.valuesOptions)?.includes('json'))
    return undefined
  return enumJson(type, scalar)
}

function nested(type: Type): ValueJson {
  // Not compiled before it is needed: types may contain themselves.
  return {
    write: (value, depth) => messageJson(type)?.write(value, depth + 1),
    read: (json, depth) => messageJson(type)?.read(json, depth + 1),
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
