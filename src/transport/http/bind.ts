import type { FieldShape, JsonValue, MessageCodec } from '../../codec/message-codec.js'
import type { HttpRule } from '../../endpoint/method.js'
import { badField, misfit } from './error.js'
import { parseQuery } from './route/query.js'
import type { PathValue } from './route/router.js'
import { parseTemplate } from './route/template.js'
import { parseRequest } from './wire/json.js'

type JsonObject = { [key: string]: JsonValue }

/** What a request message is made of. */
export interface RequestParts {
  readonly values: readonly PathValue[]
  /** What follows the question mark, not decoded. */
  readonly query: string
  /** Empty if there is none. */
  readonly body: Buffer
}

/** How strict a binding is. */
export interface BindOptions {
  readonly maxQueryParameters: number
  readonly unknownParameters: 'reject' | 'ignore'
}

/**
 * Makes request messages, as JSON, of path, query and body, the way a `google.api.http` rule says: the path fills the
 * fields that the template names, the body the field that `body` names or, for `*`, all others; the query fills the rest.
 */
export class RequestBinder {
  /** Whether a body is part of the request. */
  readonly takesBody: boolean
  readonly #codec: MessageCodec
  readonly #options: BindOptions
  readonly #bodyField: FieldShape | undefined
  readonly #takesAll: boolean
  /** Fields that are filled already when the query is read, as dotted paths of contract names. */
  readonly #taken: ReadonlySet<string>
  readonly #indexes = new Map<readonly FieldShape[], ReadonlyMap<string, FieldShape>>()

  /** Throws an `Error` if the rule names a field that the message does not have, or that cannot be filled so. */
  constructor(codec: MessageCodec, rule: HttpRule, options: BindOptions) {
    this.#codec = codec
    this.#options = options
    this.takesBody = rule.body !== undefined && rule.body !== ''
    this.#takesAll = rule.body === '*'
    this.#bodyField = this.takesBody && !this.#takesAll ? this.#bodyFieldOf(rule.body ?? '') : undefined
    const paths = parseTemplate(rule.path).variables.map(({ fieldPath }) => this.#variable(fieldPath))
    this.#taken = new Set(this.#bodyField ? [...paths, this.#bodyField.name] : paths)
  }

  /** The request message in ProtoJSON. Throws `INVALID_ARGUMENT`. */
  bind({ values, query, body }: RequestParts): JsonValue {
    if (this.#takesAll && values.length === 0 && query === '') return parseRequest(body)
    const message = this.#fromBody(body)
    if (query !== '') this.#fillFromQuery(message, query)
    for (const { fieldPath, value } of values) {
      this.#put(message, fieldPath, value)
    }
    return message
  }

  #fromBody(body: Buffer): JsonObject {
    const message: JsonObject = Object.create(null)
    if (!this.takesBody) return message
    if (this.#bodyField) {
      if (body.length > 0) message[this.#bodyField.jsonName] = parseRequest(body)
      return message
    }
    const json = parseRequest<JsonValue>(body)
    if (!isObject(json))
      throw badField('', 'not a JSON object', `the request is not a JSON object, which ${this.#codec.typeName} is`)
    return Object.assign(message, json)
  }

  #fillFromQuery(message: JsonObject, query: string): void {
    const seen = new Set<string>()
    for (const [name, value] of parseQuery(query, this.#options.maxQueryParameters)) {
      const shapes = this.#resolve(name.split('.'))
      const problem = shapes ? this.#problem(shapes, seen) : `${this.#codec.typeName} has no such field`
      if (shapes && problem === undefined) put(message, shapes, value)
      else if (this.#options.unknownParameters === 'reject') {
        throw badField(name, `${problem}`, `query parameter ${name}: ${problem}`)
      }
    }
  }

  /** Why a query parameter cannot fill a field. */
  #problem(shapes: readonly FieldShape[], seen: Set<string>): string | undefined {
    if (this.#takesAll) return 'this route takes no query'
    const path = shapes.map(({ name }) => name).join('.')
    if (this.#taken.has(path) || this.#taken.has(shapes[0]?.name ?? '')) return 'the path or the body has it'
    const unfit = unfitness(shapes)
    if (unfit !== undefined) return unfit
    if (seen.has(path) && !shapes.at(-1)?.repeated) return 'it is there twice, but the field is not repeated'
    seen.add(path)
    return undefined
  }

  #put(message: JsonObject, fieldPath: readonly string[], value: string | undefined): void {
    if (value === undefined) {
      const path = fieldPath.join('.')
      throw badField(path, 'a malformed percent escape', `the path has a malformed percent escape in ${path}`)
    }
    const shapes = this.#resolve(fieldPath)
    if (shapes) put(message, shapes, value)
  }

  /** The fields along a path, by contract or JSON name; `undefined` if one is not there. */
  #resolve(path: readonly string[]): FieldShape[] | undefined {
    const shapes: FieldShape[] = []
    let fields = this.#codec.fields
    if (!fields) return path.map((name, index) => unknownField(name, index === path.length - 1))
    for (const name of path) {
      const shape: FieldShape | undefined = fields && this.#index(fields).get(name)
      if (!shape) return undefined
      shapes.push(shape)
      fields = shape.fields
    }
    return shapes
  }

  #index(fields: readonly FieldShape[]): ReadonlyMap<string, FieldShape> {
    let index = this.#indexes.get(fields)
    if (!index) {
      index = new Map(fields.flatMap((shape) => [[shape.jsonName, shape] as const, [shape.name, shape] as const]))
      this.#indexes.set(fields, index)
    }
    return index
  }

  #variable(fieldPath: readonly string[]): string {
    const shapes = this.#resolve(fieldPath)
    const unfit = shapes ? unfitness(shapes) : 'there is no such field'
    const repeated = shapes?.at(-1)?.repeated ? 'it is repeated' : undefined
    const problem = unfit ?? repeated
    if (problem) throw new Error(`{${fieldPath.join('.')}} of ${this.#codec.typeName}: ${problem}`)
    return shapes?.map(({ name }) => name).join('.') ?? ''
  }

  #bodyFieldOf(name: string): FieldShape {
    const shape = this.#resolve([name])?.[0]
    if (!shape) throw new Error(`body ${name}: ${this.#codec.typeName} has no such field`)
    return shape
  }
}

/** Makes a request message of its JSON. Throws `INVALID_ARGUMENT` that names the field. */
export function requestOf<T>(json: JsonValue, codec: MessageCodec<T>): T {
  try {
    return codec.fromJson(json)
  } catch (thrown) {
    throw misfit(thrown)
  }
}

/** Picks the field of a response that is its HTTP body; the whole message without a name. */
export function responseOf(json: JsonValue, field: FieldShape | undefined): JsonValue {
  if (!field) return json
  const value = isObject(json) ? json[field.jsonName] : undefined
  // What ProtoJSON leaves out is at its default.
  return value ?? (field.repeated ? [] : (DEFAULTS[field.kind] ?? null))
}

const DEFAULTS: Readonly<Partial<Record<FieldShape['kind'], JsonValue>>> = {
  string: '',
  bytes: '',
  number: 0,
  bool: false,
  map: {},
}

function unfitness(shapes: readonly FieldShape[]): string | undefined {
  const through = shapes.slice(0, -1).find((shape) => shape.repeated || shape.kind !== 'message')
  if (through) return `${through.name} is not a single message`
  const kind = shapes.at(-1)?.kind
  return kind === 'message' || kind === 'map' ? `it is a ${kind}, which text cannot fill` : undefined
}

function put(message: JsonObject, shapes: readonly FieldShape[], text: string): void {
  let target = message
  for (const shape of shapes.slice(0, -1)) target = child(target, shape)
  const leaf = shapes.at(-1)
  if (!leaf) return
  const value = jsonOf(shapes, text)
  const present = take(target, leaf)
  target[leaf.jsonName] = leaf.repeated ? [...(Array.isArray(present) ? present : []), value] : value
}

function child(target: JsonObject, shape: FieldShape): JsonObject {
  const present = take(target, shape)
  const object: JsonObject = isObject(present) ? present : Object.create(null)
  target[shape.jsonName] = object
  return object
}

/** Removes a field under either of its names. */
function take(target: JsonObject, { name, jsonName }: FieldShape): JsonValue | undefined {
  const present = target[jsonName] ?? target[name]
  if (name !== jsonName) delete target[name]
  return present
}

/** Text in ProtoJSON; numbers may be text there too. */
function jsonOf(shapes: readonly FieldShape[], text: string): JsonValue {
  const kind = shapes.at(-1)?.kind
  if (kind === 'enum' && /^-?\d{1,10}$/.test(text)) return Number(text)
  if (kind !== 'bool') return text
  if (text === 'true' || text === 'false') return text === 'true'
  throw badField(shapes.map(({ name }) => name).join('.'), 'expected true or false')
}

function unknownField(name: string, isLeaf: boolean): FieldShape {
  return { name, jsonName: name, kind: isLeaf ? 'string' : 'message', repeated: false }
}

function isObject(json: JsonValue | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
