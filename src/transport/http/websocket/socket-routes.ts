import { type Binding, type Endpoint, type HttpRule, type Method, streamsRequests } from '../../kernel.js'
import { type BindOptions, RequestBinder, responseText } from '../bind.js'
import { Router, type RouterOptions } from '../route/router.js'
import type { RuleOptions } from '../rule/rule-options.js'
import { ownRulesOf, readOverrides } from '../rule/rules-of.js'

/** A way to call a method over a WebSocket. */
export interface SocketRoute {
  readonly method: Method
  readonly endpoint: Endpoint
  /** Makes a request of the frame that it is in, and of the path. */
  readonly binder: RequestBinder
  /** Makes the only request of path and query; absent where requests are a stream. */
  readonly headBinder: RequestBinder | undefined
  /** What the rule says of a body goes for the frame of an only request. */
  readonly ruleHasBody: boolean
  toText(message: unknown): string
}

/** How paths and requests are read. */
export interface SocketRouteOptions extends BindOptions, RouterOptions, Pick<RuleOptions, 'httpRules'> {}

/**
 * The paths that WebSockets can be opened at: those of every method that streams, whatever HTTP method their rules name.
 * Paths of unary methods are there to be refused with a reason.
 */
export function socketRoutesOf(bindings: readonly Binding[], options: SocketRouteOptions): Router<SocketRoute> {
  const router = new Router<SocketRoute>(options)
  const overrides = readOverrides(
    options.httpRules ?? [],
    bindings.map(({ method }) => method),
  )
  const all = bindings.flatMap((binding) =>
    [...ownRulesOf(binding.method, overrides), plainRule(binding.method)].map((rule) => ({ binding, rule })),
  )
  // Where methods share a path, the first has it.
  const order = [...all].sort((one, other) => rank(one) - rank(other))
  for (const { binding, rule } of order) router.add('GET', rule.path, routeOf(binding, rule, options))
  return router
}

interface Place {
  readonly binding: Binding
  readonly rule: HttpRule
}

function rank({ binding, rule }: Place): number {
  if (binding.method.kind === 'unary') return 2
  return rule.method === 'GET' ? 0 : 1
}

function plainRule({ path }: Method): HttpRule {
  return { method: 'POST', path, body: '*' }
}

function routeOf({ method, endpoint }: Binding, rule: HttpRule, options: BindOptions): SocketRoute {
  const { response } = method
  const { path, responseBody } = rule
  const hasBody = rule.body !== undefined && rule.body !== ''
  const body = hasBody ? rule.body : '*'
  const field = response.fields?.find(({ name, jsonName }) => name === responseBody || jsonName === responseBody)
  return {
    method,
    endpoint,
    binder: new RequestBinder(method.request, { method: 'POST', path, body }, options),
    headBinder: streamsRequests(method.kind)
      ? undefined
      : new RequestBinder(method.request, { method: 'GET', path }, options),
    ruleHasBody: hasBody,
    toText: responseText(response, field),
  }
}
