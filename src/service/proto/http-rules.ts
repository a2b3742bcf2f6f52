import type { HttpRule } from '../../endpoint/method.js'

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const

/** A `google.api.http` option as the protobuf library parses it. */
type Rule = Readonly<Record<string, unknown>>

/**
 * The HTTP rules of a method's options: that of `google.api.http` first, then its additional bindings. Throws an
 * `Error` that says what is wrong with a rule.
 */
export function httpRules(options: readonly Rule[]): readonly HttpRule[] {
  const rules = options.flatMap((option) => option['(google.api.http)'] ?? option['(.google.api.http)'] ?? []) as Rule[]
  if (rules.length === 0) return []
  // Written part by part, `option (google.api.http).get = …`, a rule comes in several pieces.
  const rule: Rule = Object.assign({}, ...rules)
  return [rule, ...additionalBindings(rule)].map(httpRule)
}

function additionalBindings(rule: Rule): readonly Rule[] {
  const bindings = rule.additional_bindings ?? rule.additionalBindings ?? []
  return Array.isArray(bindings) ? bindings : [bindings as Rule]
}

function httpRule(rule: Rule): HttpRule {
  const patterns = METHODS.filter((method) => rule[method] !== undefined)
  const custom = rule.custom as Rule | undefined
  if (patterns.length + (custom ? 1 : 0) !== 1)
    throw new Error('a google.api.http rule needs one of get, put, post, delete, patch and custom')
  const [method] = patterns
  const path = method === undefined ? custom?.path : rule[method]
  if (typeof path !== 'string') throw new Error('a google.api.http rule needs a path')
  const body = optionalText(rule.body)
  const responseBody = optionalText(rule.response_body ?? rule.responseBody)
  return {
    method: (method ?? String(custom?.kind)).toUpperCase(),
    path,
    ...(body !== undefined && { body }),
    ...(responseBody !== undefined && { responseBody }),
  }
}

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
