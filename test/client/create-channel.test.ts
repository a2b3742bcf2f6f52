import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Node, roundRobin, where } from 'tierkit/balancer'
import { type ChannelOptions, createChannel } from 'tierkit/client'
import { type Context, chain, currentContext, type Middleware, runInContext } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import type { Resolver } from 'tierkit/registry'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { serverKey, waitForReadyKey } from '../../src/endpoint/outgoing.js'
import { createFakeClock } from '../../src/testing/fake-clock.js'
import type { Channel } from '../../src/transport/transport.js'
import { sampleMethod } from '../endpoint/sample-method.js'
import { callContext, FakeResolver, FakeTransport, instance, settle } from './fake-channel.js'

const method = sampleMethod()
const streaming = sampleMethod('server_stream', 'Watch')
const a = 'fake://a:1'
const b = 'fake://b:1'
const c = 'fake://c:1'

let channel: Channel | undefined
afterEach(() => channel?.close())

/** A channel on fakes, with the first set of instances pushed. */
function setUp(urls: readonly string[] | undefined, options: Partial<ChannelOptions> = {}, ready = true) {
  const transport = new FakeTransport(ready)
  const resolver = new FakeResolver()
  if (urls) resolver.push(urls.map((url) => instance(url)))
  channel = createChannel({
    target: 'discovery:///orders',
    registry: resolver,
    transports: { fake: transport.open },
    balancer: roundRobin({ random: () => 0 }),
    ...options,
  })
  const endpoint = channel.endpoint(method)
  return { transport, resolver, channel, call: (context: Context = callContext(method)) => endpoint('hi', context) }
}

describe('createChannel', () => {
  it('does nothing until the first call', async () => {
    const { resolver, channel, call } = setUp([a])
    await settle()
    expect([resolver.watched, channel.state]).toEqual([[], 'idle'])
    expect(await call()).toBe(a)
    expect([resolver.watched, channel.state]).toEqual([['orders'], 'ready'])
  })

  it('follows the registry outside of the call that happens to be the first', async () => {
    const followed: unknown[] = []
    const resolver: Resolver = {
      async *watch(_, signal) {
        followed.push(currentContext())
        yield [instance(a)]
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      },
    }
    const { call } = setUp(undefined, { registry: resolver })
    await runInContext(callContext(method), () => call())
    expect(followed).toEqual([undefined])
  })

  it('says which instance an attempt goes to, whoever answers', async () => {
    const { transport, call } = setUp([a])
    const context = callContext(method)
    await call()
    transport.at(a).answer = async (_, answered) => {
      answered.peer = { address: '10.0.0.7:1' }
    }
    await call(context)
    expect([context.get(serverKey), context.peer?.address]).toEqual(['a:1', '10.0.0.7:1'])
  })

  it('spreads calls over all instances', async () => {
    const { call } = setUp([a, b])
    expect([await call(), await call(), await call()]).toEqual([a, b, a])
  })

  it('waits for the first set of instances', async () => {
    const { resolver, call } = setUp(undefined)
    const answer = call()
    await settle()
    resolver.push([instance(b)])
    expect(await answer).toBe(b)
  })

  it('stops waiting when the call is cancelled or its deadline passes', async () => {
    const clock = createFakeClock()
    const { call } = setUp(undefined)
    const cancelled = callContext(method)
    const late = callContext(method, { deadline: 50, clock })
    const results = Promise.allSettled([call(cancelled), call(late)])
    cancelled.cancel()
    await clock.advance(50)
    expect((await results).map((result) => result.status === 'rejected' && result.reason.code)).toEqual([
      Code.CANCELLED,
      Code.DEADLINE_EXCEEDED,
    ])
  })

  it('fails with NO_INSTANCES, and as never sent, when the registry knows none', async () => {
    const { call } = setUp([])
    const error = { code: Code.UNAVAILABLE, reason: 'NO_INSTANCES', domain: 'tierkit', neverSent: true }
    await expect(call()).rejects.toMatchObject(error)
  })

  it('says so when the filters leave none', async () => {
    const { call } = setUp([a, b], { filters: [where(() => false)] })
    await expect(call()).rejects.toMatchObject({ message: expect.stringContaining('none of its 2 instances passes') })
  })

  it('waits for an instance where the call says so', async () => {
    const { resolver, call } = setUp([])
    const answer = call(callContext(method).set(waitForReadyKey, true))
    await settle()
    resolver.push([instance(a)])
    expect(await answer).toBe(a)
  })

  it('connects only to instances that pass the filters', async () => {
    const { transport, call } = setUp([a, b], { filters: [where(({ url }) => url === b)] })
    expect(await call()).toBe(b)
    expect([...transport.channels.keys()]).toEqual([b])
  })

  it('keeps channel and node of an instance that survives an update', async () => {
    const seen: unknown[] = []
    const balancer = roundRobin({ random: () => 0 })
    const update = balancer.update.bind(balancer)
    balancer.update = (nodes) => {
      seen.push(nodes)
      update(nodes)
    }
    const { transport, resolver, call } = setUp([a, b], { balancer })
    await call()
    const before = transport.at(a)
    resolver.push([instance(c), instance(a, { metadata: { weight: '7' } })])
    await settle()
    const [first, second] = seen.slice(-2) as { url: string; weight: number }[][]
    expect(transport.at(a)).toBe(before)
    expect(second?.find(({ url }) => url === a)).toBe(first?.find(({ url }) => url === a))
    expect(second?.map(({ url, weight }) => [url, weight])).toEqual([
      [a, 7],
      [c, 100],
    ])
  })

  it('closes the channel of an instance that is gone when its last call has ended', async () => {
    const { transport, resolver, call } = setUp([a])
    let finish = (_: string): void => {}
    await call()
    transport.at(a).answer = () => new Promise((resolve) => (finish = resolve))
    const running = call()
    await settle()
    resolver.push([instance(b)])
    await settle()
    expect(transport.at(a).closed).toBe(false)
    finish('late')
    expect(await running).toBe('late')
    expect([transport.at(a).closed, await call()]).toEqual([true, b])
  })

  it('keeps a channel open for a stream until the stream has ended', async () => {
    const { transport, resolver, channel, call } = setUp([a])
    await call()
    transport.at(a).answer = async () =>
      (async function* () {
        yield 1
      })()
    const stream = (await channel.endpoint(streaming)('hi', callContext(streaming))) as AsyncIterable<number>
    resolver.push([])
    await settle()
    expect(transport.at(a).closed).toBe(false)
    for await (const _ of stream);
    expect(transport.at(a).closed).toBe(true)
  })

  it('avoids instances that are not connected while others are', async () => {
    const { transport, call } = setUp([a, b])
    await call()
    transport.at(a).become('transient_failure')
    expect([await call(), await call()]).toEqual([b, b])
    transport.at(a).become('ready')
    expect(new Set([await call(), await call()])).toEqual(new Set([a, b]))
  })

  it('lets calls wait while a connection is on its way', async () => {
    const { transport, call } = setUp([a, b], {}, false)
    const answers = [call(), call()]
    await settle()
    transport.at(a).become('connecting')
    transport.at(b).become('transient_failure')
    transport.at(a).become('ready')
    expect(await Promise.all(answers)).toEqual([a, a])
  })

  it('fails fast when no connection can be made, with the target and the reason', async () => {
    const { transport, call } = setUp([a], {}, false)
    const answer = call()
    await settle()
    transport.at(a).answer = async () => {
      throw new RpcError(Code.UNAVAILABLE, 'connect ECONNREFUSED', { neverSent: true })
    }
    transport.at(a).become('transient_failure')
    await expect(answer).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      rawMessage: 'discovery:///orders: connect ECONNREFUSED',
      neverSent: true,
    })
  })

  it('waits through failed connections where the call says so', async () => {
    const { transport, call } = setUp([a], {}, false)
    const answer = call(callContext(method).set(waitForReadyKey, true))
    await settle()
    transport.at(a).become('transient_failure')
    await settle()
    transport.at(a).become('ready')
    expect(await answer).toBe(a)
  })

  it('connects again when a connection falls idle', async () => {
    const { transport, call } = setUp([a], {}, false)
    const answer = call()
    await settle()
    transport.at(a).become('ready')
    await answer
    transport.at(a).become('idle')
    expect(transport.at(a).connects).toBe(2)
  })

  it('sends a retry of a call to an instance that it has not tried', async () => {
    const { call } = setUp([a, b, c], { balancer: stickyBalancer() })
    const context = callContext(method)
    const urls = [await call(context), await call(context), await call(context)]
    expect(new Set(urls).size).toBe(3)
    expect(await call(context)).toBe(a)
  })

  it('is UNAVAILABLE when the balancer wants no instance', async () => {
    const { call } = setUp([a], { balancer: { update() {}, pick: () => undefined } })
    await expect(call()).rejects.toMatchObject({ code: Code.UNAVAILABLE, neverSent: true })
  })

  it('tells the balancer once how an attempt ended', async () => {
    const ends: string[] = []
    const { transport, channel, call } = setUp([a], { balancer: stickyBalancer((code) => ends.push(`${code}`)) })
    await call()
    transport.at(a).answer = async () => {
      throw new RpcError(Code.NOT_FOUND, 'gone')
    }
    await expect(call()).rejects.toMatchObject({ code: Code.NOT_FOUND })
    transport.at(a).answer = async () =>
      (async function* () {
        yield 1
        yield 2
      })()
    const stream = (await channel.endpoint(streaming)('hi', callContext(streaming))) as AsyncIterable<number>
    expect(ends).toEqual(['0', '5'])
    for await (const _ of stream) break
    expect(ends).toEqual(['0', '5', '1'])
  })

  it('composes attempt middleware once per method and runs it after the pick, the first named outermost', async () => {
    const seen: string[] = []
    let composed = 0
    const note =
      (name: string): Middleware =>
      (next) => {
        composed += 1
        return (request, context) => {
          seen.push(`${name} ${context.peer?.address}`)
          return next(request, context)
        }
      }
    const { call } = setUp([a, b], { attemptMiddleware: [note('outer'), note('inner')] })
    await call()
    await call()
    expect(seen).toEqual(['outer a:1', 'inner a:1', 'outer b:1', 'inner b:1'])
    expect(composed).toBe(2)
  })

  it('lets a retry go elsewhere when attempt middleware refuses an instance', async () => {
    const refuseA: Middleware = (next) => async (request, context) => {
      if (context.peer?.address === 'a:1') throw new RpcError(Code.UNAVAILABLE, 'open', { neverSent: true })
      return next(request, context)
    }
    const { call } = setUp([a, b], { attemptMiddleware: [refuseA] })
    const context = callContext(method)
    await expect(call(context)).rejects.toMatchObject({ rawMessage: 'open' })
    expect(await call(context)).toBe(b)
  })

  it('keeps the last instances when the registry fails, and follows it again', async () => {
    const clock = createFakeClock()
    const { resolver, call } = setUp([a], { clock, random: () => 0.5 })
    await call()
    resolver.push(new RpcError(Code.NOT_FOUND, 'no such key'))
    await settle()
    expect(await call()).toBe(a)
    await clock.advance(1000)
    resolver.push([instance(b)])
    await settle()
    expect(await call()).toBe(b)
  })

  it('is UNAVAILABLE, whatever the code of the registry, when instances were never found', async () => {
    const { resolver, call } = setUp(undefined, { clock: createFakeClock() })
    const answer = call()
    await settle()
    resolver.push(new RpcError(Code.NOT_FOUND, 'no such key'))
    await expect(answer).rejects.toMatchObject({ code: Code.UNAVAILABLE, neverSent: true })
  })

  it('is INTERNAL when the balancer throws', async () => {
    const pick = (): never => {
      throw new RpcError(Code.NOT_FOUND, 'bug')
    }
    const { call } = setUp([a], { balancer: { update() {}, pick } })
    await expect(call()).rejects.toMatchObject({ code: Code.INTERNAL })
  })

  it('leaves out an address that cannot be used', async () => {
    const transport = new FakeTransport()
    const open = (url: string): Channel => {
      if (url === a) throw new TypeError('bad address')
      return transport.open(url)
    }
    const { call } = setUp([a, b], { transports: { fake: open } })
    expect([await call(), await call()]).toEqual([b, b])
  })

  it('takes the endpoint whose scheme it speaks', async () => {
    const { resolver, transport, call } = setUp(undefined)
    const endpoints = ['http://a:8000', 'fake://a:1']
    resolver.push([instance(a, { endpoints }), instance(b, { endpoints: ['other://b:1'] })])
    expect(await call()).toBe(a)
    expect([...transport.channels.keys()]).toEqual([a])
  })

  it('tells of troubles of the registry that it opened', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tierkit-channel-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    await writeFile(join(directory, 'broken.json'), '{')
    const errors: string[] = []
    const target = `${pathToFileURL(directory)}/orders`
    channel = createChannel({ target, onError: ({ message }) => errors.push(message) })
    await expect(channel.endpoint(method)('hi', callContext(method))).rejects.toMatchObject({ reason: 'NO_INSTANCES' })
    expect(errors).toEqual([expect.stringContaining('broken.json')])
  })

  it('tells of a watch that fails, once until it is well again', async () => {
    const errors: unknown[] = []
    const onError = (error: Error): void => {
      errors.push(error.message)
      throw new Error('a listener that fails harms nobody')
    }
    const clock = createFakeClock()
    const { resolver, call } = setUp(undefined, { onError, clock })
    const answer = call()
    answer.catch(() => {})
    for (const item of [
      new Error('no answer in 5 ms'),
      new Error('no answer in 7 ms'),
      [instance(a)],
      new Error('gone'),
    ]) {
      resolver.push(item)
      await clock.advance(60_000)
    }
    const trouble = 'cannot follow discovery:///orders'
    expect(errors).toEqual([`${trouble}: no answer in 5 ms`, `${trouble}: gone`])
    expect(await call()).toBe(a)
  })

  it('ends everything when it is closed', async () => {
    const { transport, resolver, channel, call } = setUp([a])
    await call()
    const waiting = setUp(undefined)
    const answer = waiting.call()
    await settle()
    await Promise.all([channel.close(), waiting.channel.close()])
    await expect(answer).rejects.toMatchObject({ code: Code.UNAVAILABLE, reason: 'CHANNEL_CLOSED' })
    await expect(call()).rejects.toMatchObject({ reason: 'CHANNEL_CLOSED', domain: 'tierkit' })
    expect([transport.at(a).closed, channel.state]).toEqual([true, 'shutdown'])
    resolver.push([instance(b)])
    await settle()
    expect([...transport.channels.keys()]).toEqual([a])
  })

  it('closes channels that are being drained too', async () => {
    const { transport, resolver, channel, call } = setUp([a])
    await call()
    transport.at(a).answer = () => new Promise(() => {})
    void call()
    await settle()
    resolver.push([instance(b)])
    await settle()
    await channel.close()
    expect(transport.at(a).closed).toBe(true)
  })

  it('keeps the password of a target to itself', () => {
    expect(createChannel({ target: 'grpc://ada:secret@host:2379' }).url).toBe('grpc://host:2379')
  })

  it.each([
    ['nothing://x', undefined, /unknown scheme/],
    ['etcd://host', undefined, /names no service/],
    ['discovery:///', new FakeResolver(), /names no service/],
    ['etcd://host/orders', new FakeResolver(), /names no service of the registry/],
  ])('refuses the target %s', (target, registry, message) => {
    expect(() => createChannel({ target, registry })).toThrow(message)
  })

  it('is itself a channel that middleware can stand around', async () => {
    const { channel } = setUp([a])
    const shout: Middleware = (next) => async (request, context) => {
      const answer = await next(request, context)
      return `${answer}!` as typeof answer
    }
    expect(await chain(shout)(channel.endpoint(method))('hi', callContext(method))).toBe(`${a}!`)
  })
})

/** Always wants the first node. */
function stickyBalancer(ended: (code: Code) => void = () => {}): NonNullable<ChannelOptions['balancer']> {
  let nodes: readonly Node[] = []
  return {
    update: (all) => {
      nodes = all
    },
    pick: () => nodes[0] && { node: nodes[0], done: (outcome) => ended(outcome.code) },
  }
}
