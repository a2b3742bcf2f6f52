import type { FieldShape, JsonValue } from '../../kernel.js'
import { isObject, type JsonObject, pathName } from './fill.js'

/** A field whose value text cannot be made of, or cannot be where the rule wants it. */
export class Unfit extends Error {
  /** Path of the field. */
  readonly field: string

  constructor(field: string, problem: string) {
    super(problem)
    this.field = field
  }
}

/** Takes the last field of a path out of a message in JSON; `undefined` if it is not there. Throws for a parent that is not. */
export function takeOut(message: JsonObject, shapes: readonly FieldShape[]): JsonValue | undefined {
  let target = message
  for (const [index, { jsonName, name }] of shapes.slice(0, -1).entries()) {
    const next = target[jsonName]
    if (!isObject(next)) throw new Unfit(pathName(shapes), `${name} is not set`)
    // What is taken out must not be missing in what the caller holds.
    target[jsonName] = { ...next }
    target = target[jsonName] as JsonObject
    if (index > MOST) throw new Unfit(name, 'it is nested too deeply')
  }
  const leaf = shapes.at(-1)?.jsonName ?? ''
  const value = target[leaf]
  delete target[leaf]
  return value
}

/** What a message may be nested, as JSON is read. */
const MOST = 100

/** A message in JSON as the parameters of a query. Throws an `Unfit` for what no query can say. */
export function parametersOf(message: JsonObject, fields: readonly FieldShape[] | undefined): [string, string][] {
  return Object.entries(message).flatMap(([jsonName, value]) => {
    const shape = fields?.find((field) => field.jsonName === jsonName)
    return fieldParameters({ name: jsonName, path: shape?.name ?? jsonName, value, shape, depth: 0 })
  })
}

interface Place {
  /** Name of the parameter, by JSON names. */
  readonly name: string
  /** The field, in words of the contract. */
  readonly path: string
  readonly value: JsonValue
  readonly shape: FieldShape | undefined
  readonly depth: number
}

function fieldParameters({ name, path, value, shape, depth }: Place): [string, string][] {
  if (value === null || depth > MOST) return []
  if (Array.isArray(value)) return value.map((element) => [name, textOf(element, path)])
  if (!isObject(value)) return [[name, textOf(value, path)]]
  if (shape?.kind === 'map') return Object.entries(value).map(([key, one]) => [`${name}[${key}]`, textOf(one, path)])
  if (shape && !shape.fields) throw new Unfit(path, 'its type cannot be in a query')
  return Object.entries(value).flatMap(([jsonName, one]) => {
    const inner = shape?.fields?.find((field) => field.jsonName === jsonName)
    return fieldParameters({
      name: `${name}.${jsonName}`,
      path: `${path}.${inner?.name ?? jsonName}`,
      value: one,
      shape: inner,
      depth: depth + 1,
    })
  })
}

function textOf(value: JsonValue, path: string): string {
  if (typeof value === 'object') throw new Unfit(path, 'messages in lists and maps cannot be in a query')
  return plainText(value)
}

/** A value that is no object as the text of a path or a query. */
export function plainText(value: string | number | boolean | null): string {
  return Object.is(value, -0) ? '-0' : String(value)
}
