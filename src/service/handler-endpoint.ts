import type { Context } from '../endpoint/context.js'
import type { Endpoint } from '../endpoint/endpoint.js'
import { type Method, streamsResponses } from '../endpoint/method.js'
import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'

/** A handler of any kind, with its `this` bound. */
export type AnyHandler = (request: unknown, context: Context) => unknown

/** The endpoint that a handler is. What it returns is checked: a wrong thing is `INTERNAL`, naming the method. */
export function handlerEndpoint(method: Method, handler: AnyHandler): Endpoint {
  return streamsResponses(method.kind) ? streamEndpoint(method, handler) : messageEndpoint(method, handler)
}

function messageEndpoint(method: Method, handler: AnyHandler): Endpoint {
  const check = (response: unknown): unknown => {
    if (typeof response === 'object' && response !== null && !isAsyncIterable(response)) return response
    throw wrongReturn(method, response, 'a message')
  }
  // Not `async`, which would cost three promises where one does.
  return (request, context) => {
    try {
      const made = handler(request, context)
      return (made instanceof Promise ? made : Promise.resolve(made)).then(check)
    } catch (thrown) {
      return Promise.reject(thrown)
    }
  }
}

function streamEndpoint(method: Method, handler: AnyHandler): Endpoint {
  return async (request, context) => {
    // Awaited, so that an `async` function that returns a stream serves too, and one that fails is heard.
    const responses = await handler(request, context)
    if (!isAsyncIterable(responses))
      throw wrongReturn(method, responses, 'an AsyncIterable: make it an async generator')
    return responses
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof (value as Partial<AsyncIterable<unknown>> | null | undefined)?.[Symbol.asyncIterator] === 'function'
}

function wrongReturn(method: Method, value: unknown, wanted: string): RpcError {
  return new RpcError(Code.INTERNAL, `the handler of ${method.path} returned ${kindOf(value)}, not ${wanted}`)
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (isAsyncIterable(value)) return 'an AsyncIterable'
  return Array.isArray(value) ? 'an array' : `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`
}
