import { type FieldKind, type FieldShape, type JsonValue, propertyOf } from '../../kernel.js'
import { badField } from '../error.js'

/** A message in JSON. Those that are filled from text inherit nothing, so that no name in them means anything. */
export type JsonObject = { [key: string]: JsonValue }

// Objects without any prototype are tables, which are slow to make and to read.
const NOTHING = Object.freeze(Object.create(null))

/** A message without fields. */
export function emptyObject(): JsonObject {
  return Object.create(NOTHING)
}

/** Why the last field of a path cannot be filled from text; `undefined` if it can. */
export function unfitness(shapes: readonly FieldShape[]): string | undefined {
  const through = shapes.slice(0, -1).find((shape) => shape.repeated || shape.kind !== 'message')
  if (through) return `${through.name} is not a single message`
  const kind = shapes.at(-1)?.kind
  return kind === 'message' || kind === 'map' ? `it is a ${kind}, which text cannot fill` : undefined
}

/** The names of a path in the contract, with dots between them. */
export function pathName(shapes: readonly FieldShape[]): string {
  return shapes.map(({ name }) => name).join('.')
}

/** Sets a field, or adds to it if it is repeated. Throws `INVALID_ARGUMENT` for text that is no value. */
export type Fill = (message: JsonObject, text: string) => void

/** What fills the last field of a path. */
export function fillOf(shapes: readonly FieldShape[]): Fill {
  const leaf = shapes.at(-1)
  if (!leaf) return () => {}
  const { name, jsonName, kind, repeated } = leaf
  const path = pathName(shapes)
  const { get, set } = propertyOf(jsonName)
  return (message, text) => {
    const target = shapes.length === 1 ? message : targetOf(message, shapes)
    const value = jsonOf(text, kind, path)
    const present = name === jsonName ? get(target) : take(target, leaf)
    if (repeated && Array.isArray(present)) {
      present.push(value)
      set(target, present)
    } else set(target, repeated ? [value] : value)
  }
}

/** Sets an entry of the map that is the last field of a path; false if it is there already. */
export function fillEntry(message: JsonObject, shapes: readonly FieldShape[], entry: MapEntry): boolean {
  const leaf = shapes.at(-1)
  if (!leaf) return false
  const map = child(targetOf(message, shapes), leaf)
  if (Object.hasOwn(map, entry.key)) return false
  map[entry.key] = jsonOf(entry.text, entry.kind, entry.path)
  return true
}

/** An entry of a map as it stands in a query. */
export interface MapEntry {
  readonly key: string
  /** Where it is, in words of the contract. */
  readonly path: string
  /** What the values of the map are. */
  readonly kind: FieldKind
  readonly text: string
}

export function isObject(json: JsonValue | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

function targetOf(message: JsonObject, shapes: readonly FieldShape[]): JsonObject {
  let target = message
  for (let at = 0; at < shapes.length - 1; at += 1) target = child(target, shapes[at] as FieldShape)
  return target
}

function child(target: JsonObject, shape: FieldShape): JsonObject {
  const present = take(target, shape)
  const object = isObject(present) ? present : emptyObject()
  target[shape.jsonName] = object
  return object
}

/** Removes a field under the name that is not written. */
function take(target: JsonObject, { name, jsonName }: FieldShape): JsonValue | undefined {
  if (name === jsonName) return target[jsonName]
  const present = target[jsonName] ?? target[name]
  if (name in target) delete target[name]
  return present
}

const NUMBER = /^-?\d{1,10}$/

/** Text in ProtoJSON; numbers may be text there too. */
function jsonOf(text: string, kind: FieldKind, path: string): JsonValue {
  if (kind === 'enum') return NUMBER.test(text) ? Number(text) : text
  if (kind !== 'bool') return text
  if (text === 'true' || text === 'false') return text === 'true'
  throw badField(path, 'expected true or false')
}
