import type { FieldShape, JsonValue } from '../../codec/message-codec.js'
import type { Endpoint } from '../../endpoint/endpoint.js'
import { type HttpRule, type Method, streamsRequests } from '../../endpoint/method.js'
import type { Binding } from '../../endpoint/serve.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { type BindOptions, RequestBinder, responseOf } from './bind.js'
import { Router } from './route/router.js'

/** A way to call a method over HTTP. */
export interface Route {
  readonly method: Method
  readonly endpoint: Endpoint
  readonly binder: RequestBinder
  /** The HTTP body of a response message, as JSON. */
  toJson(message: unknown): JsonValue
}

/**
 * The routes of a server: `POST /service/Method` for every method, and those of its HTTP rules. Throws
 * `FAILED_PRECONDITION`, naming the method, for a rule that makes no sense, and naming both for two rules with one place.
 */
export function routesOf(bindings: readonly Binding[], options: BindOptions): Router<Route> {
  const router = new Router<Route>()
  for (const { method, endpoint } of bindings) {
    for (const rule of rulesOf(method)) {
      const other = inContext(method, rule, () => router.add(rule.method, rule.path, route(method, endpoint, rule)))
      if (other) throw problem(method, rule, `${other.method.path} has the same route`)
    }
  }
  return router

  function route(method: Method, endpoint: Endpoint, rule: HttpRule): Route {
    const binder = new RequestBinder(method.request, rule, options)
    if (streamsRequests(method.kind) && (rule.body !== '*' || rule.path.includes('{'))) {
      throw new Error('a stream of requests needs body: * and a path without variables')
    }
    const field = responseField(method, rule.responseBody)
    const { response } = method
    return { method, endpoint, binder, toJson: (message) => responseOf(response.toJson(message), field) }
  }
}

function rulesOf(method: Method): readonly HttpRule[] {
  const plain: HttpRule = { method: 'POST', path: method.path, body: '*' }
  // A rule for the method's own path says how its author wants that one.
  const replaced = method.http.some((rule) => rule.method === plain.method && rule.path === plain.path)
  return replaced ? method.http : [plain, ...method.http]
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
  return new RpcError(Code.FAILED_PRECONDITION, `HTTP route ${rule.method} ${rule.path} of ${method.path}: ${what}`)
}
