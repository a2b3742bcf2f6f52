import { type FieldShape, type HttpRule, type JsonValue, jsonText, type Method } from '../../kernel.js'
import { RawPlace } from '../raw/raw-place.js'
import { isExpandable } from '../route/expand.js'
import { parseTemplate } from '../route/template.js'
import { JSON_TYPE } from '../wire/media-type.js'
import { RuleWriter, type RuleWriterOptions } from './rule-writer.js'
import type { WrittenRequest } from './written-request.js'

/** How calls are written. */
export interface CallFormOptions extends RuleWriterOptions {
  /** Whether methods are called by their HTTP rules. */
  readonly rules?: boolean | undefined
}

/** How calls of one method look as HTTP: posted to the method's own path, or by the method's first HTTP rule. */
export class CallForm {
  readonly method: Method
  /** Where requests have a `google.api.HttpBody` that is their body, if they have one. */
  readonly rawRequest: RawPlace | undefined
  /** The same of responses. */
  readonly rawResponse: RawPlace | undefined
  readonly #rule: HttpRule
  readonly #writer: RuleWriter | undefined
  readonly #field: FieldShape | undefined

  constructor(method: Method, options: CallFormOptions = {}) {
    const rule = options.rules ? method.http.find((one) => isCallable(one, method)) : undefined
    this.method = method
    this.#rule = rule ?? { method: 'POST', path: method.path, body: '*' }
    this.#writer = rule && new RuleWriter(method.request, rule, options)
    const { body, responseBody } = this.#rule
    this.#field = responseBody ? shapeOf(method, responseBody) : undefined
    this.rawRequest = body ? RawPlace.of(method.request, body) : undefined
    this.rawResponse = RawPlace.of(method.response, this.#field?.name ?? '*')
  }

  /** The HTTP method and path of calls whose requests are a stream. */
  get line(): Pick<WrittenRequest, 'method' | 'path'> {
    return { method: this.#rule.method, path: this.#rule.path }
  }

  /** Throws `INVALID_ARGUMENT` for a request that the rule cannot carry. */
  write(request: unknown): WrittenRequest {
    if (this.#writer) return this.#writer.write(request, this.rawRequest)
    const { path, request: codec } = this.method
    if (!this.rawRequest) return { method: 'POST', path, body: jsonText(codec, request), type: JSON_TYPE }
    const { type, bytes } = this.rawRequest.read(request)
    return { method: 'POST', path, body: bytes, type: type || 'application/octet-stream' }
  }

  /** The response message in JSON, of the JSON that is its body. */
  responseJson(body: JsonValue): JsonValue {
    return this.#field ? { [this.#field.jsonName]: body } : body
  }
}

/** A stream of requests has a body and nothing else; and a rule may have wildcards that nothing is known for. */
function isCallable(rule: HttpRule, { kind }: Method): boolean {
  if (kind === 'client_stream') return rule.method === 'POST' && rule.body === '*' && !rule.path.includes('{')
  return isExpandable(parseTemplate(rule.path))
}

function shapeOf({ response }: Method, name: string): FieldShape | undefined {
  return response.fields?.find((shape) => shape.name === name || shape.jsonName === name)
}
