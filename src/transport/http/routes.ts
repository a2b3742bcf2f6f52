import type { FieldShape, JsonValue } from '../../codec/message-codec.js'
import type { Endpoint } from '../../endpoint/endpoint.js'
import type { HttpRule, Method } from '../../endpoint/method.js'
import type { Binding } from '../../endpoint/serve.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { RequestBinder, responsePart, responseText } from './bind.js'
import { RawPlace } from './raw/raw-place.js'
import { Router } from './route/router.js'
import type { RuleOptions } from './rule/rule-options.js'
import { checkRule, oddities, type RulesBySelector, readOverrides, rulesOf, selectorOf } from './rule/rules-of.js'

/** A way to call a method over HTTP. */
export interface Route {
  readonly method: Method
  readonly rule: HttpRule
  readonly endpoint: Endpoint
  readonly binder: RequestBinder
  /** Where the response has a `google.api.HttpBody` that is its body, if it has one. */
  readonly raw: RawPlace | undefined
  /** HTTP status of success. */
  readonly status: number
  /** The HTTP body of a response message, in protobuf; absent where the body is only a part of it. */
  readonly toProtobuf: ((message: unknown) => Uint8Array) | undefined
  /** The HTTP body of a response message, as JSON, and as its text. */
  toJson(message: unknown): JsonValue
  toText(message: unknown): string
}

/** How routes are made. */
export interface RouteOptions extends RuleOptions {
  readonly maxQueryParameters: number
}

/** The option of a method in its contract that names its HTTP status of success. */
const STATUS_OPTION = '(tierkit.http_status)'

/**
 * The routes of a server: `POST /service/Method` for every method, and those of its HTTP rules. Throws
 * `FAILED_PRECONDITION`, naming the method, for a rule that makes no sense, and naming both for two rules with one place.
 */
export function routesOf(bindings: readonly Binding[], options: RouteOptions): Router<Route> {
  const router = new Router<Route>(options)
  const overrides = overridesOf(bindings, options)
  for (const { method, endpoint } of bindings) {
    const rules = rulesOf(method, overrides)
    for (const oddity of oddities(method, rules)) options.onWarning?.(oddity)
    for (const rule of rules) {
      const other = inContext(method, rule, () =>
        router.add(rule.method, rule.path, routeOf({ method, endpoint }, rule, options)),
      )
      if (other) throw problem(method, rule, `${other.method.path} has the same route, ${textOf(other.rule)}`)
    }
  }
  return router
}

function routeOf({ method, endpoint }: Binding, rule: HttpRule, options: RouteOptions): Route {
  checkRule(rule, method)
  const { unknownParameters = 'reject' } = options
  const binder = new RequestBinder(method.request, rule, { ...options, unknownParameters })
  const { response } = method
  const field = responseField(method, rule.responseBody)
  const part = responsePart(response, field)
  return {
    method,
    rule,
    endpoint,
    binder,
    raw: RawPlace.of(response, field?.name ?? '*'),
    status: successStatus(method, options),
    toProtobuf: field ? undefined : (message) => response.encode(message),
    toJson: (message) => part(response.toJson(message)),
    toText: responseText(response, field),
  }
}

function overridesOf(bindings: readonly Binding[], { httpRules = [] }: RouteOptions): RulesBySelector {
  try {
    const methods = bindings.map(({ method }) => method)
    return readOverrides(httpRules, methods)
  } catch (thrown) {
    throw new RpcError(Code.FAILED_PRECONDITION, (thrown as Error).message)
  }
}

function successStatus(method: Method, { successStatus = {} }: RouteOptions): number {
  const selector = selectorOf(method)
  const named = Object.hasOwn(successStatus, selector) ? successStatus[selector] : method.options?.[STATUS_OPTION]
  const status = named ?? 200
  if (typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 299) return status
  throw new Error(`${JSON.stringify(status)} is not an HTTP status of success`)
}

function responseField(method: Method, name: string | undefined): FieldShape | undefined {
  if (!name) return undefined
  const field = method.response.fields?.find((shape) => shape.name === name || shape.jsonName === name)
  if (!field) throw new Error(`response_body ${name}: ${method.response.typeName} has no such field`)
  return field
}

function inContext<T>(method: Method, rule: HttpRule, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw problem(method, rule, (error as Error).message)
  }
}

function problem(method: Method, rule: HttpRule, what: string): RpcError {
  return new RpcError(Code.FAILED_PRECONDITION, `HTTP route ${textOf(rule)} of ${method.path}: ${what}`)
}

function textOf({ method, path }: HttpRule): string {
  return `${method} ${path}`
}
