import { type FieldShape, type HttpRule, type JsonValue, type MessageCodec, textOfJson } from '../../kernel.js'
import { hasPresence } from '../bind/field-facts.js'
import { FieldFinder } from '../bind/field-finder.js'
import { isObject, type JsonObject, pathName } from '../bind/fill.js'
import { parametersOf, plainText, takeOut, Unfit } from '../bind/unfill.js'
import { badField } from '../error.js'
import type { RawPlace } from '../raw/raw-place.js'
import { type ExpandOptions, expand } from '../route/expand.js'
import { type PathTemplate, parseTemplate } from '../route/template.js'
import { JSON_TYPE } from '../wire/media-type.js'
import type { WrittenRequest } from './written-request.js'

/** How rules are written. */
export type RuleWriterOptions = ExpandOptions

/** Writes requests by a `google.api.http` rule: what `RequestBinder` reads. */
export class RuleWriter {
  readonly #codec: MessageCodec
  readonly #rule: HttpRule
  readonly #template: PathTemplate
  readonly #options: RuleWriterOptions
  readonly #finder: FieldFinder
  readonly #bodyName: string | undefined

  constructor(codec: MessageCodec, rule: HttpRule, options: RuleWriterOptions) {
    this.#codec = codec
    this.#rule = rule
    this.#template = parseTemplate(rule.path)
    this.#options = options
    this.#finder = new FieldFinder(codec)
    const { body } = rule
    this.#bodyName = body && body !== '*' ? (this.#finder.find([body])?.[0]?.jsonName ?? body) : undefined
  }

  /** Throws `INVALID_ARGUMENT` that names the field for a request that the rule cannot carry. */
  write(request: unknown, raw: RawPlace | undefined): WrittenRequest {
    try {
      return this.#write(request, raw)
    } catch (thrown) {
      if (!(thrown instanceof Unfit)) throw thrown
      const { method, path } = this.#rule
      throw badField(thrown.field, thrown.message, `${method} ${path} cannot carry ${thrown.field}: ${thrown.message}`)
    }
  }

  #write(request: unknown, raw: RawPlace | undefined): WrittenRequest {
    const json = this.#codec.toJson(request)
    const rest: JsonObject = isObject(json) ? Object.assign(Object.create(null), json) : Object.create(null)
    const path = this.#path(rest)
    const { method } = this.#rule
    const content = raw?.read(request)
    const body = content ? this.#takeRaw(rest, content.bytes) : this.#takeBody(rest, json)
    const type = content?.type || (content ? 'application/octet-stream' : JSON_TYPE)
    const query = this.#rule.body === '*' ? '' : this.#query(rest)
    const any = body === undefined ? 'GET' : 'POST'
    return { method: method === '*' ? any : method, path: path + query, body, type }
  }

  #path(rest: JsonObject): string {
    const path = expand(this.#template, (fieldPath) => this.#value(rest, fieldPath), this.#options)
    if (typeof path === 'string') return path
    throw new Unfit(path.fieldPath.join('.'), path.problem)
  }

  #value(rest: JsonObject, fieldPath: readonly string[]): string {
    const shapes = this.#finder.find(fieldPath) ?? []
    const value = takeOut(rest, shapes)
    if (value !== undefined && typeof value !== 'object') return plainText(value)
    if (value !== undefined || hasPresence(this.#codec, shapes)) throw new Unfit(pathName(shapes), 'it is not set')
    return DEFAULTS[shapes.at(-1)?.kind ?? 'string'] ?? ''
  }

  #takeRaw(rest: JsonObject, bytes: Uint8Array): Uint8Array {
    if (this.#bodyName !== undefined) delete rest[this.#bodyName]
    return bytes
  }

  #takeBody(rest: JsonObject, json: JsonValue): string | undefined {
    if (this.#rule.body === '*') return textOfJson(isObject(json) ? rest : json)
    const value = this.#bodyName === undefined ? undefined : rest[this.#bodyName]
    if (value === undefined || this.#bodyName === undefined) return undefined
    delete rest[this.#bodyName]
    return textOfJson(value)
  }

  #query(rest: JsonObject): string {
    const parameters = parametersOf(rest, this.#codec.fields)
    if (parameters.length === 0) return ''
    return `?${parameters.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')}`
  }
}

/** What a field is that is not in the JSON. */
const DEFAULTS: Readonly<Partial<Record<FieldShape['kind'], string>>> = { number: '0', enum: '0', bool: 'false' }
