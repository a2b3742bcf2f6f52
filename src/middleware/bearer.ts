import type { Middleware } from '../endpoint/middleware.js'
import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'

/**
 * Sends a token with each call that a client makes, as `authorization: Bearer …`, unless the call brings an authorization
 * of its own. A function is asked at every call, and should keep its token until it nears its end; when it fails, the call
 * fails with `UNAVAILABLE` and was not sent. On a server it does nothing.
 */
export function bearer(token: string | (() => string | Promise<string>)): Middleware {
  const current = typeof token === 'string' ? () => token : token
  return (next) =>
    async function bearer(request, context) {
      if (context.side === 'client' && !context.metadata.has('authorization')) {
        context.metadata.set('authorization', `Bearer ${await obtain(current)}`)
      }
      return next(request, context)
    }
}

async function obtain(current: () => string | Promise<string>): Promise<string> {
  try {
    return await current()
  } catch (cause) {
    if (cause instanceof RpcError) throw cause
    throw new RpcError(Code.UNAVAILABLE, 'no token to call with', {
      reason: 'TOKEN_UNAVAILABLE',
      domain: 'tierkit',
      cause,
      neverSent: true,
    })
  }
}
