import type { FieldShape, JsonValue } from '../../kernel.js'
import { isObject, type JsonObject } from './fill.js'

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
    if (!isObject(next)) throw new Unfit(shapes.map((shape) => shape.name).join('.'), `${name} is not set`)
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
    return fieldParameters({ name: jsonName, value, shape, depth: 0 })
  })
}

interface Place {
  /** Name of the parameter, by JSON names. */
  readonly name: string
  readonly value: JsonValue
  readonly shape: FieldShape | undefined
  readonly depth: number
}

function fieldParameters({ name, value, shape, depth }: Place): [string, string][] {
  if (value === null || depth > MOST) return []
  if (Array.isArray(value)) return value.map((element) => [name, textOf(element, name)])
  if (!isObject(value)) return [[name, textOf(value, name)]]
  if (shape?.kind === 'map') return Object.entries(value).map(([key, one]) => [`${name}[${key}]`, textOf(one, name)])
  if (shape && !shape.fields) throw new Unfit(name, 'its type cannot be in a query')
  return Object.entries(value).flatMap(([jsonName, one]) =>
    fieldParameters({
      name: `${name}.${jsonName}`,
      value: one,
      shape: shape?.fields?.find((field) => field.jsonName === jsonName),
      depth: depth + 1,
    }),
  )
}

function textOf(value: JsonValue, name: string): string {
  if (typeof value === 'object') throw new Unfit(name, 'messages in lists and maps cannot be in a query')
  return String(value)
}
