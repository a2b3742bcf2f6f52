import type { Type } from 'protobufjs/light.js'
import { Misfit, misfit } from '../misfit.js'
import { planOf } from '../plan.js'
import type { Scalar } from '../scalar.js'
import { anyJson } from './any-json.js'
import { scalarJson } from './scalar-json.js'
import { StructJson } from './struct-json.js'
import { durationJson, timestampJson } from './time-json.js'
import { isObject, type JsonOf, type ValueJson } from './value-json.js'

const PACKAGE = '.google.protobuf.'
const PATH = /^[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*)*$/

type Maker = (type: Type, jsonOf: JsonOf) => ValueJson

const makers: Readonly<Record<string, Maker>> = {
  Any: anyJson,
  Duration: () => durationJson,
  FieldMask: () => fieldMaskJson,
  ListValue: (type) => new StructJson(type).list,
  Struct: (type) => new StructJson(type).struct,
  Timestamp: () => timestampJson,
  Value: (type) => new StructJson(type).value,
  BoolValue: wrapperJson,
  BytesValue: wrapperJson,
  DoubleValue: wrapperJson,
  FloatValue: wrapperJson,
  Int32Value: wrapperJson,
  Int64Value: wrapperJson,
  StringValue: wrapperJson,
  UInt32Value: wrapperJson,
  UInt64Value: wrapperJson,
}

/** The JSON of a type of `google.protobuf` that is not written as an object of its fields; `undefined` for others. */
export function wellKnownJson(type: Type, jsonOf: JsonOf): ValueJson | undefined {
  const name = type.fullName.startsWith(PACKAGE) ? type.fullName.slice(PACKAGE.length) : ''
  const make = Object.hasOwn(makers, name) ? makers[name] : undefined
  return make && { ...make(type, jsonOf), alone: true }
}

/** The value in a message around one, alone. */
function wrapperJson(type: Type): ValueJson {
  const [field] = planOf(type).fields
  const scalar = field?.scalar as Scalar
  const { write, read } = scalarJson(scalar)
  return {
    write(message, depth) {
      if (!isObject(message)) throw misfit(type.fullName.slice(1), message)
      return write(message.value ?? scalar.zero, depth)
    },
    read: (json, reading) => ({ value: read(json, reading) }),
  }
}

/** Paths, their names as in JSON, with commas between. */
const fieldMaskJson: ValueJson = {
  write(message) {
    if (!isObject(message)) throw misfit('google.protobuf.FieldMask', message)
    const paths = message.paths ?? []
    if (!Array.isArray(paths)) throw misfit('an array', paths).within('paths')
    return paths.map(jsonPath).join(',')
  },
  read(json) {
    if (typeof json !== 'string') throw misfit('field paths as text', json)
    if (json === '') return { paths: [] }
    return { paths: json.split(',').map(protoPath) }
  },
}

function jsonPath(path: unknown, index: number): string {
  if (typeof path !== 'string') throw misfit('string', path).within(`paths[${index}]`)
  const written = path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  // Not every path can be told from its JSON: `a__b`, `a_1` and `aB` cannot.
  if (written.includes('_') || path !== snakeCase(written) || written === '' || written.includes(','))
    throw new Misfit('a field path that JSON cannot hold').within(`paths[${index}]`)
  return written
}

function protoPath(path: string): string {
  if (!PATH.test(path)) throw new Misfit('not a list of field paths like user.displayName,photo')
  return snakeCase(path)
}

function snakeCase(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
