import type { Context } from '../endpoint/context.js'
import type { Endpoint } from '../endpoint/endpoint.js'
import { streamsResponses } from '../endpoint/method.js'
import type { Middleware } from '../endpoint/middleware.js'
import { tapStream } from '../endpoint/stream.js'
import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'

/** What happens to errors that nobody meant to throw. */
export interface RecoverOptions {
  /** Told of each such error, as it was thrown: for an error tracker. What it throws itself is dropped. */
  readonly onError?: ((thrown: unknown, context: Context) => void) | undefined
}

/**
 * Catches whatever a handler throws, at once or later, also within its streams. An `RpcError` is an answer and passes.
 * Anything else is a fault: the caller gets `INTERNAL` with a fixed text, and the original is kept as `cause` for logs.
 *
 * What a handler throws because its call was cancelled is no fault: it becomes the reason of the cancellation.
 */
export function recover({ onError }: RecoverOptions = {}): Middleware {
  return <Req, Res>(next: Endpoint<Req, Res>) =>
    function recover(request: Req, context: Context): Promise<Res> {
      const step = <T>(take: () => Promise<T>): Promise<T> => guarded(take, context, onError)
      const response = step(() => next(request, context))
      if (!streamsResponses(context.method.kind)) return response
      return response.then((stream) => tapStream(stream as AsyncIterable<unknown>, { step }) as Res)
    }
}

/** Without `async`, which would cost three promises where one does. */
function guarded<T>(take: () => Promise<T>, context: Context, onError: RecoverOptions['onError']): Promise<T> {
  const fail = (thrown: unknown): Promise<T> => Promise.reject(answer(thrown, context, onError))
  try {
    return take().then(undefined, fail)
  } catch (thrown) {
    return fail(thrown)
  }
}

/** What the caller gets to know of what was thrown. */
function answer(thrown: unknown, context: Context, onError: RecoverOptions['onError']): RpcError {
  if (thrown instanceof RpcError) return thrown
  if (context.cancelled && isAbort(thrown)) return context.cancelled
  try {
    onError?.(thrown, context)
  } catch {
    // The caller's answer does not depend on whether the report arrived.
  }
  return new RpcError(Code.INTERNAL, 'internal error', { cause: thrown })
}

/** True for what the functions of Node throw when their signal aborts. */
function isAbort(thrown: unknown): boolean {
  const name = typeof thrown === 'object' && thrown !== null && 'name' in thrown ? thrown.name : undefined
  return name === 'AbortError' || name === 'TimeoutError'
}
