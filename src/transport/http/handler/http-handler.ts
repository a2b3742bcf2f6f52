import type { IncomingMessage, ServerResponse } from 'node:http'
import { silence } from './late-response.js'

/** A request of Fastify, as far as it matters here. */
interface FastifyRequest {
  readonly raw: IncomingMessage
  readonly routeOptions?: { readonly url?: string }
}

/** A reply of Fastify, as far as it matters here. */
interface FastifyReply {
  readonly raw: ServerResponse
  readonly sent: boolean
  code(status: number): FastifyReply
  headers(values: Readonly<Record<string, string>>): FastifyReply
  send(payload: unknown): FastifyReply
}

/** A request of Express, as far as it matters here. */
interface ExpressRequest extends IncomingMessage {
  readonly baseUrl?: string
  readonly route?: { readonly path?: unknown }
}

/** A complete answer. */
export interface Answer {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/** What a handler was called with, whichever framework did. */
export interface HandlerCall {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The pattern of the route, or `*` where there is none. */
  readonly route: string
  /** Takes what the handler returned. */
  returned(value: unknown): void
  /** Hands an error of the handler to whoever would have had it; false if there is nobody. */
  handOver(error: unknown): boolean
  /** Answers in the handler's place. */
  answer(answer: Answer): void
}

/** Finds out what called a handler: Fastify, Express, or node:http itself. */
export function handlerCall([request, response, next]: readonly unknown[]): HandlerCall {
  const { raw } = request as Partial<FastifyRequest>
  if (raw !== undefined) return fastifyCall(request as FastifyRequest, response as FastifyReply)
  return nodeCall(request as ExpressRequest, response as ServerResponse, next)
}

function fastifyCall(request: FastifyRequest, reply: FastifyReply): HandlerCall {
  return {
    request: request.raw,
    response: reply.raw,
    route: request.routeOptions?.url ?? '*',
    returned(value) {
      // A handler of Fastify may return its payload, or the reply itself.
      if (value !== undefined && value !== reply && !reply.sent) reply.send(value)
    },
    handOver(error) {
      reply.send(error)
      return true
    },
    answer({ status, headers, body }) {
      reply
        .code(status)
        .headers(Object.fromEntries([...headers, ['Content-Type', 'application/json']]))
        .send(body)
    },
  }
}

function nodeCall(request: ExpressRequest, response: ServerResponse, next: unknown): HandlerCall {
  const { baseUrl = '', route } = request
  return {
    request,
    response,
    route: route?.path === undefined ? '*' : baseUrl + String(route.path),
    returned() {},
    handOver(error) {
      if (typeof next !== 'function') return false
      next(error)
      return true
    },
    answer({ status, headers, body }) {
      const length = String(Buffer.byteLength(body))
      response.writeHead(status, [...headers.flat(), 'Content-Type', 'application/json', 'Content-Length', length])
      response.end(body)
      silence(response)
    },
  }
}
