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
  return withParts((next) => {
    const endpoint = middleware.reduceRight((inner, outer) => outer(inner), next)
    if (endpoint !== next) composed.set(endpoint, { middleware, next })
    return endpoint
  }, middleware)
}

/** How an endpoint was made by `chain`. */
interface Composition {
  readonly middleware: readonly Middleware[]
  readonly next: Endpoint
}

const composed = new WeakMap<Endpoint, Composition>()
const parts = new WeakMap<Middleware, readonly Middleware[]>()

/** The same middleware, known to be made of others. */
export function withParts(middleware: Middleware, others: readonly Middleware[]): Middleware {
  parts.set(middleware, others)
  return middleware
}

/** What stands around an endpoint, outermost first, as far as `chain` put it there. */
export function middlewareAround(endpoint: Endpoint): readonly Middleware[] {
  // A set, for what middleware returns is its own business: the way inwards may lead back.
  const compositions = new Set<Composition>()
  for (let at = composed.get(endpoint); at && !compositions.has(at); at = composed.get(at.next)) compositions.add(at)
  return [...compositions].flatMap(({ middleware }) => middleware)
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

/** What a middleware does at one moment: its name, and facts that JSON can have. */
export interface MiddlewareSnapshot {
  /** The function that makes it: `circuitBreaker`. */
  readonly middleware: string
  readonly [fact: string]: unknown
}

const snapshots = new WeakMap<Middleware, () => MiddlewareSnapshot>()

/**
 * The same middleware, which can tell what it does: the admin port shows it under `/state`. `snapshot` is called when somebody
 * looks. What it returns should be small however many keys there are, and hold no secrets.
 *
 * ```ts
 * let running = 0
 * const counted = withSnapshot(
 *   (next) => async (request, context) => {
 *     running += 1
 *     try {
 *       return await next(request, context)
 *     } finally {
 *       running -= 1
 *     }
 *   },
 *   () => ({ middleware: 'counted', running }),
 * )
 * ```
 */
export function withSnapshot(middleware: Middleware, snapshot: () => MiddlewareSnapshot): Middleware {
  snapshots.set(middleware, snapshot)
  return middleware
}

/** The middleware of a list, and of what it is made of, that can tell what it does: each once, outermost first. */
export function withSnapshots(middleware: readonly Middleware[]): readonly Middleware[] {
  const all = middleware.flatMap((one) => [
    ...(snapshots.has(one) ? [one] : []),
    ...withSnapshots(parts.get(one) ?? []),
  ])
  return [...new Set(all)]
}

/** What a middleware does now. One that cannot tell is shown by that. */
export function snapshotOf(middleware: Middleware): MiddlewareSnapshot {
  const name = middleware.name || 'middleware'
  try {
    return snapshots.get(middleware)?.() ?? { middleware: name }
  } catch (thrown) {
    return { middleware: name, problem: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}
