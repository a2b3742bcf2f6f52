import { type HttpRule, type MethodSchema, streamsRequests } from '../kernel.js'

/** Methods that OpenAPI has, in the order that its documents have them. */
export const HTTP_METHODS: readonly string[] = ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE']

/** A way to call a method. */
export interface Binding {
  readonly rule: HttpRule
  /** What sets its operation apart from the others of the method; empty for the first. */
  readonly suffix: string
}

/** Which bindings a method has in a document. */
export interface BindingOptions {
  /** Rules of a service config, which take the place of those in the contract. */
  readonly override: readonly HttpRule[] | undefined
  readonly methodPaths: 'without-rule' | 'all' | 'none'
  readonly onWarning: (text: string) => void
}

/** The ways to call a method of a service that OpenAPI can tell of: its rules, and its own path. */
export function bindingsOf(service: string, method: MethodSchema, options: BindingOptions): Binding[] {
  const { override, methodPaths, onWarning } = options
  const rules = override ?? method.http
  const path = `/${service}/${method.name}`
  const told = rules.filter((rule) => {
    const problem = untold(method, rule)
    if (problem) onWarning(`${service}.${method.name}: ${rule.method} ${rule.path} is left out: ${problem}`)
    return problem === undefined
  })
  const ruled = told.map((rule, index): Binding => ({ rule, suffix: index === 0 ? '' : `_${index + 1}` }))
  const replaced = rules.some((rule) => rule.method === 'POST' && rule.path === path)
  const wanted = methodPaths === 'all' || (methodPaths === 'without-rule' && rules.length === 0)
  if (!wanted || replaced) return ruled
  if (method.kind === 'bidi_stream') {
    onWarning(`${service}.${method.name} is left out: what streams both ways is no plain HTTP request`)
    return ruled
  }
  return [...ruled, { rule: { method: 'POST', path, body: '*' }, suffix: rules.length === 0 ? '' : '_Rpc' }]
}

function untold({ kind }: MethodSchema, { method, body, path }: HttpRule): string | undefined {
  if (!HTTP_METHODS.includes(method)) return `OpenAPI has no method ${method}`
  if (kind === 'bidi_stream') return 'what streams both ways is no plain HTTP request'
  if (streamsRequests(kind) && method === 'GET') return 'a stream of requests with GET is a WebSocket'
  if (body && ['GET', 'DELETE', 'HEAD'].includes(method)) return `a ${method} has no body`
  if (streamsRequests(kind) && (body !== '*' || path.includes('{')))
    return 'a stream of requests needs body: * and a path without variables'
  return undefined
}
