import type { HttpRule } from '../method.js'

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const
const KIND = /^(\*|[A-Za-z][A-Za-z-]*)$/
const KNOWN: ReadonlySet<string> = new Set([
  ...METHODS,
  'selector',
  'custom',
  'body',
  'response_body',
  'responseBody',
  'additional_bindings',
  'additionalBindings',
])

/** A `google.api.HttpRule` as an object, with the field names of the file or those of its JSON. */
export interface HttpRuleMessage {
  readonly get?: string | undefined
  readonly put?: string | undefined
  readonly post?: string | undefined
  readonly delete?: string | undefined
  readonly patch?: string | undefined
  /** Another HTTP method; the kind `*` is any. */
  readonly custom?: { readonly kind?: string | undefined; readonly path?: string | undefined } | undefined
  readonly body?: string | undefined
  readonly response_body?: string | undefined
  readonly responseBody?: string | undefined
  readonly additional_bindings?: HttpRuleMessage | readonly HttpRuleMessage[] | undefined
  readonly additionalBindings?: HttpRuleMessage | readonly HttpRuleMessage[] | undefined
}

/**
 * The rules that a `google.api.HttpRule` stands for: itself, then its additional bindings. Throws an `Error` that says
 * what is wrong with it: no pattern or several, no path, a field that rules do not have, bindings inside of bindings.
 */
export function readHttpRules(message: HttpRuleMessage): readonly HttpRule[] {
  return [readRule(message), ...bindingsOf(message).map(readBinding)]
}

function readBinding(message: HttpRuleMessage): HttpRule {
  if (bindingsOf(message).length > 0) {
    throw new Error('an additional binding of a google.api.http rule has bindings of its own, which must not be')
  }
  return readRule(message)
}

function bindingsOf(message: HttpRuleMessage): readonly HttpRuleMessage[] {
  return [message.additional_bindings ?? message.additionalBindings ?? []].flat()
}

function readRule(message: HttpRuleMessage): HttpRule {
  const unknown = Object.keys(message).find((name) => !KNOWN.has(name))
  if (unknown !== undefined) throw new Error(`a google.api.http rule has no field ${JSON.stringify(unknown)}`)
  const { method, path } = patternOf(message)
  if (typeof path !== 'string' || path === '') throw new Error('a google.api.http rule needs a path')
  const body = text(message.body)
  const responseBody = text(message.response_body) ?? text(message.responseBody)
  return {
    method: method.toUpperCase(),
    path,
    ...(body !== undefined && { body }),
    ...(responseBody !== undefined && { responseBody }),
  }
}

function patternOf(message: HttpRuleMessage): { readonly method: string; readonly path: unknown } {
  const { custom } = message
  const named = METHODS.filter((method) => message[method] !== undefined)
  if (named.length + (custom ? 1 : 0) !== 1)
    throw new Error('a google.api.http rule needs one of get, put, post, delete, patch and custom')
  const [method] = named
  if (method !== undefined) return { method, path: message[method] }
  const kind = String(custom?.kind ?? '')
  if (!KIND.test(kind))
    throw new Error('a custom pattern of a google.api.http rule needs an HTTP method, or *, as its kind')
  return { method: kind, path: custom?.path }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
