import type { ReflectionObject, Root, Type } from 'protobufjs/light.js'
import type { JsonValue } from '../../message-codec.js'
import { readerOf, readMessage } from '../decode.js'
import { encoderOf } from '../encode.js'
import { lookUp } from '../library/late-types.js'
import { Misfit, member, misfit } from '../misfit.js'
import { planOf } from '../plan.js'
import { Writer } from '../wire/writer.js'
import {
  checkDepth,
  isObject,
  type JsonObject,
  type JsonOf,
  type Reading,
  setMember,
  type ValueJson,
  within,
} from './value-json.js'

const TYPE = '@type'

/** `google.protobuf.Any`: the JSON of the message in it, and its type. Types are looked for in the root of this one. */
export function anyJson(any: Type, jsonOf: JsonOf): ValueJson {
  const [typeUrl = '', value = ''] = [...planOf(any).fields].sort((a, b) => a.id - b.id).map(({ name }) => name)
  return {
    write(message, depth) {
      checkDepth(depth)
      if (!isObject(message)) throw misfit('google.protobuf.Any', message)
      return writeAny({ url: message[typeUrl] ?? '', bytes: message[value], depth }, any.root, jsonOf)
    },
    read(json, reading) {
      checkDepth(reading.depth)
      if (!isObject(json)) throw misfit('an object', json)
      const url = json[TYPE]
      if (url === undefined && Object.keys(json).length === 0) return { [typeUrl]: '', [value]: new Uint8Array(0) }
      if (typeof url !== 'string') throw misfit('the URL of a type', url).within(`["${TYPE}"]`)
      const type = typeOf(any.root, url)
      const message = readPacked(jsonOf(type), json as JsonObject, reading)
      const bytes = encoded(type, message, reading.depth + 1)
      return { [typeUrl]: url.includes('/') ? url : `/${url}`, [value]: bytes }
    },
  }
}

interface Packed {
  readonly url: unknown
  readonly bytes: unknown
  readonly depth: number
}

function writeAny({ url, bytes = new Uint8Array(0), depth }: Packed, root: Root, jsonOf: JsonOf): JsonValue {
  if (typeof url !== 'string') throw misfit('string', url).within('typeUrl')
  if (!(bytes instanceof Uint8Array)) throw misfit('bytes', bytes).within('value')
  if (url === '') {
    if (bytes.length > 0) throw new Misfit('a message without its type')
    return {}
  }
  const type = typeOf(root, url)
  const { write, alone } = jsonOf(type)
  const body = write(decoded(type, bytes, depth + 1), depth + 1)
  if (alone) return { [TYPE]: url, value: body }
  const json: JsonObject = { [TYPE]: url }
  for (const [name, value] of Object.entries(body as JsonObject)) setMember(json, name, value)
  return json
}

function decoded(type: Type, bytes: Uint8Array, depth: number): unknown {
  try {
    return readMessage(readerOf(type), bytes, depth)
  } catch {
    throw new Misfit(`not the bytes of a ${type.fullName.slice(1)}`).within('value')
  }
}

function readPacked(inner: ValueJson, json: JsonObject, reading: Reading): unknown {
  if (inner.alone) return readAlone(inner, json, reading)
  const body: JsonObject = {}
  for (const name of Object.keys(json)) if (name !== TYPE) setMember(body, name, json[name] as JsonValue)
  return readDeeper(inner, body, reading)
}

function readAlone(inner: ValueJson, json: JsonObject, reading: Reading): unknown {
  if (!Object.hasOwn(json, 'value')) throw new Misfit('a member "value" is expected beside the type')
  const other = Object.keys(json).find((name) => name !== TYPE && name !== 'value')
  if (other !== undefined && !reading.ignoreUnknown) throw new Misfit('unknown field').within(member(other, ''))
  try {
    return readDeeper(inner, json.value as JsonValue, reading)
  } catch (error) {
    throw within('value', error)
  }
}

function readDeeper(inner: ValueJson, json: JsonValue, reading: Reading): unknown {
  reading.depth++
  const message = inner.read(json, reading)
  reading.depth--
  return message
}

function encoded(type: Type, message: unknown, depth: number): Uint8Array {
  const writer = new Writer()
  encoderOf(type)(message, writer, depth)
  return new Uint8Array(writer.finish())
}

/** The type that a URL ends with the full name of. */
function typeOf(root: Root, url: string): Type {
  const name = url.slice(url.lastIndexOf('/') + 1)
  const found = lookUp(root, name)
  if (found && isType(found)) return found
  throw new Misfit('a type that is not known here').within(`["${TYPE}"]`)
}

function isType(found: ReflectionObject): found is Type {
  return 'fieldsArray' in found
}
