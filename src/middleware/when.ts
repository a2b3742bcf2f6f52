import type { Endpoint } from '../endpoint/endpoint.js'
import type { Method } from '../endpoint/method.js'
import { chain, type Middleware, withParts } from '../endpoint/middleware.js'

/**
 * Which methods are meant: a path (`/shop.v1.Orders/PlaceOrder`), all methods of a service (`/shop.v1.Orders/*`), both with
 * or without the first slash, an expression for the path, a function, or a list of these of which one must fit.
 */
export type MethodMatch = string | RegExp | ((method: Method) => boolean) | readonly MethodMatch[]

/**
 * Applies middleware to some methods only; the first named is outermost. Which methods is decided at the first call of
 * each, not at every call. Matches of several `when` add up: every one that fits applies, in the order of the chain.
 *
 * Throws `TypeError` for a text that can be no method's path.
 */
export function when(match: MethodMatch, ...middleware: readonly Middleware[]): Middleware {
  const fits = predicate(match)
  const guard = chain(...middleware)
  const selective: Middleware = <Req, Res>(next: Endpoint<Req, Res>) => {
    const guarded = guard(next)
    let known: Method | undefined
    let chosen = next
    return function when(request: Req, context): Promise<Res> {
      if (context.method !== known) {
        known = context.method
        chosen = fits(known) ? guarded : next
      }
      return chosen(request, context)
    }
  }
  return withParts(selective, middleware)
}

function predicate(match: MethodMatch): (method: Method) => boolean {
  if (typeof match === 'function') return match
  // `search` has no memory of the last match, even if the expression is global or sticky.
  if (match instanceof RegExp) return ({ path }) => path.search(match) >= 0
  if (typeof match !== 'string') {
    const any = match.map(predicate)
    return (method) => any.some((fits) => fits(method))
  }
  if (!/^\/?[^/*\s]+\/(\*|[^/*\s]+)$/.test(match)) {
    throw new TypeError(`when: ${JSON.stringify(match)} is no method: write 'pkg.Service/Method' or 'pkg.Service/*'`)
  }
  const path = match.startsWith('/') ? match : `/${match}`
  return path.endsWith('/*') ? (method) => method.path.startsWith(path.slice(0, -1)) : (method) => method.path === path
}
