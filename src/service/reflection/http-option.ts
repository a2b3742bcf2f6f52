import type { OptionValue } from '../../codec/schema/schema.js'
import type { HttpRule } from '../../endpoint/method.js'

const PATTERNS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH']

/** HTTP rules as the option `google.api.http`: the first with the others as its additional bindings. */
export function httpOption([first, ...more]: readonly HttpRule[]): OptionValue {
  if (!first) return {}
  return { ...ruleOf(first), ...(more.length > 0 && { additional_bindings: more.map(ruleOf) }) }
}

function ruleOf({ method, path, body, responseBody }: HttpRule): Readonly<Record<string, OptionValue>> {
  return {
    ...(PATTERNS.includes(method) ? { [method.toLowerCase()]: path } : { custom: { kind: method, path } }),
    ...(body !== undefined && { body }),
    ...(responseBody !== undefined && { response_body: responseBody }),
  }
}
