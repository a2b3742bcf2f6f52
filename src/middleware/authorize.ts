import type { Context } from '../endpoint/context.js'
import type { Principal } from '../endpoint/context-value.js'
import type { Middleware } from '../endpoint/middleware.js'
import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'

/** Names of which one is enough, or all are needed. */
export type Needed = { readonly any: readonly string[] } | { readonly all: readonly string[] }

/** Who may call. Everything that is given must hold; nothing given means every caller that is known. */
export interface AuthorizeOptions {
  /** Roles of the caller; of a list one is enough. */
  readonly roles?: readonly string[] | Needed | undefined
  /** Scopes that the caller was granted; of a list all are needed. */
  readonly scopes?: readonly string[] | Needed | undefined
  /** Decides beyond roles and scopes. `request` is the message, or where requests stream, the stream: leave that unread. */
  readonly predicate?:
    | ((principal: Principal, context: Context, request: unknown) => boolean | Promise<boolean>)
    | undefined
}

/**
 * Lets only some callers through; belongs inside `authenticate`, for all methods or by `@use` for one. Who is not known
 * fails with `UNAUTHENTICATED`, who is known but may not with `PERMISSION_DENIED`, without a word on what is missing. On
 * a client it does nothing.
 *
 * ```ts
 * @rpc() @use(authorize({ roles: ['clerk', 'admin'], scopes: ['orders:write'] })) async cancelOrder(…) { … }
 * ```
 */
export function authorize({ roles, scopes, predicate }: AuthorizeOptions = {}): Middleware {
  const hasRoles = roles && matcher(isList(roles) ? { any: roles } : roles)
  const hasScopes = scopes && matcher(isList(scopes) ? { all: scopes } : scopes)
  return (next) =>
    async function authorize(request, context) {
      if (context.side === 'client') return next(request, context)
      const { principal } = context
      if (!principal) {
        throw new RpcError(Code.UNAUTHENTICATED, 'not authenticated', {
          reason: 'CREDENTIALS_MISSING',
          domain: 'tierkit',
        })
      }
      if (hasRoles && !hasRoles(principal.roles)) throw denied()
      if (hasScopes && !hasScopes(principal.scopes)) throw denied()
      if (predicate && (await predicate(principal, context, request)) !== true) throw denied()
      return next(request, context)
    }
}

function matcher(needed: Needed): (granted: readonly string[]) => boolean {
  if ('any' in needed) return (granted) => needed.any.some((name) => granted.includes(name))
  return (granted) => needed.all.every((name) => granted.includes(name))
}

function isList(needed: readonly string[] | Needed): needed is readonly string[] {
  return Array.isArray(needed)
}

function denied(): RpcError {
  return new RpcError(Code.PERMISSION_DENIED, 'permission denied', { reason: 'PERMISSION_DENIED', domain: 'tierkit' })
}
