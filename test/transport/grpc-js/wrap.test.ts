import { Duplex, Writable } from 'node:stream'
import {
  Client,
  credentials,
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type ServiceError,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { type Middleware, outcome } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { wrapGrpcHandlers } from 'tierkit/transport/grpc-js'
import { describe, expect, it } from 'vitest'
import { afterwards, gate } from '../grpc-suite/fixture.js'

const serialize = (value: string) => Buffer.from(value)
const deserialize = (bytes: Buffer) => bytes.toString()
const codec = {
  requestSerialize: serialize,
  requestDeserialize: deserialize,
  responseSerialize: serialize,
  responseDeserialize: deserialize,
}
const definition: ServiceDefinition = {
  unary: { path: '/stock.Text/Unary', requestStream: false, responseStream: false, ...codec },
  collect: { path: '/stock.Text/Collect', requestStream: true, responseStream: false, ...codec },
  expand: { path: '/stock.Text/Expand', requestStream: false, responseStream: true, ...codec },
  chat: { path: '/stock.Text/Chat', requestStream: true, responseStream: true, ...codec },
}

const unary: handleUnaryCall<string, string> = (call, callback) => callback(null, `you said ${call.request}`)
const collect: handleClientStreamingCall<string, string> = (call, callback) => {
  const seen: string[] = []
  call.on('data', (message: string) => seen.push(message))
  call.on('end', () => callback(null, seen.join('+')))
}
const expand: handleServerStreamingCall<string, string> = (call) => {
  for (const letter of call.request) call.write(letter)
  call.end()
}
const chat: handleBidiStreamingCall<string, string> = (call) => {
  call.on('data', (message: string) => call.write(message.toUpperCase()))
  call.on('end', () => call.end())
}

const stock = (handlers: object, ...middleware: Middleware[]) =>
  listen(wrapGrpcHandlers({ unary, collect, expand, chat, ...handlers }, ...middleware))

/** Starts a stock server, and a stock client to it. */
async function listen(implementation: UntypedServiceImplementation) {
  const server = new Server()
  server.addService(definition, implementation)
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  )
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
  afterwards(async () => {
    client.close()
    server.forceShutdown()
  })
  return client
}

interface Reply {
  readonly messages: readonly string[]
  readonly error: ServiceError | undefined
  readonly headers: Metadata | undefined
  readonly trailers: Metadata
}

/** Makes a call of any kind with the stock client. */
function make(client: Client, name: keyof typeof definition, ...requests: string[]): Promise<Reply> {
  const { path, requestStream, responseStream } = definition[name]!
  return new Promise((resolve) => {
    const messages: string[] = []
    let error: ServiceError | undefined
    let headers: Metadata | undefined
    const take = (thrown: ServiceError | null, reply?: string) => {
      error = thrown ?? undefined
      if (reply !== undefined) messages.push(reply)
    }
    const call = requestStream
      ? responseStream
        ? client.makeBidiStreamRequest(path, serialize, deserialize)
        : client.makeClientStreamRequest(path, serialize, deserialize, take)
      : responseStream
        ? client.makeServerStreamRequest(path, serialize, deserialize, requests[0] ?? '')
        : client.makeUnaryRequest(path, serialize, deserialize, requests[0] ?? '', take)
    call.on('metadata', (received: Metadata) => {
      headers = received
    })
    call.on('error', take)
    call.on('data', (message: string) => messages.push(message))
    call.on('status', ({ metadata }: { metadata: Metadata }) =>
      setImmediate(() => resolve({ messages, error, headers, trailers: metadata })),
    )
    if (call instanceof Writable || call instanceof Duplex) {
      for (const request of requests) call.write(request)
      call.end()
    }
  })
}

const kinds = ['unary', 'collect', 'expand', 'chat'] as const

describe('wrapGrpcHandlers', () => {
  it('leaves handlers of the four kinds as they are', async () => {
    const client = await stock({})
    expect((await make(client, 'unary', 'hello')).messages).toEqual(['you said hello'])
    expect((await make(client, 'collect', 'a', 'b', 'c')).messages).toEqual(['a+b+c'])
    expect((await make(client, 'expand', 'xyz')).messages).toEqual(['x', 'y', 'z'])
    expect((await make(client, 'chat', 'a', 'b')).messages).toEqual(['A', 'B'])
  })

  it('runs middleware around each, the first named outermost, and tells it path and kind', async () => {
    const seen: unknown[] = []
    const named =
      (name: string): Middleware =>
      (next) =>
      (request, context) => {
        seen.push([name, context.method.path, context.method.kind])
        return next(request, context)
      }
    const client = await stock({}, named('outer'), named('inner'))
    for (const kind of kinds) await make(client, kind, 'x')
    expect(seen).toEqual(
      [
        ['/stock.Text/Unary', 'unary'],
        ['/stock.Text/Collect', 'client_stream'],
        ['/stock.Text/Expand', 'server_stream'],
        ['/stock.Text/Chat', 'bidi_stream'],
      ].flatMap((method) => [
        ['outer', ...method],
        ['inner', ...method],
      ]),
    )
  })

  it('lets middleware see messages and the end of each kind', async () => {
    const seen: unknown[] = []
    const observed: Middleware = (next) => (request, context) =>
      outcome(next, request, context, {
        request: (message) => seen.push(['in', message]),
        response: (message) => seen.push(['out', message]),
        end: ({ code }) => seen.push(['end', code]),
      })
    const client = await stock({}, observed)
    await make(client, 'collect', 'a', 'b')
    await make(client, 'expand', 'xy')
    expect(seen).toEqual([
      ['in', 'a'],
      ['in', 'b'],
      ['out', 'a+b'],
      ['end', 0],
      ['in', 'xy'],
      ['out', 'x'],
      ['out', 'y'],
      ['end', 0],
    ])
  })

  it('lets middleware change request and response', async () => {
    const loud: Middleware = (next) => async (request, context) => {
      const response: unknown = await next(`${request}!` as typeof request, context)
      return `${response}?` as Awaited<ReturnType<typeof next>>
    }
    const client = await stock({}, loud)
    expect((await make(client, 'unary', 'hello')).messages).toEqual(['you said hello!?'])
  })

  it('brings an RpcError that middleware throws, details and all', async () => {
    const refuse: Middleware = () => async () => {
      throw new RpcError(Code.PERMISSION_DENIED, 'not you', { reason: 'NOT_YOU' })
    }
    const client = await stock({}, refuse)
    for (const kind of kinds) {
      const { error } = await make(client, kind, 'x')
      expect(error).toMatchObject({ code: status.PERMISSION_DENIED, details: 'not you' })
      expect(error?.metadata.get('grpc-status-details-bin')).toHaveLength(1)
    }
  })

  it('tells middleware the code of a status that a handler fails with, and brings its metadata', async () => {
    const seen: unknown[] = []
    const observed: Middleware = (next) => (request, context) =>
      outcome(next, request, context, { end: ({ code }) => seen.push(code) })
    const metadata = new Metadata()
    metadata.set('x-trail', 't')
    const failure = { code: status.NOT_FOUND, details: 'no such thing', metadata }
    const client = await stock(
      {
        unary: ((_, callback) => callback(failure)) as typeof unary,
        expand: ((call) => {
          call.write('first')
          call.emit('error', failure)
        }) as typeof expand,
      },
      observed,
    )
    for (const kind of ['unary', 'expand'] as const) {
      const { error, trailers } = await make(client, kind, 'x')
      expect(error).toMatchObject({ code: status.NOT_FOUND, details: 'no such thing' })
      expect(trailers.get('x-trail')).toEqual(['t'])
    }
    expect(seen).toEqual([Code.NOT_FOUND, Code.NOT_FOUND])
  })

  it('brings headers of handler and middleware together, and trailers', async () => {
    const stamped: Middleware = (next) => (request, context) => {
      context.responseHeaders.set('x-by', 'middleware')
      return next(request, context)
    }
    const of = (key: string, value: string) => {
      const metadata = new Metadata()
      metadata.set(key, value)
      return metadata
    }
    const client = await stock(
      {
        unary: ((call, callback) => {
          call.sendMetadata(of('x-own', 'handler'))
          callback(null, 'reply', of('x-trail', 't'))
        }) as typeof unary,
        expand: ((call) => {
          call.sendMetadata(of('x-own', 'handler'))
          call.write('reply')
          call.end(of('x-trail', 't'))
        }) as typeof expand,
      },
      stamped,
    )
    for (const kind of ['unary', 'expand'] as const) {
      const { headers, trailers } = await make(client, kind, 'x')
      expect([headers?.get('x-by'), headers?.get('x-own')]).toEqual([['middleware'], ['handler']])
      expect(trailers.get('x-trail')).toEqual(['t'])
    }
  })

  it('hides what a handler throws, and survives it', async () => {
    const client = await stock({
      unary: () => {
        throw new Error('secret')
      },
      collect: async () => {
        throw 'secret'
      },
      expand: async () => {
        throw undefined
      },
      chat: ((call) => call.destroy(new Error('secret'))) as typeof chat,
    })
    for (const kind of kinds) {
      const { error } = await make(client, kind, 'x')
      expect(error?.code).toBe(status.UNKNOWN)
      expect(error?.details).not.toContain('secret')
    }
  })

  it('keeps the code when a text has no UTF-8 form', async () => {
    const client = await stock({
      unary: ((_, callback) =>
        callback({ code: status.INVALID_ARGUMENT, details: 'half \ud83d a pair' })) as typeof unary,
    })
    const { error } = await make(client, 'unary', 'x')
    expect(error).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'half \ufffd a pair' })
  })

  it('takes the first callback, and drops what is written after the end', async () => {
    const client = await stock({
      unary: ((_, callback) => {
        callback(null, 'first')
        callback({ code: status.ABORTED })
        callback(null, 'third')
      }) as typeof unary,
      expand: ((call) => {
        call.write('one')
        call.end()
        call.write('two')
        call.end()
      }) as typeof expand,
    })
    expect(await make(client, 'unary', 'x')).toMatchObject({ messages: ['first'], error: undefined })
    expect(await make(client, 'expand', 'x')).toMatchObject({ messages: ['one'], error: undefined })
  })

  it('cancels handler and context when the client does', async () => {
    const entered = gate()
    const cancelled = gate<unknown>()
    const codes: unknown[] = []
    const observed: Middleware = (next) => (request, context) => {
      context.onCancel(({ code }) => codes.push(code))
      return next(request, context)
    }
    const waiting: typeof chat = (call) => {
      call.on('cancelled', () => cancelled.open(call.cancelled))
      entered.open()
    }
    const client = await stock({ chat: waiting }, observed)
    const call = client.makeBidiStreamRequest('/stock.Text/Chat', serialize, deserialize)
    call.on('error', () => {})
    call.write('x')
    await entered.reached
    call.cancel()
    expect(await cancelled.reached).toBe(true)
    expect(codes).toEqual([Code.CANCELLED])
  })

  it('wraps the methods of a class, which keep their `this`', async () => {
    class Greeter {
      readonly #greeting = 'Hi'
      readonly expand = expand
      readonly chat = chat
      unary(...[call, callback]: Parameters<handleUnaryCall<string, string>>) {
        callback(null, `${this.#greeting} ${call.request}`)
      }
      collect(...[, callback]: Parameters<handleClientStreamingCall<string, string>>) {
        callback(null, this.#greeting)
      }
    }
    const { unary, collect, expand: own, chat: other } = wrapGrpcHandlers(new Greeter())
    const client = await listen({ unary, collect, expand: own, chat: other } as UntypedServiceImplementation)
    expect((await make(client, 'unary', 'Ada')).messages).toEqual(['Hi Ada'])
    expect((await make(client, 'collect')).messages).toEqual(['Hi'])
    expect((await make(client, 'expand', 'ab')).messages).toEqual(['a', 'b'])
  })
})
