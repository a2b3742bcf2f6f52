import { jsonText, textOfJson } from '../../codec/json-text.js'
import type { FieldShape, JsonValue, MessageCodec } from '../../codec/message-codec.js'
import type { HttpRule } from '../../endpoint/method.js'
import { unwritten } from './bind/field-facts.js'
import { FieldFinder } from './bind/field-finder.js'
import { emptyObject, type Fill, fillOf, isObject, type JsonObject, pathName, unfitness } from './bind/fill.js'
import { PatchMask } from './bind/patch-mask.js'
import { QueryBinder, type QueryOptions } from './bind/query-binder.js'
import { badField, badRequest, misfit } from './error.js'
import { RawPlace } from './raw/raw-place.js'
import type { PathValue } from './route/router.js'
import { parseTemplate } from './route/template.js'
import { parseRequest } from './wire/json.js'

/** How a body is written: `raw` is what a `google.api.HttpBody` has, `form` is in parts. */
export type BodyFormat = 'json' | 'protobuf' | 'raw' | 'form'

/** What a request message is made of. */
export interface RequestParts {
  readonly values: readonly PathValue[]
  /** What follows the question mark, not decoded. */
  readonly query: string
  /** Empty if there is none. */
  readonly body: Buffer
}

/** How strict a binding is. */
export interface BindOptions extends QueryOptions {
  /** Whether a `PATCH` names the fields that its body has in an `update_mask` that the client left out; it does by default. */
  readonly fillUpdateMask?: boolean | undefined
}

/**
 * Makes request messages, as JSON, of path, query and body, the way a `google.api.http` rule says: the path fills the
 * fields that the template names, the body the field that `body` names or, for `*`, all others; the query fills the rest.
 */
export class RequestBinder {
  /** Whether a body is part of the request. */
  readonly takesBody: boolean
  /** Whether the body is the whole message, which then may be in protobuf too. */
  readonly takesAll: boolean
  /** Where the body goes as it is, whatever it is: a `google.api.HttpBody`. */
  readonly raw: RawPlace | undefined
  readonly #codec: MessageCodec
  readonly #bodyField: FieldShape | undefined
  readonly #finder: FieldFinder
  readonly #query: QueryBinder
  readonly #mask: PatchMask | undefined
  /** What the values of a path fill, in their order. */
  readonly #fills: readonly Fill[]
  /** The fields that they fill, in words of the contract. */
  readonly #paths: readonly string[]

  /** Throws an `Error` if the rule names a field that the message does not have, or that cannot be filled so. */
  constructor(codec: MessageCodec, rule: HttpRule, options: BindOptions) {
    this.#codec = codec
    this.#finder = new FieldFinder(codec)
    this.takesBody = rule.body !== undefined && rule.body !== ''
    this.takesAll = rule.body === '*'
    this.#bodyField = this.takesBody && !this.takesAll ? this.#bodyFieldOf(rule.body ?? '') : undefined
    this.raw = this.takesBody ? RawPlace.of(codec, this.#bodyField?.name ?? '*') : undefined
    this.#mask = (options.fillUpdateMask ?? true) ? PatchMask.of(codec, rule) : undefined
    const variables = parseTemplate(rule.path).variables.map(({ fieldPath }) => this.#variable(fieldPath))
    this.#fills = variables.map(fillOf)
    const paths = variables.map(pathName)
    this.#paths = paths
    const taken = new Set(this.#bodyField ? [...paths, this.#bodyField.name] : paths)
    this.#query = new QueryBinder({ codec, finder: this.#finder, takesNone: this.takesAll, taken }, options)
  }

  /** The request message in ProtoJSON, of a body in JSON. Throws `INVALID_ARGUMENT`. */
  bind({ values, query, body }: RequestParts): JsonValue {
    if (this.takesAll && values.length === 0 && query === '') return parseRequest(body)
    return this.#overlay(this.#fromBody(body), values, query)
  }

  /** The request message, of a body in JSON. Throws `INVALID_ARGUMENT`. */
  bindJson(parts: RequestParts): unknown {
    if (!this.#mask) return requestOf(this.bind(parts), this.#codec)
    return this.#bindPatch(this.#fromBody(parts.body), parts, this.#mask)
  }

  /** The request message, of a body in protobuf. Throws `INVALID_ARGUMENT`. */
  bindProtobuf({ values, query, body }: RequestParts): unknown {
    const message = this.#decode(body)
    if (values.length === 0 && query === '') return message
    // The path wins over the body, with what is a default on the wire too: that is easiest to say in JSON.
    const json = this.#codec.toJson(message) as JsonObject
    return requestOf(this.#overlay(Object.assign(emptyObject(), json), values, query), this.#codec)
  }

  /** The request message, of a body that came as a form. Throws `INVALID_ARGUMENT`. */
  bindForm({ values, query }: Omit<RequestParts, 'body'>, form: JsonObject): unknown {
    return requestOf(this.#overlay(form, values, query), this.#codec)
  }

  /** The request message, of a body that is its `google.api.HttpBody`. Throws `INVALID_ARGUMENT`. */
  bindRaw({ values, query, body }: RequestParts, contentType = ''): unknown {
    const rest = requestOf(this.#overlay(emptyObject(), values, query), this.#codec)
    return this.raw ? this.raw.fill(rest, { type: contentType, bytes: body }) : rest
  }

  #bindPatch(json: JsonObject, { values, query }: RequestParts, mask: PatchMask): unknown {
    const paths = mask.pathsIn(json)
    return mask.fill(requestOf(this.#overlay(json, values, query), this.#codec), json, paths)
  }

  #overlay(message: JsonObject, values: readonly PathValue[], query: string): JsonObject {
    if (query !== '') this.#query.bind(message, query)
    for (let at = 0; at < values.length; at++) this.#put(message, values[at] as PathValue, at)
    return message
  }

  #decode(body: Buffer): unknown {
    try {
      return this.#codec.decode(body)
    } catch (thrown) {
      throw badRequest(`the request is not ${this.#codec.typeName} in protobuf: ${problemOf(thrown)}`)
    }
  }

  #fromBody(body: Buffer): JsonObject {
    const message = emptyObject()
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

  #put(message: JsonObject, { fieldPath, value }: PathValue, at: number): void {
    if (value === undefined) {
      const path = this.#paths[at] ?? fieldPath.join('.')
      throw badField(path, 'a malformed percent escape', `the path has a malformed percent escape in ${path}`)
    }
    this.#fills[at]?.(message, value)
  }

  #variable(fieldPath: readonly string[]): readonly FieldShape[] {
    const shapes = this.#finder.find(fieldPath)
    const unfit = shapes ? unfitness(shapes) : 'there is no such field'
    const repeated = shapes?.at(-1)?.repeated ? 'it is repeated' : undefined
    const problem = unfit ?? repeated
    if (problem) throw new Error(`{${fieldPath.join('.')}} of ${this.#codec.typeName}: ${problem}`)
    return shapes ?? []
  }

  #bodyFieldOf(name: string): FieldShape {
    if (name.includes('.')) throw new Error(`body ${name}: only a field of the request itself can be the body`)
    const shape = this.#finder.find([name])?.[0]
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

/** Picks the field of a response, in JSON, that is its HTTP body; the whole message without a field. */
export function responsePart(codec: MessageCodec, field: FieldShape | undefined): (json: JsonValue) => JsonValue {
  if (!field) return (json) => json
  const { jsonName } = field
  const rest = unwritten(codec, field)
  return (json) => (isObject(json) ? json[jsonName] : undefined) ?? rest
}

/** Writes responses as the text of their HTTP body. */
export function responseText(codec: MessageCodec, field: FieldShape | undefined): (message: unknown) => string {
  if (!field) return (message) => jsonText(codec, message)
  const part = responsePart(codec, field)
  return (message) => textOfJson(part(codec.toJson(message)))
}

function problemOf(thrown: unknown): string {
  const { cause } = thrown as Error
  return cause instanceof Error ? cause.message : 'it cannot be read'
}
