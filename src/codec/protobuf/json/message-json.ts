import type { Type } from 'protobufjs/light.js'
import type { JsonValue } from '../../message-codec.js'
import { readerOf } from '../decode.js'
import { Misfit, member, misfit } from '../misfit.js'
import { planOf } from '../plan.js'
import type { Fields } from '../property.js'
import { type FieldJson, fieldsJson } from './field-json.js'
import { checkDepth, isObject, type JsonObject, type Reading, type ValueJson, within } from './value-json.js'
import { wellKnownJson } from './well-known-json.js'

// Holds nothing but what follows from the type: so that types which refer to each other are compiled once.
const compiled = new WeakMap<Type, ValueJson>()

/** ProtoJSON of a type, compiled when it is first asked for. */
export function messageJson(type: Type): ValueJson {
  let json = compiled.get(type)
  if (!json) {
    json = wellKnownJson(type, messageJson) ?? objectJson(type)
    compiled.set(type, json)
  }
  return json
}

function objectJson(type: Type): ValueJson {
  const plan = planOf(type)
  const fields = fieldsJson(type, plan, messageJson)
  const byName = byNameOf(fields, plan.typeName)
  const required = plan.fields.filter((field) => field.required).map(({ name }) => name)
  const { create } = readerOf(type)
  return {
    write(message, depth) {
      if (!isObject(message)) throw misfit(plan.typeName, message)
      checkDepth(depth)
      const json: JsonObject = {}
      for (let at = 0; at < fields.length; at++) fields[at]?.write(message, json, depth)
      return json
    },
    read(json, reading) {
      if (!isObject(json)) throw misfit('an object', json)
      checkDepth(reading.depth)
      const message = create()
      readMembers(byName, message, { json: json as JsonObject, reading })
      for (const name of required)
        if (!Object.hasOwn(message, name)) throw new Misfit('a required field is missing').within(name)
      return message
    },
  }
}

function readMembers(
  byName: ReadonlyMap<string, FieldJson>,
  message: Fields,
  { json, reading }: { readonly json: JsonObject; readonly reading: Reading },
): void {
  for (const name of Object.keys(json)) {
    const field = byName.get(name)
    if (field === undefined) {
      if (reading.ignoreUnknown) continue
      throw new Misfit('unknown field').within(member(name, ''))
    }
    const value = json[name] as JsonValue
    try {
      if (name !== field.jsonName && isTwice(field, name, json)) throw new Misfit('the field is there twice')
      if (value !== null || field.takesNull) field.read(message, value, reading)
    } catch (error) {
      throw within(member(name, ''), error, member(field.protoName, ''))
    }
  }
}

/** True if a field is there under another of its names as well. */
function isTwice({ names }: FieldJson, name: string, json: JsonObject): boolean {
  return names.some((other) => other !== name && Object.hasOwn(json, other))
}

function byNameOf(fields: readonly FieldJson[], typeName: string): ReadonlyMap<string, FieldJson> {
  const byName = new Map<string, FieldJson>()
  for (const field of fields) {
    for (const name of field.names) {
      const other = byName.get(name)
      if (other && other !== field) throw new Error(`two fields of ${typeName} are called ${name} in JSON`)
      byName.set(name, field)
    }
  }
  return byName
}
