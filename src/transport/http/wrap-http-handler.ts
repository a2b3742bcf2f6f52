import type { ServerResponse } from 'node:http'
import type { MessageCodec } from '../../codec/message-codec.js'
import { Context } from '../../endpoint/context.js'
import type { Method } from '../../endpoint/method.js'
import { chain, type Middleware } from '../../endpoint/middleware.js'
import { serve } from '../../endpoint/serve.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { codeOfServerStatus, errorReply } from './error.js'
import { type HandlerCall, handlerCall } from './handler/http-handler.js'
import { readMetadata } from './metadata.js'

/**
 * Puts middleware around a handler of node:http, Express or Fastify; the result is called as the handler was.
 *
 * `context.method.path` is `GET /orders/:id`, HTTP method and route (`*` where nothing routes), the request headers are
 * its metadata, and it is cancelled when the client goes away. For the middleware the call ends with the response, and a
 * status of 500 and above is an error. An `RpcError` that comes out of the middleware is answered as `google.rpc.Status`
 * with the HTTP status of its code; an error of the handler itself goes to the framework as before.
 *
 * @typeParam H - The handler's own type, which stays.
 *
 * ```ts
 * import express from 'express'
 * import { rateLimit } from 'tierkit/middleware'
 * import { wrapHttpHandler } from 'tierkit/transport/http'
 *
 * const app = express()
 * app.get('/orders', wrapHttpHandler((_request: express.Request, response: express.Response) => {
 *   response.json([])
 * }, rateLimit({ perSecond: 100 })))
 * ```
 */
export function wrapHttpHandler<H extends (...args: never[]) => unknown>(handler: H, ...middleware: Middleware[]): H {
  const methods = new Map<string, Method>()
  const endpoint = chain(...middleware)((run: () => Promise<void>) => run())
  // The parameters are spelt out because Express looks at how many there are.
  function guarded(this: unknown, request: unknown, response: unknown, next?: unknown): void {
    const call = handlerCall([request, response, next])
    const wrapped = new WrappedCall(call, methodOf(call, methods))
    const run = (): unknown => Reflect.apply(handler, this, [request, response, next])
    wrapped.serve((context) => serve(endpoint, () => wrapped.run(run), context)).catch(() => call.response.destroy())
  }
  return guarded as unknown as H
}

class WrappedCall {
  readonly #call: HandlerCall
  readonly #context: Context
  /** What the handler itself threw, if it did. */
  #thrown: { readonly error: unknown } | undefined

  constructor(call: HandlerCall, method: Method) {
    const { request, response } = call
    this.#call = call
    this.#context = new Context({
      method,
      side: 'server',
      metadata: () => readMetadata(request.rawHeaders, (header) => header),
      peer: () => ({ address: `${request.socket.remoteAddress}:${request.socket.remotePort}` }),
    })
    response.once('close', () => {
      if (!response.writableFinished) this.#context.cancel(new RpcError(Code.CANCELLED, 'the client went away'))
    })
  }

  async serve(run: (context: Context) => Promise<void>): Promise<void> {
    try {
      await run(this.#context)
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#context.finish()
    }
  }

  /** Runs the handler; resolves when the response is complete, whatever the handler still does then. */
  async run(handler: () => unknown): Promise<void> {
    const ended = responseEnd(this.#call.response)
    await Promise.race([ended, this.#answer(handler).then(() => ended)])
  }

  async #answer(handler: () => unknown): Promise<void> {
    try {
      this.#call.returned(await handler())
    } catch (error) {
      this.#thrown = { error }
      throw error
    }
  }

  #fail(error: unknown): void {
    const { response } = this.#call
    if (response.headersSent || response.destroyed) return
    const own = this.#thrown?.error
    const foreign = own !== undefined && !(own instanceof RpcError)
    if (foreign && (error === own || (error as RpcError).cause === own) && this.#call.handOver(own)) return
    this.#call.answer(errorReply(error))
  }
}

function responseEnd(response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    response.once('close', () => {
      const { statusCode, writableFinished } = response
      if (!writableFinished) reject(new RpcError(Code.CANCELLED, 'the client went away'))
      else if (statusCode < 500) resolve()
      else reject(new RpcError(codeOfServerStatus(statusCode), `HTTP ${statusCode}`))
    })
  })
}

function methodOf({ request, route }: HandlerCall, methods: Map<string, Method>): Method {
  const path = `${request.method} ${route}`
  let method = methods.get(path)
  if (!method) {
    method = {
      service: 'http',
      name: path,
      path,
      kind: 'unary',
      idempotency: 'unknown',
      request: noMessage,
      response: noMessage,
      http: [],
    }
    methods.set(path, method)
  }
  return method
}

function none(): never {
  throw new RpcError(Code.INTERNAL, 'a wrapped HTTP handler has no messages')
}

const noMessage: MessageCodec = { typeName: 'http', encode: none, decode: none, toJson: none, fromJson: none }
