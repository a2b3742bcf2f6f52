import { register } from 'prom-client'
import { type ClientOptions, closeClient, createClient } from 'tierkit/client'
import { type Context, currentContext, type Endpoint, type Middleware } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { bidiStream, bindings, clientStream, defineService, implement, serverStream, unary } from 'tierkit/service'
import { createInproc } from 'tierkit/transport/inproc'
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest'
import { createFakeClock } from '../../src/testing/fake-clock.js'
import { codec } from '../service/stand-in.js'
import { settle } from './fake-channel.js'

interface Hello {
  readonly name: string
  readonly tags: readonly string[]
}
const hello = codec<Hello>('test.Hello')
const Greeter = defineService({
  name: 'test.Greeter',
  methods: {
    greet: unary(hello, hello),
    watch: serverStream(hello, hello),
    collect: clientStream(hello, hello),
    chat: bidiStream(hello, hello),
  },
})

/** What the server saw last. */
interface Seen {
  context?: Context
  ended?: string
}

const greeting = (name: string): Hello => ({ name: `Hello ${name}`, tags: [] })
const clients: AsyncDisposable[] = []
afterEach(async () => {
  await Promise.all(clients.splice(0).map(closeClient))
})

async function setUp(options: Partial<ClientOptions<typeof Greeter>> = {}) {
  const seen: Seen = {}
  const { server, channel } = createInproc({ copy: false })
  const service = implement(Greeter, {
    greet: async (request, context) => {
      seen.context = context
      if (request.name === 'nobody') throw new RpcError(Code.NOT_FOUND, 'nobody there', { reason: 'NOBODY' })
      if (request.name === 'sleepy') await new Promise((_, reject) => context.onCancel(reject))
      return greeting(request.name)
    },
    async *watch(request, context) {
      seen.context = context
      try {
        for (let n = 1; ; n += 1) yield greeting(`${request.name} ${n}`)
      } finally {
        seen.ended = 'watch'
      }
    },
    collect: async (requests) => {
      const names: string[] = []
      for await (const { name } of requests) names.push(name)
      return greeting(names.join(' and '))
    },
    async *chat(requests) {
      for await (const { name } of requests) yield greeting(name)
    },
  })
  await server.listen(bindings([service]))
  const client = createClient(Greeter, { channel, middleware: [], ...options })
  clients.push(client)
  return { client, channel, seen }
}

describe('createClient', () => {
  it('makes a typed function of each method', async () => {
    const { client } = await setUp()
    expectTypeOf<{ name: string }>().toExtend<Parameters<typeof client.greet>[0]>()
    expectTypeOf(client.greet).returns.toEqualTypeOf<Promise<Hello>>()
    expectTypeOf(client.chat).returns.toEqualTypeOf<AsyncIterableIterator<Hello>>()
    expect(await client.greet({ name: 'Ada' })).toEqual(greeting('Ada'))
  })

  it('calls all four kinds', async () => {
    const { client } = await setUp()
    const two = [{ name: 'Ada' }, { name: 'Bob' }]
    expect(await client.collect(two)).toEqual(greeting('Ada and Bob'))
    const watched: string[] = []
    for await (const { name } of client.watch({ name: 'Ada' })) if (watched.push(name) === 2) break
    expect(watched).toEqual(['Hello Ada 1', 'Hello Ada 2'])
    const chatted: string[] = []
    for await (const { name } of client.chat(two)) chatted.push(name)
    expect(chatted).toEqual(['Hello Ada', 'Hello Bob'])
  })

  it('rejects with the error of the service', async () => {
    const { client } = await setUp()
    await expect(client.greet({ name: 'nobody' })).rejects.toMatchObject({ code: Code.NOT_FOUND, reason: 'NOBODY' })
  })

  it('ends a call when its time is over', async () => {
    const clock = createFakeClock()
    const { client } = await setUp({ clock })
    const answer = client.greet({ name: 'sleepy' }, { timeoutMs: 200 })
    answer.catch(() => {})
    await clock.advance(200)
    await expect(answer).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED })
    expect(clock.pending).toBe(0)
  })

  it('does not wait for middleware that ignores the deadline', async () => {
    const clock = createFakeClock()
    const stuck: Middleware = () => () => new Promise(() => {})
    const { client } = await setUp({ clock, middleware: [stuck] })
    const answer = client.greet({}, { timeoutMs: 10 })
    const stream = client.watch({}, { timeoutMs: 10 }).next()
    const results = Promise.allSettled([answer, stream])
    await clock.advance(10)
    for (const result of await results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: Code.DEADLINE_EXCEEDED } })
    }
  })

  it('gives single answers ten seconds, and streams no limit, unless told otherwise', async () => {
    const clock = createFakeClock(1000)
    const { client, seen } = await setUp({ clock, methods: { collect: { timeoutMs: 50 } } })
    await client.greet({})
    expect(seen.context?.deadline).toBe(11_000)
    await client.watch({}).next()
    expect(seen.context?.deadline).toBeUndefined()
    await client.greet({}, { timeoutMs: Number.POSITIVE_INFINITY })
    expect(seen.context?.deadline).toBeUndefined()
    await expect(client.greet({}, { timeoutMs: Number.NaN })).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT })
  })

  it('takes time-outs for the client, for a method, and for a call, the nearest first', async () => {
    const clock = createFakeClock()
    const { client, seen } = await setUp({ clock, timeoutMs: 30, methods: { watch: { timeoutMs: 20 } } })
    await client.greet({})
    expect(seen.context?.deadline).toBe(30)
    await client.watch({}).next()
    expect(seen.context?.deadline).toBe(20)
    await client.watch({}, { timeoutMs: 10 }).next()
    expect(seen.context?.deadline).toBe(10)
  })

  it('sends nothing when there is no time left', async () => {
    const { client, seen } = await setUp()
    await expect(client.greet({}, { timeoutMs: 0 })).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED })
    expect(seen.context).toBeUndefined()
  })

  it('cancels a call by signal', async () => {
    const { client, seen } = await setUp()
    const controller = new AbortController()
    const answer = client.greet({ name: 'sleepy' }, { signal: controller.signal })
    answer.catch(() => {})
    await settle()
    controller.abort()
    await expect(answer).rejects.toMatchObject({ code: Code.CANCELLED })
    expect(seen.context?.cancelled).toMatchObject({ code: Code.CANCELLED })
  })

  it('sends metadata, and hands over what comes back with the answer', async () => {
    const { client, seen } = await setUp()
    const answered: Context[] = []
    await client.greet({}, { metadata: { 'x-tenant': 'blue' }, onResponse: (context) => answered.push(context) })
    expect(seen.context?.metadata.get('x-tenant')).toBe('blue')
    expect(answered.map(({ peer }) => peer)).toEqual([{ address: 'inproc' }])
    await client.greet({ name: 'nobody' }, { onResponse: (context) => answered.push(context) }).catch(() => {})
    expect(answered.length).toBe(2)
  })

  it('inherits from the call that the caller serves', async () => {
    const clock = createFakeClock()
    const inner = await setUp({ clock })
    const Relay = defineService({ name: 'test.Relay', methods: { relay: unary(hello, hello) } })
    const service = implement(Relay, { relay: (request) => inner.client.greet(request, { timeoutMs: 5000 }) })
    const { server, channel } = createInproc({ copy: false })
    await server.listen(bindings([service]))
    const outer = createClient(Relay, { channel, clock })
    clients.push(outer)
    await outer.relay({}, { timeoutMs: 100, metadata: { 'x-md-global-user': 'ada' } })
    expect(inner.seen.context?.deadline).toBe(100)
    expect(inner.seen.context?.metadata.get('x-md-global-user')).toBe('ada')
  })

  it('begins a stream with the first read, in the context of the call', async () => {
    const { client, seen } = await setUp()
    const stream = client.watch({ name: 'Ada' })
    await settle()
    expect(seen.context).toBeUndefined()
    await stream.next()
    expect(seen.context).toBeDefined()
  })

  it('costs nothing for a stream that is never read', async () => {
    const { client, seen } = await setUp()
    const stream = client.watch({ name: 'Ada' })
    await stream.return?.()
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    expect(seen.context).toBeUndefined()
  })

  it('cancels a stream that the caller leaves', async () => {
    const { client, seen } = await setUp()
    for await (const _ of client.watch({})) break
    await settle()
    expect(seen.ended).toBe('watch')
    expect(seen.context?.cancelled).toMatchObject({ code: Code.CANCELLED })
  })

  it('does not wait for a pending read when a stream is left', async () => {
    const never: Middleware = () => async () =>
      (async function* () {
        yield await new Promise(() => {})
      })() as never
    const { client } = await setUp({ middleware: [never] })
    const stream = client.watch({})
    const read = stream.next()
    await settle()
    expect(await stream.return?.()).toEqual({ done: true, value: undefined })
    // It does not fail: nobody may be there to take an error.
    expect(await read).toEqual({ done: true, value: undefined })
  })

  it('has the standard chain unless told otherwise', async () => {
    const { client } = await setUp({ middleware: undefined })
    await client.greet({})
    expect(await register.metrics()).toContain('grpc_client_started_total{grpc_method="Greet"')
  })

  it('composes middleware once per method, the first named outermost', async () => {
    const seen: string[] = []
    let composed = 0
    const note =
      (name: string): Middleware =>
      <Req, Res>(next: Endpoint<Req, Res>): Endpoint<Req, Res> => {
        composed += 1
        return (request, context) => {
          seen.push(name)
          return next(request, context)
        }
      }
    const { client } = await setUp({ middleware: [note('outer'), note('inner')] })
    await client.greet({})
    await client.greet({})
    expect(seen).toEqual(['outer', 'inner', 'outer', 'inner'])
    expect(composed).toBe(8)
  })

  it('leaves no current context to its caller', async () => {
    const { client } = await setUp()
    await client.greet({})
    expect(currentContext()).toBeUndefined()
  })

  it('fails calls that run, and later ones, when it is closed', async () => {
    const { client } = await setUp()
    const running = client.greet({ name: 'sleepy' })
    running.catch(() => {})
    await settle()
    await closeClient(client)
    await expect(running).rejects.toMatchObject({ code: Code.UNAVAILABLE, reason: 'CLIENT_CLOSED' })
    await expect(client.greet({})).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      rawMessage: 'the client of test.Greeter is closed',
    })
    await expect(client.watch({}).next()).rejects.toMatchObject({ reason: 'CLIENT_CLOSED', domain: 'tierkit' })
  })

  it('leaves a channel open that it shares', async () => {
    const { client, channel } = await setUp()
    const other = createClient(Greeter, { channel, middleware: [] })
    await closeClient(client)
    expect(await other.greet({ name: 'Ada' })).toEqual(greeting('Ada'))
    await closeClient(other)
  })

  it('keeps the process alive while a call runs, and not longer', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const { client } = await setUp()
    const before = timers()
    const controller = new AbortController()
    const running = client.greet({ name: 'sleepy' }, { signal: controller.signal })
    running.catch(() => {})
    expect(timers()).toBe(before + 1)
    controller.abort()
    await running.catch(() => {})
    expect(timers()).toBe(before)
  })

  it('needs to know what to call', () => {
    const { channel } = createInproc()
    const either = 'the client of test.Greeter needs either a target or a channel'
    expect(() => createClient(Greeter, {})).toThrow(either)
    expect(() => createClient(Greeter, { channel, target: 'a:1' })).toThrow(either)
    expect(() => createClient(Greeter, { channel, attemptMiddleware: [] })).toThrow(
      /attemptMiddleware must be set there/,
    )
  })
})
