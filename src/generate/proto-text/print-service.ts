import type { Options, OptionValue } from '../../codec/schema/schema.js'
import { type HttpRule, streamsRequests, streamsResponses } from '../../endpoint/method.js'
import type { MethodSchema, ServiceSchema } from '../../service/proto-schema/proto-schema.js'
import { block, commentLines, spaced } from './block.js'
import { type FileView, optionLines, typeName } from './file-view.js'

const LEVELS = { no_side_effects: 'NO_SIDE_EFFECTS', idempotent: 'IDEMPOTENT', unknown: undefined }

/** A service. */
export function printService(view: FileView, service: ServiceSchema): string[] {
  const { comment, name, deprecated, options, methods } = service
  const said = optionLines(view, { ...(deprecated && { deprecated }), ...options })
  const printed = methods.map((method) => printMethod(view, method, service.fullName))
  // What takes several lines stands apart.
  const apart = printed.some((lines) => lines.length > 1)
  const body = apart ? spaced([said, ...printed]) : spaced([said, printed.flat()])
  return [...commentLines(comment), ...block(`service ${name}`, body)]
}

function printMethod(view: FileView, method: MethodSchema, scope: string): string[] {
  const { comment, name, kind, request, response } = method
  const takes = `${streamsRequests(kind) ? 'stream ' : ''}${typeName(view, request, scope)}`
  const gives = `${streamsResponses(kind) ? 'stream ' : ''}${typeName(view, response, scope)}`
  const head = `rpc ${name}(${takes}) returns (${gives})`
  const options = optionLines(view, methodOptions(method))
  return [...commentLines(comment), ...(options.length === 0 ? [`${head};`] : block(head, options))]
}

function methodOptions({ deprecated, idempotency, http, options }: MethodSchema): Options {
  const { deprecated: _, idempotency_level: __, '(google.api.http)': ___, ...others } = options
  const level = LEVELS[idempotency]
  const [rule, ...more] = http.map(httpRule)
  return {
    ...(deprecated && { deprecated }),
    ...(level !== undefined && { idempotency_level: level }),
    ...(rule && { '(google.api.http)': more.length === 0 ? rule : { ...rule, additional_bindings: more } }),
    ...others,
  }
}

const PATTERNS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH']

function httpRule({ method, path, body, responseBody }: HttpRule): Readonly<Record<string, OptionValue>> {
  return {
    ...(PATTERNS.includes(method) ? { [method.toLowerCase()]: path } : { custom: { kind: method, path } }),
    ...(body !== undefined && { body }),
    ...(responseBody !== undefined && { response_body: responseBody }),
  }
}
