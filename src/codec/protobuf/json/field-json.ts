import type { Enum, Field, Type } from 'protobufjs/light.js'
import type { JsonValue } from '../../message-codec.js'
import { Misfit, misfit } from '../misfit.js'
import type { FieldPlan, MessagePlan, OneofPlan } from '../plan.js'
import { type Fields, propertyOf } from '../property.js'
import { enumJson, nullJson } from './enum-json.js'
import { mapJson } from './map-json.js'
import { scalarJson } from './scalar-json.js'
import { type JsonObject, type JsonOf, type Reading, setMember, type ValueJson, within } from './value-json.js'

/** A field, between a message and its JSON. */
export interface FieldJson {
  readonly jsonName: string
  /** As in the contract. */
  readonly protoName: string
  /** Every name that it may have in JSON. */
  readonly names: readonly string[]
  readonly takesNull: boolean
  /** Writes the field, if it is set. */
  write(message: Fields, json: JsonObject, depth: number): void
  /** Reads the value of a member. */
  read(message: Fields, json: JsonValue, reading: Reading): void
}

type Access = Pick<FieldJson, 'write' | 'read'>

/** A field of a type, and the oneof that it is in. */
export interface PlacedField {
  readonly field: Field
  readonly plan: FieldPlan
  readonly oneof: string | undefined
}

/** What a field is called, in TypeScript and in JSON, and its value. */
interface Member {
  readonly plan: FieldPlan
  readonly jsonName: string
  readonly value: ValueJson
}

/** The fields of a type in the order of the contract, and behind them the checks of its oneofs. */
export function fieldsJson(type: Type, plan: MessagePlan, jsonOf: JsonOf): readonly FieldJson[] {
  return [...placedFields(type, plan).map((placed) => fieldJson(placed, jsonOf)), ...plan.oneofs.map(knownCase)]
}

/** The fields of a type in the order of the contract. */
export function placedFields(type: Type, { fields, oneofs }: MessagePlan): readonly PlacedField[] {
  const places = new Map(fields.map((plan) => [plan.name, { plan, oneof: undefined as string | undefined }]))
  for (const { name, fields } of oneofs) for (const plan of fields) places.set(plan.name, { plan, oneof: name })
  return type.fieldsArray.flatMap((field) => {
    const place = places.get(field.name)
    return place ? [{ field, ...place }] : []
  })
}

function fieldJson({ field, plan, oneof }: PlacedField, jsonOf: JsonOf): FieldJson {
  const names = namesOf(field)
  const [jsonName, , protoName = jsonName] = names
  const value = valueJson(field, plan, jsonOf)
  const access = accessTo({ plan, jsonName, value }, oneof)
  return { jsonName, protoName, names, takesNull: value.takesNull === true && !plan.repeated && !plan.key, ...access }
}

/** The name in JSON, and what else is taken for it. An extension has its full name in brackets. */
export function namesOf(field: Field): readonly [string, ...string[]] {
  const { jsonName = field.name, protoName = field.name } = field as Field &
    Partial<Record<'jsonName' | 'protoName', string>>
  const declared = field.declaringField ?? (field.name.startsWith('.') ? field : undefined)
  if (!declared) return [jsonName, field.name, protoName]
  const fullName = declared.name.startsWith('.') ? declared.name : declared.fullName
  const { protoName: ownName } = declared as Field & { readonly protoName?: string }
  return [`[${(ownName ? fullName.replace(/[^.]+$/, ownName) : fullName).replace(/^\./, '')}]`]
}

function valueJson({ resolvedType }: Field, plan: FieldPlan, jsonOf: JsonOf): ValueJson {
  if (plan.message) return nested(plan.message, jsonOf)
  if (!plan.scalar) throw new Error(`${plan.name} has a type that is not there`)
  if (!resolvedType) return scalarJson(plan.scalar)
  return resolvedType.fullName === '.google.protobuf.NullValue' ? nullJson : enumJson(resolvedType as Enum, plan)
}

function nested(type: Type, jsonOf: JsonOf): ValueJson {
  let json: ValueJson | undefined
  return {
    takesNull: type.fullName === '.google.protobuf.Value',
    // Not compiled before it is needed: types may contain themselves.
    write(value, depth) {
      json ??= jsonOf(type)
      return json.write(value, depth + 1)
    },
    read(value, reading) {
      json ??= jsonOf(type)
      reading.depth++
      const message = json.read(value, reading)
      reading.depth--
      return message
    },
  }
}

function accessTo(member: Member, oneof: string | undefined): Access {
  if (oneof !== undefined) return choice(member, oneof)
  if (member.plan.key) return whole(member, mapJson(member.plan.key, member.value))
  return member.plan.repeated ? whole(member, listJson(member.value)) : single(member)
}

function single({ plan, jsonName, value }: Member): Access {
  const { get, set } = propertyOf(plan.name)
  const put = memberOf(jsonName)
  const { presence, required, scalar } = plan
  const zero = scalar?.zero
  return {
    write(message, json, depth) {
      const present = get(message)
      if (present === undefined || present === null) {
        if (required) throw new Misfit('a required field is missing').within(plan.name)
        return
      }
      try {
        const written = value.write(present, depth)
        if (presence || !isDefault(present, zero)) put(json, written)
      } catch (error) {
        throw within(plan.name, error)
      }
    },
    read(message, json, reading) {
      const read = value.read(json, reading)
      if (read !== undefined) set(message, read)
    },
  }
}

function isDefault(value: unknown, zero: unknown): boolean {
  // Minus zero is not the default: it must reach the other side.
  if (value === zero) return value !== 0 || Object.is(value, 0)
  return value instanceof Uint8Array && value.length === 0
}

/** A list or a map, which is not written if it is empty. */
function whole({ plan, jsonName }: Member, value: ValueJson): Access {
  const { get, set } = propertyOf(plan.name)
  const put = memberOf(jsonName)
  return {
    write(message, json, depth) {
      const present = get(message)
      if (present === undefined || present === null) return
      try {
        const written = value.write(present, depth)
        if (!isEmpty(written as object)) put(json, written)
      } catch (error) {
        throw within(plan.name, error)
      }
    },
    read: (message, json, reading) => set(message, value.read(json, reading)),
  }
}

function isEmpty(json: object): boolean {
  return (Array.isArray(json) ? json : Object.keys(json)).length === 0
}

function listJson(value: ValueJson): ValueJson {
  return {
    write(items, depth) {
      if (!Array.isArray(items)) throw misfit('an array', items)
      return each(items, (item) => value.write(item, depth))
    },
    read(items, reading) {
      if (!Array.isArray(items)) throw misfit('an array', items)
      return each(items, (item: JsonValue) => {
        if (item === null && !value.takesNull) throw new Misfit('null is no element of a list')
        return value.read(item, reading)
      })
    },
  }
}

/** What becomes of each item that does not become nothing. */
function each<T, R>(items: readonly T[], turn: (item: T) => R): R[] {
  const turned: R[] = []
  let at = 0
  try {
    for (; at < items.length; at++) {
      const one = turn(items[at] as T)
      if (one !== undefined) turned.push(one)
    }
  } catch (error) {
    throw within(`[${at}]`, error)
  }
  return turned
}

function choice({ plan, jsonName, value }: Member, oneof: string): Access {
  const { get, set } = propertyOf(oneof)
  const put = memberOf(jsonName)
  return {
    write(message, json, depth) {
      const chosen = get(message) as Chosen
      if (chosen === undefined || chosen === null || chosen.case !== plan.name) return
      try {
        put(json, value.write(chosen.value, depth))
      } catch (error) {
        throw within(`${oneof}.${plan.name}`, error)
      }
    },
    read(message, json, reading) {
      const read = value.read(json, reading)
      if (read === undefined) return
      if (get(message) !== undefined) throw new Misfit(`another field of the oneof ${oneof} is set`)
      set(message, { case: plan.name, value: read })
    },
  }
}

type Chosen = { readonly case?: unknown; readonly value?: unknown } | null | undefined

/** No field, but the check that a oneof has one of its cases. */
function knownCase({ name, fields }: OneofPlan): FieldJson {
  const { get } = propertyOf(name)
  const cases = new Set<unknown>(fields.map((field) => field.name))
  return {
    jsonName: '',
    protoName: '',
    names: [],
    takesNull: false,
    write(message) {
      const chosen = get(message) as Chosen
      if (chosen === undefined || chosen === null || cases.has(chosen.case)) return
      throw misfit(`{ case, value } with case ${[...cases].join(' or ')}`, chosen.case).within(name)
    },
    read() {},
  }
}

function memberOf(name: string): (json: JsonObject, value: JsonValue) => void {
  return name === '__proto__' ? (json, value) => setMember(json, name, value) : propertyOf(name).set
}
