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

/** A call that is to be served. */
export interface ServedCall<Req = unknown, Res = unknown> {
  readonly endpoint: Endpoint<Req, Res>
  readonly request: Req
  readonly context: Context
}

/** Takes how something ends: one of them is called, once, and must not throw. */
export interface Settlement<T> {
  resolve(value: T): void
  reject(error: RpcError): void
}

/**
 * Runs a server endpoint for one call; every transport serves through this.
 *
 * The context is current for everything that the endpoint does, its streams included. The result does not wait for a
 * handler that ignores cancellation: it rejects when the call is cancelled or its deadline passes. Whatever is thrown
 * comes out as an `RpcError`. The caller finishes the context.
 */
export function serve<Req, Res>(endpoint: Endpoint<Req, Res>, request: Req, context: Context): Promise<Res> {
  return new Promise((resolve, reject) => serveInto({ endpoint, request, context }, { resolve, reject }))
}

/** Does what `serve` does for a transport that takes callbacks: a promise less is worth it where every call makes one. */
export function serveInto<Req, Res>(call: ServedCall<Req, Res>, { resolve, reject }: Settlement<Res>): void {
  const { endpoint, request, context } = call
  const streams = streamsResponses(context.method.kind)
  const stream = (response: Res): void => {
    const step = <R>(take: () => Promise<R>): Promise<R> => runInContext(context, () => untilCancelled(context, take))
    const close = <R>(leave: () => R): R => runInContext(context, leave)
    resolve(tapStream(response as AsyncIterable<unknown>, { step, close }) as Res)
  }
  const settlement = { resolve: streams ? stream : resolve, reject }
  runInContext(context, () => settle(context, () => endpoint(request, context), settlement))
}

/**
 * Runs `run` and does not wait for it longer than the call lasts: the result rejects when the call is cancelled or its
 * deadline passes. Whatever is thrown comes out as an `RpcError`.
 */
export function untilCancelled<T>(context: Context, run: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => settle(context, run, { resolve, reject }))
}

function settle<T>(context: Context, run: () => Promise<T>, { resolve, reject }: Settlement<T>): void {
  let over = false
  const stop = context.onCancel((reason) => {
    over = true
    reject(reason)
  })
  if (over) return
  const unlessOver = (end: () => void): void => {
    if (over) return
    stop()
    end()
  }
  const fail = (thrown: unknown): void => unlessOver(() => reject(context.cancelled ?? RpcError.from(thrown)))
  try {
    run().then((value) => unlessOver(() => resolve(value)), fail)
  } catch (thrown) {
    fail(thrown)
  }
}
