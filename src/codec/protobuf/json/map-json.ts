import type { JsonValue } from '../../message-codec.js'
import type { MapKey } from '../map-key.js'
import { entry, Misfit, member, misfit } from '../misfit.js'
import { isObject, type JsonObject, setMember, type ValueJson, within } from './value-json.js'

/** The JSON of a map: an object. */
export function mapJson(key: MapKey, value: ValueJson): ValueJson {
  const check = (name: string): unknown => {
    const parsed = key.parse(name)
    if (parsed === undefined) throw new Misfit(`expected a key of type ${key.scalar.name}`)
    return parsed
  }
  return {
    write(entries, depth) {
      if (!isObject(entries)) throw misfit('an object', entries)
      const json: JsonObject = {}
      for (const name of Object.keys(entries)) {
        try {
          setMember(json, String(check(name)), value.write(entries[name], depth))
        } catch (error) {
          throw within(member(name, ''), error, entry(name, key.scalar.name))
        }
      }
      return json
    },
    read(json, reading) {
      if (!isObject(json)) throw misfit('an object', json)
      const entries: Record<string, unknown> = Object.create(null)
      for (const name of Object.keys(json)) {
        try {
          const written = String(check(name))
          if (written in entries) throw new Misfit('the key is there twice')
          const item = json[name] as JsonValue
          if (item === null && !value.takesNull) throw new Misfit('null is no value of a map')
          const read = value.read(item, reading)
          if (read !== undefined) entries[written] = read
        } catch (error) {
          throw within(member(name, ''), error, entry(name, key.scalar.name))
        }
      }
      return entries
    },
  }
}
