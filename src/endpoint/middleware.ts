import type { Endpoint } from './endpoint.js'
import type { Method } from './method.js'

/**
 * A middleware is a function from endpoint to endpoint.
 *
 * It is called once for each method when a server starts or a client is created; what it returns is called once per call.
 *
 * ```ts
 * const timed: Middleware = (next) => async (request, context) => {
 *   const start = performance.now()
 *   try {
 *     return await next(request, context)
 *   } finally {
 *     console.log(context.method.path, performance.now() - start)
 *   }
 * }
 * ```
 */
export type Middleware = <Req, Res>(next: Endpoint<Req, Res>) => Endpoint<Req, Res>

/**
 * Makes one middleware of several. The first named is outermost, everywhere in tierkit:
 * `chain(a, b, c)(endpoint)` is `a(b(c(endpoint)))`, so a request meets `a` first and its response meets `a` last.
 */
export function chain(...middleware: readonly Middleware[]): Middleware {
  return (next) => middleware.reduceRight((inner, outer) => outer(inner), next)
}

/** Whether a middleware can do its work for a method: throws if not. */
type MethodCheck = (method: Method) => void

// Beside the functions, not on them: a middleware stays a function and nothing more.
const checks = new WeakMap<Middleware, MethodCheck>()

/** The same middleware, with a check of the methods that it is used on, which a server asks for before it starts. */
export function withMethodCheck(middleware: Middleware, check: MethodCheck): Middleware {
  checks.set(middleware, check)
  return middleware
}

/** Runs the checks that middleware has for a method. Throws what one of them throws. */
export function checkMethod(method: Method, middleware: readonly Middleware[]): void {
  for (const one of middleware) checks.get(one)?.(method)
}
