import type { FieldSchema, HttpRule, JsonValue, MessageCodec, MessageSchema } from '../../kernel.js'
import { lengthDelimited } from '../raw/wire-fields.js'
import { fieldOf } from './field-facts.js'
import { isObject, type JsonObject } from './fill.js'

const MASK = 'update_mask'
const MASK_TYPE = 'google.protobuf.FieldMask'
const PATHS = 1
/** No message is nested deeper. */
const DEEPEST = 100

/**
 * The `update_mask` of a `PATCH` whose body is a field of the request: where the client names none, the fields that the body
 * has are those to be changed (AIP-134). A service could not tell otherwise what was left out from what is to be emptied.
 */
export class PatchMask {
  readonly #codec: MessageCodec
  readonly #mask: FieldSchema
  readonly #body: FieldSchema
  readonly #resource: MessageSchema

  /** `undefined` for a rule of another kind, and for a request without such a mask. */
  static of(codec: MessageCodec, { method, body = '' }: HttpRule): PatchMask | undefined {
    const schema = method === 'PATCH' ? codec.schema : undefined
    const mask = schema && fieldOf(schema, MASK)
    const resource = schema && fieldOf(schema, body)
    if (!mask || !resource || referTo(mask)?.fullName !== MASK_TYPE) return undefined
    const fields = nestedIn(resource)
    return fields && new PatchMask(codec, { mask, resource, fields })
  }

  private constructor(codec: MessageCodec, { mask, resource, fields }: Parts) {
    this.#codec = codec
    this.#mask = mask
    this.#body = resource
    this.#resource = fields
  }

  /** What the body has, in JSON into which neither path nor query were put yet: they say which resource, not what of it. */
  pathsIn(json: JsonObject): readonly string[] {
    const body = memberOf(json, this.#body)
    return isObject(body) ? pathsIn(body, this.#resource, []) : []
  }

  /** The request, which was made of this JSON, with a mask of the paths unless it has one. */
  fill(request: unknown, json: JsonObject, paths: readonly string[]): unknown {
    if (memberOf(json, this.#mask) || paths.length === 0) return request
    const mask = Buffer.concat(paths.map((path) => lengthDelimited(PATHS, Buffer.from(path))))
    return this.#codec.decode(Buffer.concat([this.#codec.encode(request), lengthDelimited(this.#mask.no, mask)]))
  }
}

interface Parts {
  readonly mask: FieldSchema
  readonly resource: FieldSchema
  readonly fields: MessageSchema
}

function memberOf(json: JsonObject, { jsonName, protoName }: FieldSchema): JsonValue | undefined {
  return json[jsonName] ?? json[protoName]
}

/** Paths of the fields that an object has, in the names of the contract; of a message in it those that that one has. */
function pathsIn(json: JsonObject, schema: MessageSchema, outer: readonly string[]): string[] {
  return Object.keys(json).flatMap((name) => {
    const field = fieldOf(schema, name)
    if (!field) return []
    const path = [...outer, field.protoName]
    const value = json[name]
    const nested = isObject(value) && path.length < DEEPEST ? nestedIn(field) : undefined
    const paths = nested ? pathsIn(value as JsonObject, nested, path) : []
    return paths.length > 0 ? paths : [path.join('.')]
  })
}

/** What is in a field that is a message of its own; `undefined` for lists, maps, and values like `Struct`. */
function nestedIn(field: FieldSchema): MessageSchema | undefined {
  const type = referTo(field)
  return type?.kind === 'message' && !type.fullName.startsWith('google.protobuf.') ? type.schema : undefined
}

function referTo({ shape, type }: FieldSchema): Exclude<FieldSchema['type'], string> | undefined {
  return shape === 'singular' && typeof type === 'object' ? type : undefined
}
