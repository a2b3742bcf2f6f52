import type { Context } from '../endpoint/context.js'
import { type ContextKey, contextKey, type Principal } from '../endpoint/context-value.js'
import { chain, type Middleware } from '../endpoint/middleware.js'
import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import { type MethodMatch, when } from './when.js'

/**
 * Finds out who makes a call, from its metadata or its peer's certificate. `undefined` means that the call says nothing of
 * it; throwing means that what it says is not true. An `RpcError` goes to the caller as it is: for outages, say.
 */
export type Authenticator = (context: Context) => Promise<Principal | undefined> | Principal | undefined

/** Who may call without credentials. */
export interface AuthenticateOptions {
  /**
   * Methods that may be called without credentials, beside health checks, which always may. Wrong credentials are refused
   * there too.
   */
  readonly allowAnonymous?: MethodMatch | undefined
}

const HEALTH = 'grpc.health.v1.Health/*'

const anonymousKey: ContextKey<boolean> = contextKey('may be anonymous')

/**
 * Admits only calls of known callers, and sets `context.principal` for what comes after. Missing and wrong credentials
 * fail with `UNAUTHENTICATED` and the same text; why is in `cause`, which stays on this side. Of several authenticators
 * the first that knows the caller decides. On a client it does nothing.
 *
 * ```ts
 * authenticate(jwt({ jwksUrl: 'https://login.example.com/jwks.json', issuer: 'https://login.example.com', audience: 'shop' }))
 * ```
 */
export function authenticate(
  authenticator: Authenticator | readonly Authenticator[],
  { allowAnonymous = [] }: AuthenticateOptions = {},
): Middleware {
  const authenticators = typeof authenticator === 'function' ? [authenticator] : authenticator
  const check: Middleware = (next) =>
    async function authenticate(request, context) {
      if (context.side === 'server') context.principal = await identify(authenticators, context)
      return next(request, context)
    }
  return chain(when([HEALTH, allowAnonymous], admitAnyone), check)
}

const admitAnyone: Middleware = (next) => (request, context) => next(request, context.set(anonymousKey, true))

async function identify(authenticators: readonly Authenticator[], context: Context): Promise<Principal | undefined> {
  try {
    for (const authenticator of authenticators) {
      const principal = await authenticator(context)
      if (principal) return principal
    }
  } catch (cause) {
    throw cause instanceof RpcError ? cause : unauthenticated('CREDENTIALS_INVALID', cause)
  }
  if (context.get(anonymousKey)) return undefined
  throw unauthenticated('CREDENTIALS_MISSING')
}

function unauthenticated(reason: string, cause?: unknown): RpcError {
  return new RpcError(Code.UNAUTHENTICATED, 'not authenticated', { reason, domain: 'tierkit', cause })
}
