import { RpcError } from '../error/rpc-error.js'
import { runInContext } from './ambient.js'
import type { Context } from './context.js'
import type { Endpoint } from './endpoint.js'
import type { Method } from './method.js'
import { streamsResponses } from './method.js'
import { tapStream } from './stream.js'

/** A method with the endpoint that serves it, middleware and all: what a transport is given to listen with. */
export interface Binding {
  readonly method: Method
  readonly endpoint: Endpoint
}

/**
 * Runs a server endpoint for one call; every transport serves through this.
 *
 * The context is current for everything that the endpoint does, its streams included. The result does not wait for a
 * handler that ignores cancellation: it rejects when the call is cancelled or its deadline passes. Whatever is thrown
 * comes out as an `RpcError`. The caller finishes the context.
 */
export async function serve<Req, Res>(endpoint: Endpoint<Req, Res>, request: Req, context: Context): Promise<Res> {
  const step = <R>(take: () => Promise<R>): Promise<R> => runInContext(context, () => untilCancelled(context, take))
  const response = await step(() => endpoint(request, context))
  if (!streamsResponses(context.method.kind)) return response
  return tapStream(response as AsyncIterable<unknown>, { step }) as Res
}

/**
 * Runs `run` and does not wait for it longer than the call lasts: the result rejects when the call is cancelled or its
 * deadline passes. Whatever is thrown comes out as an `RpcError`.
 */
export function untilCancelled<T>(context: Context, run: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = (thrown: unknown): void => reject(context.cancelled ?? RpcError.from(thrown))
    const stop = context.onCancel(reject)
    if (context.cancelled) return
    try {
      run().then(
        (value) => {
          stop()
          resolve(value)
        },
        (thrown: unknown) => {
          stop()
          fail(thrown)
        },
      )
    } catch (thrown) {
      stop()
      fail(thrown)
    }
  })
}
