import { RpcError } from '../error/rpc-error.js'
import { runInContext } from './ambient.js'
import type { Context } from './context.js'
import type { Endpoint } from './endpoint.js'
import type { Method } from './method.js'
import { streamsResponses } from './method.js'
import { ServedStream, type Settlement } from './stream/served-stream.js'

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
export function serveInto<Req, Res>(call: ServedCall<Req, Res>, settlement: Settlement<Res>): void {
  const { endpoint, request, context } = call
  const into = streamsResponses(context.method.kind) ? streamInto(context, settlement) : settlement
  runInContext(context, () => settle(context, () => endpoint(request, context), into))
}

function streamInto<Res>(context: Context, settlement: Settlement<Res>): Settlement<Res> {
  return {
    resolve: (stream) => settlement.resolve(new ServedStream(context, stream as AsyncIterable<unknown>) as Res),
    reject: (error) => settlement.reject(error),
  }
}

/**
 * Runs `run` and does not wait for it longer than the call lasts: the result rejects when the call is cancelled or its
 * deadline passes. Whatever is thrown comes out as an `RpcError`.
 */
export function untilCancelled<T>(context: Context, run: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => settle(context, run, { resolve, reject }))
}

function settle<T>(context: Context, run: () => Promise<T>, settlement: Settlement<T>): void {
  let over = false
  const stop = context.onCancel((reason) => {
    over = true
    settlement.reject(reason)
  })
  if (over) return
  const pass = (value: T): void => {
    if (over) return
    stop()
    settlement.resolve(value)
  }
  const fail = (thrown: unknown): void => {
    if (over) return
    stop()
    settlement.reject(context.cancelled ?? RpcError.from(thrown))
  }
  try {
    run().then(pass, fail)
  } catch (thrown) {
    fail(thrown)
  }
}
