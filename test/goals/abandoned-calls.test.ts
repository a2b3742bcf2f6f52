import { setTimeout as wait } from 'node:timers/promises'
import { type Client, closeClient, createClient } from 'tierkit/client'
import type { Context } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { bulkhead, circuitBreaker, recover, retry, timeout, validate } from 'tierkit/middleware'
import {
  bidiStream,
  clientStream,
  defineMessage,
  defineService,
  field,
  implement,
  serverStream,
  unary,
} from 'tierkit/service'
import { describe, expect, it, vi } from 'vitest'
import { serveOver, transportNames } from './transports.js'

// A rejection that nobody handles fails the run by itself.

const CALLS = 1000
const PLACES = 50

const Message = defineMessage('goals.Step', { text: field(1, 'string') })
const Storm = defineService({
  name: 'goals.Storm',
  methods: {
    one: unary(Message, Message, { idempotency: 'idempotent' }),
    down: serverStream(Message, Message, { idempotency: 'idempotent' }),
    up: clientStream(Message, Message),
    both: bidiStream(Message, Message),
  },
})

type Step = { text: string }

/** What handlers do, by what they are sent. */
const behaviours: Readonly<Record<string, (context: Context) => Promise<unknown>>> = {
  answer: async () => undefined,
  linger: () => wait(15),
  obey: (context) => new Promise((_, reject) => void context.onCancel(reject)),
  signal: ({ signal }) => wait(60_000, undefined, { signal }),
  throw: () => Promise.reject(new Error('broken')),
  refuse: () => Promise.reject(new RpcError(Code.UNAVAILABLE, 'not now')),
}
const texts = Object.keys(behaviours)

/** Holds whoever comes until all are there. */
function gate(all: number): () => Promise<void> {
  let come = 0
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return () => {
    come += 1
    if (come === all) open()
    return opened
  }
}

/** A service whose handlers are counted while they run. */
function stormService() {
  const running = new Set<symbol>()
  const gather = gate(PLACES)
  async function* counted(responses: (mark: symbol) => AsyncIterable<Step>): AsyncGenerator<Step> {
    const mark = Symbol('stream')
    running.add(mark)
    try {
      yield* responses(mark)
    } finally {
      running.delete(mark)
    }
  }
  const single = async (work: () => Promise<Step>): Promise<Step> => {
    const mark = Symbol('call')
    running.add(mark)
    return work().finally(() => running.delete(mark))
  }
  const act = async ({ text }: Step, context: Context): Promise<Step> => {
    await (text === 'gather' ? gather() : behaviours[text]?.(context))
    return { text }
  }
  const service = implement(Storm, {
    one: (request, context) => single(() => act(request, context)),
    down: (request, context) =>
      counted(async function* () {
        for (let count = 0; count < 5; count += 1) yield await act(request, context)
      }),
    up: (requests, context) =>
      single(async () => {
        for await (const request of requests) await act(request, context)
        return { text: 'all' }
      }),
    both: (requests, context) =>
      counted(async function* () {
        for await (const request of requests) yield await act(request, context)
      }),
  })
  return { service, running }
}

/** Makes calls that differ in all that matters, by their number, and gives most of them up in one way or another. */
class Caller {
  readonly #client: Client<typeof Storm>
  readonly #kinds: readonly string[]
  /** Streams of requests that were begun and not closed. */
  readonly sources = new Set<symbol>()

  constructor(client: Client<typeof Storm>, bidi: boolean) {
    this.#client = client
    this.#kinds = bidi ? ['one', 'down', 'up', 'both'] : ['one', 'down', 'up']
  }

  async call(number: number): Promise<void> {
    const text = texts[number % texts.length] ?? ''
    const kind = this.#kinds[Math.floor(number / 7) % this.#kinds.length]
    const how = Math.floor(number / 31) % 4
    const controller = new AbortController()
    const options = { signal: controller.signal, timeoutMs: 5 + (number % 50) }
    if (how === 0) setTimeout(() => controller.abort(), number % 20)
    if (how === 1) controller.abort()
    if (kind === 'one') await this.#client.one({ text }, options)
    else if (kind === 'up') await this.#client.up(this.#requests(text, number), options)
    else if (kind === 'down') await this.#read(this.#client.down({ text }, options), how)
    else await this.#read(this.#client.both(this.#requests(text, number), options), how)
  }

  async *#requests(text: string, number: number): AsyncGenerator<Step> {
    const mark = Symbol('requests')
    this.sources.add(mark)
    try {
      for (let count = 0; count < 4; count += 1) {
        yield { text }
        if (number % 3 === 1) await wait(2)
        if (number % 13 === 0) throw new Error('no more requests')
      }
    } finally {
      this.sources.delete(mark)
    }
  }

  async #read(stream: AsyncIterableIterator<Step>, how: number): Promise<void> {
    if (how === 2) {
      // To leave while a read is under way, or has failed.
      const read = stream.next().catch((error) => error)
      await wait(1)
      await stream.return?.()
      await read
      return
    }
    let count = 0
    for await (const _ of stream) if (++count > 2) break
  }
}

describe.each(transportNames)('a storm of calls that are given up, over %s,', (name) => {
  it('ends every one of them, and leaves nothing behind', async () => {
    const { service, running } = stormService()
    const served = await serveOver(name, service, [
      recover(),
      timeout({ ms: 20_000, streamMs: 60 }),
      bulkhead({ concurrent: PLACES, queue: 20 }),
      validate(() => undefined),
    ])
    const middleware = [
      timeout({ ms: 20_000, streamMs: 50, idleMs: 30 }),
      bulkhead({ concurrent: PLACES, queue: 20 }),
      retry({ backoff: { initialMs: 1 }, budget: false }),
      circuitBreaker({ registry: false, volumeThreshold: 10 * CALLS }),
      validate(() => undefined),
    ]
    const client = createClient(Storm, { channel: served.channel, middleware })
    const caller = new Caller(client, name !== 'http')
    const calls: Promise<unknown>[] = []
    for (let number = 0; number < CALLS; number += 1) {
      calls.push(caller.call(number).catch((error) => error))
      if (number % 20 === 0) await wait(2)
    }
    const ends = await Promise.all(calls)
    expect(ends.filter((end) => end !== undefined && !(end instanceof RpcError))).toEqual([])
    expect(new Set(ends.map((end) => (end as RpcError | undefined)?.code))).toContain(Code.CANCELLED)
    await vi.waitFor(() => expect([running.size, caller.sources.size]).toEqual([0, 0]), { timeout: 10_000 })

    // Every place is free again, on both sides: so many calls can be under way at once.
    const whole = Array.from({ length: PLACES }, () => client.one({ text: 'gather' }))
    expect(await Promise.all(whole)).toHaveLength(PLACES)
    await closeClient(client)
    await served.close()
  })
})
