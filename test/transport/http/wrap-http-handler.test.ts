import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { type Context, currentContext, type Middleware, type Outcome, outcome } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { wrapHttpHandler } from 'tierkit/transport/http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { gate } from './fixture.js'

/** Notes how calls end. */
function observed() {
  const ended = gate<Outcome>()
  const contexts: Context[] = []
  const middleware: Middleware = (next) => (request, context) => {
    contexts.push(context)
    return outcome(next, request, context, { end: ended.open })
  }
  return { middleware, contexts, ended: ended.passed }
}

/** Refuses every call. */
const refuse: Middleware = () => async () => {
  throw new RpcError(Code.RESOURCE_EXHAUSTED, 'too many', {
    details: [{ type: 'google.rpc.RetryInfo', value: new Uint8Array([10, 2, 8, 5]) }],
  })
}

/** Ends every call before its handler does. */
const impatient: Middleware = (next) => async (request, context) => {
  void next(request, context).catch(() => {})
  throw new RpcError(Code.DEADLINE_EXCEEDED, 'too slow')
}

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const frameworks = {
  async node(handler: (answer: (status: number, text: string) => void) => unknown, ...middleware: Middleware[]) {
    const wrapped = wrapHttpHandler(
      (_: IncomingMessage, response: ServerResponse) => {
        return handler((status, text) => response.writeHead(status, { 'content-type': 'text/plain' }).end(text))
      },
      ...middleware,
    )
    return { url: `${await listen(wrapped)}/orders/7?x=1`, path: 'GET *' }
  },
  async express(handler: (answer: (status: number, text: string) => void) => unknown, ...middleware: Middleware[]) {
    const app = express()
    const router = express.Router()
    const wrapped = wrapHttpHandler(
      (_: express.Request, response: express.Response) => {
        return handler((status, text) => response.status(status).type('text').send(text))
      },
      ...middleware,
    )
    router.get('/orders/:id', wrapped)
    app.use('/api', router)
    return { url: `${await listen(app)}/api/orders/7?x=1`, path: 'GET /api/orders/:id' }
  },
  async fastify(handler: (answer: (status: number, text: string) => void) => unknown, ...middleware: Middleware[]) {
    const app = Fastify()
    const wrapped = wrapHttpHandler(
      (_: FastifyRequest, reply: FastifyReply) => {
        return handler((status, text) => reply.code(status).type('text/plain').send(text))
      },
      ...middleware,
    )
    app.get('/orders/:id', wrapped)
    onTestFinished(() => app.close())
    return { url: `${await app.listen({ host: '127.0.0.1', port: 0 })}/orders/7?x=1`, path: 'GET /orders/:id' }
  },
}

describe.each(Object.entries(frameworks))('a handler of %s', (_, serve) => {
  it('answers as before, inside its middleware', async () => {
    const { middleware, contexts, ended } = observed()
    let seen: unknown
    const { url, path } = await serve((answer) => {
      seen = currentContext()
      answer(200, 'hello')
    }, middleware)
    const response = await fetch(url, { headers: { 'x-id': '7', authorization: 'Bearer t' } })
    expect([response.status, await response.text()]).toEqual([200, 'hello'])
    expect(await ended).toMatchObject({ code: Code.OK })
    const [context] = contexts
    expect(seen).toBe(context)
    expect(context?.method.path).toBe(path)
    expect(context?.metadata.get('x-id')).toBe('7')
    expect(context?.metadata.get('authorization')).toBe('Bearer t')
    expect(context?.peer?.address).toMatch(/^127\.0\.0\.1:/)
  })

  it.each([
    [404, Code.OK],
    [500, Code.INTERNAL],
    [503, Code.UNAVAILABLE],
    [504, Code.DEADLINE_EXCEEDED],
  ])('that answers %d ends with %s for the middleware', async (status, code) => {
    const { middleware, ended } = observed()
    const { url } = await serve((answer) => void setImmediate(answer, status, 'x'), middleware)
    const response = await fetch(url)
    expect([response.status, await response.text()]).toEqual([status, 'x'])
    expect((await ended).code).toBe(code)
  })

  it('is not called when the middleware refuses, and the client learns why', async () => {
    let called = false
    const { url } = await serve(() => {
      called = true
    }, refuse)
    const response = await fetch(url)
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('5')
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await response.json()).toMatchObject({ code: Code.RESOURCE_EXHAUSTED, message: 'too many' })
    expect(called).toBe(false)
  })

  it('that throws an RpcError is answered with it', async () => {
    const { middleware, ended } = observed()
    const { url } = await serve(async () => {
      throw new RpcError(Code.NOT_FOUND, 'no such order')
    }, middleware)
    const response = await fetch(url)
    expect([response.status, await response.json()]).toEqual([404, { code: 5, message: 'no such order', details: [] }])
    expect(await ended).toMatchObject({ code: Code.NOT_FOUND })
  })

  it('that comes too late with its answer does no harm', async () => {
    const late = gate<unknown>()
    const { url } = await serve((answer) => {
      setTimeout(() => {
        try {
          answer(200, 'late')
          late.open('no harm')
        } catch (error) {
          late.open(error)
        }
      }, 20)
    }, impatient)
    const response = await fetch(url)
    expect([response.status, await response.json()]).toMatchObject([504, { message: 'too slow' }])
    expect(await late.passed).toBe('no harm')
    expect((await fetch(url)).status).toBe(504)
  })

  it('is cancelled when the client goes away', async () => {
    const { middleware, contexts, ended } = observed()
    const entered = gate()
    const { url } = await serve(() => {
      entered.open()
      return new Promise(() => {})
    }, middleware)
    const request = httpRequest(url).end()
    request.on('error', () => {})
    await entered.passed
    const { signal } = contexts[0]!
    request.destroy()
    expect(await ended).toMatchObject({ code: Code.CANCELLED })
    expect(signal.aborted).toBe(true)
  })
})

describe("an error of the handler's own", () => {
  it('goes to the error handler of Express', async () => {
    const { middleware, ended } = observed()
    const app = express()
    app.get(
      '/',
      wrapHttpHandler((_request: express.Request, _response: express.Response) => {
        throw new Error('boom')
      }, middleware),
    )
    app.use((error: Error, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
      response.status(418).send(error.message)
    })
    const response = await fetch(await listen(app))
    expect([response.status, await response.text()]).toEqual([418, 'boom'])
    expect(await ended).toMatchObject({ code: Code.UNKNOWN })
  })

  it('goes to the error handler of Fastify', async () => {
    const app = Fastify()
    app.setErrorHandler((error: Error, _request, reply) => reply.code(418).send(error.message))
    app.get(
      '/',
      wrapHttpHandler(async (_request: FastifyRequest, _reply: FastifyReply) => {
        throw new Error('boom')
      }),
    )
    onTestFinished(() => app.close())
    const response = await fetch(await app.listen({ host: '127.0.0.1', port: 0 }))
    expect([response.status, await response.text()]).toEqual([418, 'boom'])
  })

  it('is a 500 without its text on node:http', async () => {
    const url = await listen(
      wrapHttpHandler((_request: IncomingMessage, _response: ServerResponse) => {
        throw new Error('boom')
      }),
    )
    const response = await fetch(url)
    expect([response.status, await response.text()]).toEqual([500, '{"code":2,"message":"unknown error","details":[]}'])
  })
})

it('a handler of Express may pass on with next', async () => {
  const { middleware, ended } = observed()
  const app = express()
  app.get(
    '/',
    wrapHttpHandler((_request: express.Request, _response: express.Response, next: express.NextFunction) => {
      next()
    }, middleware),
    (_request: express.Request, response: express.Response) => {
      response.status(503).send('later')
    },
  )
  expect((await fetch(await listen(app))).status).toBe(503)
  expect(await ended).toMatchObject({ code: Code.UNAVAILABLE })
})

it('a handler of Fastify may return its payload, and keeps its this', async () => {
  const app = Fastify()
  app.decorate('greeting', 'hello')
  app.get(
    '/',
    wrapHttpHandler(async function (this: unknown) {
      return { greeting: (this as { greeting: string }).greeting }
    }),
  )
  onTestFinished(() => app.close())
  const response = await fetch(await app.listen({ host: '127.0.0.1', port: 0 }))
  expect(await response.json()).toEqual({ greeting: 'hello' })
})

it('middleware is composed once, in the order that it is named', async () => {
  const order: string[] = []
  const named = (name: string): Middleware => {
    return (next) => {
      order.push(`compose ${name}`)
      return (request, context) => {
        order.push(name)
        return next(request, context)
      }
    }
  }
  const handler = (_request: IncomingMessage, response: ServerResponse) => response.end()
  const url = await listen(wrapHttpHandler(handler, named('outer'), named('inner')))
  await fetch(url)
  await fetch(url)
  expect(order).toEqual(['compose inner', 'compose outer', 'outer', 'inner', 'outer', 'inner'])
})
