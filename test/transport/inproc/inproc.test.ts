import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Binding,
  Context,
  currentContext,
  type Endpoint,
  type Method,
  type MethodKind,
  outgoingContext,
} from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { createInproc } from 'tierkit/transport/inproc'
import { describe, expect, it } from 'vitest'
import type { JsonValue, MessageCodec } from '../../../src/codec/message-codec.js'
import { createFakeClock } from '../../../src/testing/fake-clock.js'

interface Note {
  readonly text: string
}

const codec: MessageCodec<Note> = {
  typeName: 'test.Note',
  encode: (note) => {
    if (typeof note.text !== 'string') throw new RpcError(Code.INTERNAL, 'text: not a string')
    return new TextEncoder().encode(note.text)
  },
  decode: (bytes) => ({ text: new TextDecoder().decode(bytes) }),
  toJson: ({ text = '' }) => ({ text }),
  fromJson: (json: JsonValue) => json as unknown as Note,
}

function method<K extends MethodKind>(kind: K, name = 'Call'): Method<Note, Note, K> {
  const path = `/test.Notes/${name}`
  return {
    service: 'test.Notes',
    name,
    path,
    kind,
    idempotency: 'unknown',
    request: codec,
    response: codec,
    http: [],
  }
}

const binding = (kind: MethodKind, endpoint: Endpoint, name?: string): Binding => ({
  method: method(kind, name) as Method,
  endpoint,
})

async function started(...bindings: Binding[]) {
  const pair = createInproc()
  await pair.server.listen(bindings)
  return pair
}

async function* notes(...texts: string[]): AsyncGenerator<Note> {
  for (const text of texts) yield { text }
}

async function texts(stream: unknown): Promise<string[]> {
  const seen: string[] = []
  for await (const note of stream as AsyncIterable<Note>) seen.push(note.text)
  return seen
}

/** A promise with its ends in the open. */
function gate() {
  let open = (): void => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, passed }
}

describe('messages', () => {
  it('arrive as a copy for all four kinds', async () => {
    const { channel } = await started(
      binding('unary', async (request: Note) => ({ text: `${request.text}!`, extra: 1 }), 'Unary'),
      binding('client_stream', async (requests) => ({ text: (await texts(requests)).join() }), 'Client'),
      binding('server_stream', async (request: Note) => notes(request.text, 'b'), 'Server'),
      binding('bidi_stream', async (requests) => requests, 'Bidi'),
    )
    const call = (one: Method<Note, Note>, request: unknown): Promise<unknown> =>
      channel.endpoint(one as Method)(request, outgoingContext(one as Method))
    expect(await call(method('unary', 'Unary'), { text: 'a' })).toEqual({ text: 'a!' })
    expect(await call(method('client_stream', 'Client'), notes('a', 'b'))).toEqual({ text: 'a,b' })
    expect(await texts(await call(method('server_stream', 'Server'), { text: 'a' }))).toEqual(['a', 'b'])
    expect(await texts(await call(method('bidi_stream', 'Bidi'), notes('a', 'b')))).toEqual(['a', 'b'])
  })

  it('are handed over as they are without `copy`', async () => {
    const { server, channel } = createInproc({ copy: false, name: 'bare' })
    const address = await server.listen([binding('unary', async (request) => request)])
    const request = { text: 'a' }
    const one = method('unary')
    expect(await channel.endpoint(one)(request, outgoingContext(one as Method))).toBe(request)
    expect(address).toEqual({ host: 'inproc', port: 0, url: 'inproc://bare' })
    expect(channel.url).toBe('inproc://bare')
  })

  it('that do not fit the type fail the call', async () => {
    const { channel } = await started(binding('unary', async () => ({ text: 7 })))
    const one = method('unary')
    const call = channel.endpoint(one)({ text: 'a' }, outgoingContext(one as Method))
    await expect(call).rejects.toMatchObject({ code: Code.INTERNAL, rawMessage: 'text: not a string' })
  })
})

describe('a limit on messages', () => {
  it('refuses what is over it and goes on', async () => {
    const { server, channel } = createInproc({ maxReceiveBytes: 3 })
    await server.listen([binding('unary', async (request) => request)])
    const one = method('unary')
    const call = (text: string) => channel.endpoint(one)({ text }, outgoingContext(one as Method))
    await expect(call('four')).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED })
    expect(await call('abc')).toEqual({ text: 'abc' })
  })
})

describe('metadata', () => {
  it('crosses both ways as a copy', async () => {
    let seen: Context | undefined
    const { channel } = await started(
      binding('unary', async (request: Note, context: Context) => {
        seen = context
        context.metadata.set('x-late', 'server')
        context.responseHeaders.set('x-head', 'h')
        context.responseTrailers.set('x-trail-bin', new Uint8Array([1]))
        return request
      }),
    )
    const one = method('unary')
    const context = outgoingContext(one as Method, { metadata: { 'x-tenant': ['a', 'b'] } })
    context.responseHeaders.set('x-earlier-attempt', 'gone')
    await channel.endpoint(one)({ text: 'a' }, context)
    expect(seen?.metadata.getAll('x-tenant')).toEqual(['a', 'b'])
    expect(seen?.peer).toEqual({ address: 'inproc' })
    expect(context.metadata.has('x-late')).toBe(false)
    expect([...context.responseHeaders]).toEqual([['x-head', ['h']]])
    expect(context.responseTrailers.getBytes('x-trail-bin')).toEqual(new Uint8Array([1]))
    expect(context.peer).toEqual({ address: 'inproc' })
  })

  it('reaches the caller with an error too', async () => {
    const { channel } = await started(
      binding('unary', async (_: Note, context: Context) => {
        context.responseTrailers.set('x-trail', 't')
        throw new RpcError(Code.ABORTED, 'no')
      }),
    )
    const one = method('unary')
    const context = outgoingContext(one as Method)
    await expect(channel.endpoint(one)({ text: 'a' }, context)).rejects.toMatchObject({ code: Code.ABORTED })
    expect(context.responseTrailers.get('x-trail')).toBe('t')
  })
})

describe('errors', () => {
  it('cross with everything but cause, stack and local facts', async () => {
    const thrown = new RpcError(Code.NOT_FOUND, 'no such note', {
      reason: 'NOTE_NOT_FOUND',
      domain: 'notes.example.com',
      metadata: { id: '7' },
      details: [{ type: 'google.rpc.RetryInfo', value: new Uint8Array([1, 2]) }],
      cause: new Error('secret'),
      neverSent: true,
    })
    const { channel } = await started(binding('unary', () => Promise.reject(thrown)))
    const one = method('unary')
    const caught: unknown = await channel
      .endpoint(one)({ text: 'a' }, outgoingContext(one as Method))
      .catch((error) => error)
    const { code, rawMessage, reason, domain, metadata, details } = thrown
    expect(caught).toMatchObject({ code, rawMessage, reason, domain, metadata, details })
    expect(caught).toMatchObject({ neverSent: false })
    expect(caught).not.toHaveProperty('cause')
    expect(caught).not.toBe(thrown)
  })

  it('cross with text that has no UTF-8 form mended', async () => {
    const error = new RpcError(Code.ABORTED, 'a\ud800', { reason: 'R\udfff', metadata: { 'k\ud800': 'v\udc00' } })
    const { channel } = await started(binding('unary', () => Promise.reject(error)))
    const call = method('unary') as Method
    await expect(channel.endpoint(call)({ text: '' }, outgoingContext(call))).rejects.toMatchObject({
      rawMessage: 'a\ufffd',
      reason: 'R\ufffd',
      metadata: { 'k\ufffd': 'v\ufffd' },
    })
  })

  it('of a foreign kind arrive as UNKNOWN without their text', async () => {
    const { channel } = await started(binding('unary', () => Promise.reject(new Error('secret'))))
    const one = method('unary')
    const call = channel.endpoint(one)({ text: 'a' }, outgoingContext(one as Method))
    await expect(call).rejects.toMatchObject({ code: Code.UNKNOWN, rawMessage: 'unknown error' })
  })

  it('name a method that is not there, or is of another kind', async () => {
    const { channel } = await started(binding('server_stream', async () => notes()))
    const missing = method('unary', 'Missing')
    const wrong = method('unary')
    const call = (one: Method<Note, Note>) => channel.endpoint(one)({ text: '' }, outgoingContext(one as Method))
    await expect(call(missing)).rejects.toMatchObject({ code: Code.UNIMPLEMENTED, rawMessage: /Missing/ })
    await expect(call(wrong)).rejects.toMatchObject({ code: Code.UNIMPLEMENTED, rawMessage: /not a unary/ })
  })

  it("of the caller's own request stream fail the call and cancel the handler", async () => {
    let seen: unknown
    const { channel } = await started(
      binding('client_stream', async (requests) => {
        await texts(requests).catch((error) => {
          seen = error
        })
        return { text: 'too late' }
      }),
    )
    const one = method('client_stream')
    async function* broken(): AsyncGenerator<Note> {
      yield { text: 'a' }
      throw new RpcError(Code.DATA_LOSS, 'the disk broke')
    }
    const call = channel.endpoint(one as Method)(broken(), outgoingContext(one as Method))
    await expect(call).rejects.toMatchObject({ code: Code.DATA_LOSS })
    await expect.poll(() => seen).toMatchObject({ code: Code.CANCELLED })
  })
})

describe('the end of a call', () => {
  it('comes with the deadline, on both sides', async () => {
    const clock = createFakeClock()
    let server: Context | undefined
    const { channel } = await started(
      binding('unary', (_request: Note, context: Context) => {
        server = context
        return new Promise(() => {})
      }),
    )
    const one = method('unary')
    const context = outgoingContext(one as Method, { timeoutMs: 50 }, undefined, clock)
    const call = channel
      .endpoint(one)({ text: 'a' }, context)
      .catch((error) => error)
    await clock.advance(50)
    expect(await call).toMatchObject({ code: Code.DEADLINE_EXCEEDED })
    expect(server?.deadline).toBe(50)
    expect(server?.cancelled).toMatchObject({ code: Code.DEADLINE_EXCEEDED })
    context.finish()
    expect(clock.pending).toBe(0)
  })

  it("comes when the caller cancels, and fires the handler's signal", async () => {
    const entered = gate()
    let server: Context | undefined
    const { channel } = await started(
      binding('unary', (_request: Note, context: Context) => {
        server = context
        entered.open()
        return new Promise(() => {})
      }),
    )
    const one = method('unary')
    const context = outgoingContext(one as Method)
    const call = channel
      .endpoint(one)({ text: 'a' }, context)
      .catch((error) => error)
    await entered.passed
    context.cancel(new RpcError(Code.CANCELLED, 'enough'))
    expect(await call).toMatchObject({ code: Code.CANCELLED, rawMessage: 'enough' })
    expect(server?.signal.aborted).toBe(true)
    expect(server?.cancelled).toMatchObject({ code: Code.CANCELLED })
  })

  it('closes a stream that the caller leaves, whether or not it was ever read', async () => {
    const closed: string[] = []
    const { server, channel } = await started(
      binding('server_stream', async (request: Note) =>
        (async function* () {
          try {
            for (;;) yield request
          } finally {
            closed.push(request.text)
          }
        })(),
      ),
    )
    const one = method('server_stream')
    const open = (text: string) => channel.endpoint(one as Method)({ text }, outgoingContext(one as Method))
    for await (const _ of (await open('read')) as AsyncIterable<Note>) break
    await ((await open('unread')) as AsyncIterableIterator<Note>).return?.()
    await server.drain(60_000)
    expect(closed).toEqual(['read', 'unread'])
  })

  it("releases the caller's request stream when the handler does not read it", async () => {
    let released = false
    const { channel } = await started(binding('client_stream', async () => ({ text: 'done' })))
    const requests: AsyncIterable<Note> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: async () => {
          released = true
          return { done: true, value: undefined }
        },
      }),
    }
    const one = method('client_stream')
    await channel.endpoint(one as Method)(requests, outgoingContext(one as Method))
    expect(released).toBe(true)
  })

  it('comes with a request that cannot be sent, whatever the handler makes of it', async () => {
    let cancelled: unknown
    const { channel } = await started(
      binding('client_stream', async (requests: AsyncIterable<Note>, context) => {
        context.onCancel((reason) => {
          cancelled = reason
        })
        try {
          for await (const _ of requests);
        } catch {}
        return { text: 'all is well' }
      }),
    )
    const requests = (async function* () {
      yield { text: 'fine' }
      yield { text: 7 as never }
    })()
    const call = method('client_stream')
    const ended = channel.endpoint(call as Method)(requests, outgoingContext(call as Method))
    await expect(ended).rejects.toMatchObject({ code: Code.INTERNAL, rawMessage: 'text: not a string' })
    expect(cancelled).toMatchObject({ code: Code.CANCELLED })
  })

  it('does not depend on how a stream of requests takes being left', async () => {
    for (const leave of [() => undefined, () => 5, () => Promise.reject(new Error('no'))]) {
      const { server, channel } = await started(binding('client_stream', async () => ({ text: 'enough' })))
      const requests = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}), return: leave }) }
      const call = method('client_stream')
      const response = await channel.endpoint(call as Method)(requests, outgoingContext(call as Method))
      expect(response).toEqual({ text: 'enough' })
      await server.drain(60_000)
    }
  })

  it('may come while the call is being made', async () => {
    let time = 1000
    // Time passes whenever somebody looks.
    const clock = { now: () => time++, schedule: () => () => {} }
    for (let left = 1; left < 10; left += 1) {
      const { server, channel } = await started(binding('unary', async () => ({ text: 'in time' })))
      const call = method('unary') as Method
      const context = new Context({ method: call, side: 'client', clock, deadline: time + left })
      const ended = channel.endpoint(call)({ text: '' }, context)
      await ended.catch((error) => expect(error).toMatchObject({ code: Code.DEADLINE_EXCEEDED }))
      await server.drain(60_000)
    }
  })

  it('that comes while the call is being made leaves no stream of requests open', async () => {
    const { channel } = await started(binding('client_stream', async () => ({ text: '' })))
    const call = method('client_stream') as Method
    let time = 1000
    const clock = { now: () => time++, schedule: () => () => {} }
    const open = new Set<number>()
    const requests = (left: number) => ({
      [Symbol.asyncIterator]() {
        open.add(left)
        return {
          next: () => new Promise<never>(() => {}),
          return: async () => {
            open.delete(left)
            return { done: true as const, value: undefined }
          },
        }
      },
    })
    for (let left = 1; left < 10; left += 1) {
      const context = new Context({ method: call, side: 'client', clock, deadline: time + left })
      const ended = channel.endpoint(call)(requests(left), context)
      await ended.catch((error) => expect(error).toMatchObject({ code: Code.DEADLINE_EXCEEDED }))
    }
    await new Promise((resolve) => setImmediate(resolve))
    expect(open).toEqual(new Set())
  })

  it('comes with the deadline even if messages come without end', async () => {
    const { channel } = await started(
      binding('server_stream', async () =>
        (async function* () {
          for (;;) yield { text: 'more' }
        })(),
      ),
    )
    const call = method('server_stream') as Method
    const context = outgoingContext(call, { timeoutMs: 20 })
    const stream = await channel.endpoint<unknown, AsyncIterable<Note>>(call as never)({ text: '' }, context)
    const read = async () => {
      for await (const _ of stream);
    }
    await expect(read()).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED })
  })

  it('is told to a handler before its stream is closed', async () => {
    const seen: unknown[] = []
    const { channel } = await started(
      binding('server_stream', async (_, context) => {
        context.onCancel(({ code }) => seen.push(code))
        return {
          [Symbol.asyncIterator]: () => ({
            next: () => new Promise(() => {}),
            return: async () => seen.push('closed'),
          }),
        }
      }),
    )
    const call = method('server_stream') as Method
    const context = outgoingContext(call)
    const stream = await channel.endpoint<unknown, AsyncIterableIterator<Note>>(call as never)({ text: '' }, context)
    const next = stream.next()
    context.cancel()
    await expect(next).rejects.toMatchObject({ code: Code.CANCELLED })
    expect(seen).toEqual([Code.CANCELLED, 'closed'])
  })
})

describe('the ambient context', () => {
  it("is the handler's own in the handler, and the caller's in the caller's request stream", async () => {
    const caller = new AsyncLocalStorage<string>()
    const seen: Record<string, unknown> = {}
    const { channel } = await started(
      binding('client_stream', async (requests, context: Context) => {
        seen.handler = currentContext() === context
        await texts(requests)
        return { text: '' }
      }),
    )
    async function* requests(): AsyncGenerator<Note> {
      seen.stream = [currentContext(), caller.getStore()]
      yield { text: 'a' }
    }
    const one = method('client_stream')
    await caller.run('mine', () => channel.endpoint(one as Method)(requests(), outgoingContext(one as Method)))
    expect(seen).toEqual({ handler: true, stream: [undefined, 'mine'] })
  })
})

describe('drain and close', () => {
  const waiting = () => {
    const entered = gate()
    const leave = gate()
    const endpoint = async (request: Note): Promise<Note> => {
      entered.open()
      await leave.passed
      return request
    }
    return { entered, leave, endpoint }
  }
  const one = method('unary')
  const call = (channel: { endpoint: ReturnType<typeof createInproc>['channel']['endpoint'] }): Promise<unknown> =>
    channel
      .endpoint(one)({ text: 'a' }, outgoingContext(one as Method))
      .catch((error) => error)

  it('lets running calls end, and takes no new ones', async () => {
    const { entered, leave, endpoint } = waiting()
    const { server, channel } = await started(binding('unary', endpoint))
    const running = call(channel)
    await entered.passed
    const drained = server.drain(60_000)
    expect(await call(channel)).toMatchObject({ code: Code.UNAVAILABLE, neverSent: true })
    leave.open()
    expect(await running).toEqual({ text: 'a' })
    await drained
  })

  it('cancels what still runs when the time is over', async () => {
    const { entered, endpoint } = waiting()
    const clock = createFakeClock()
    const { server, channel } = createInproc({ clock })
    await server.listen([binding('unary', endpoint)])
    const running = call(channel)
    await entered.passed
    const drained = server.drain(100)
    await clock.advance(100)
    expect(await running).toMatchObject({ code: Code.UNAVAILABLE, neverSent: false })
    await drained
    expect(clock.pending).toBe(0)
  })

  it('a closed server and a closed channel fail their calls', async () => {
    const first = waiting()
    const one = await started(binding('unary', first.endpoint))
    const running = call(one.channel)
    await first.entered.passed
    await one.server.close()
    expect(await running).toMatchObject({ code: Code.UNAVAILABLE })

    const second = waiting()
    const other = await started(binding('unary', second.endpoint))
    const lost = call(other.channel)
    await second.entered.passed
    await other.channel.close()
    expect(await lost).toMatchObject({ code: Code.UNAVAILABLE, rawMessage: 'the channel was closed' })
    expect(await call(other.channel)).toMatchObject({ code: Code.UNAVAILABLE, neverSent: true })
    expect(other.channel.state).toBe('shutdown')
  })

  it('a call may wait for the server, as long as its deadline allows', async () => {
    const clock = createFakeClock()
    const { server, channel } = createInproc()
    const states: string[] = []
    channel.onStateChange((state) => states.push(state))
    const waitingCall = (timeoutMs: number) => {
      const context = outgoingContext(one as Method, { waitForReady: true, timeoutMs }, undefined, clock)
      return channel
        .endpoint(one)({ text: 'a' }, context)
        .catch((error) => error)
    }
    const short = waitingCall(10)
    const long = waitingCall(100)
    await clock.advance(10)
    expect(await short).toMatchObject({ code: Code.DEADLINE_EXCEEDED })
    await server.listen([binding('unary', async (request) => request)])
    expect(await long).toEqual({ text: 'a' })
    expect(states).toEqual(['transient_failure', 'ready'])
  })

  it('a server listens once', async () => {
    const { server } = await started()
    await expect(server.listen([])).rejects.toMatchObject({ code: Code.FAILED_PRECONDITION })
  })

  it('a call that was cancelled before it began never reaches the server', async () => {
    let reached = false
    const { channel } = await started(
      binding('unary', async (request) => {
        reached = true
        return request
      }),
    )
    const context = new Context({ method: one as Method, side: 'client' })
    context.cancel()
    await expect(channel.endpoint(one)({ text: 'a' }, context)).rejects.toMatchObject({ code: Code.CANCELLED })
    expect(reached).toBe(false)
  })
})
