import { Context, Metadata } from 'tierkit/endpoint'
import { Code, type RpcError } from 'tierkit/error'
import { type RetryEvent, type RetryOptions, retry } from 'tierkit/middleware'
import { type Clock, RetryBudget } from 'tierkit/resilience'
import { describe, expect, it, vi } from 'vitest'
import { retryInfo } from '../../src/codec/detail/retry-info.js'
import { createFakeClock } from '../../src/testing/fake-clock.js'
import { callContext, collect, failure, methodOf, rejection, streamOf } from './fixture.js'

const idempotent = methodOf('unary', { idempotency: 'idempotent' })

/** Makes one call whose attempts end as the script says; what comes after the script succeeds. */
async function play(
  script: readonly ((attempt: Context) => unknown)[],
  options: RetryOptions = {},
  context = callContext({ method: idempotent }),
) {
  const attempts: { readonly at: number; readonly context: Context }[] = []
  const endpoint = retry({ random: () => 0.5, ...options })(async (_: unknown, attempt: Context) => {
    attempts.push({ at: context.clock.now() - 1000, context: attempt })
    const step = script[attempts.length - 1]
    if (!step) return 'response'
    throw step(attempt)
  })
  const result = endpoint({}, context).then(
    (response) => ({ response, error: undefined }),
    (error: RpcError) => ({ response: undefined, error }),
  )
  await context.clock.advance(600_000)
  return { ...(await result), attempts, times: attempts.map(({ at }) => at), context }
}

const unavailable = () => failure()
const unsent = () => failure(Code.UNAVAILABLE, { neverSent: true })
const pushback =
  (text: string, code = Code.UNAVAILABLE as RpcError['code']) =>
  (attempt: Context) => {
    attempt.responseTrailers.set('grpc-retry-pushback-ms', text)
    return failure(code)
  }
const always = <T>(step: T): T[] => new Array<T>(20).fill(step)

describe('retry', () => {
  it('tries an idempotent call again after UNAVAILABLE, with growing delays, up to its attempts', async () => {
    const { error, times } = await play(always(unavailable), { attempts: 4 })
    expect(error).toMatchObject({ code: Code.UNAVAILABLE })
    expect(times).toEqual([0, 50, 150, 350])
  })

  it('makes three attempts by default, and five at most', async () => {
    expect((await play(always(unavailable))).times).toHaveLength(3)
    expect((await play(always(unavailable), { attempts: 50 })).times).toHaveLength(5)
    expect((await play(always(unavailable), { attempts: 1 })).times).toHaveLength(1)
  })

  it('gives the first response that comes', async () => {
    const { response, times } = await play([unavailable, unavailable])
    expect(response).toBe('response')
    expect(times).toHaveLength(3)
  })

  it('tries again only after codes that it was given', async () => {
    for (const code of [Code.INTERNAL, Code.UNKNOWN, Code.DEADLINE_EXCEEDED, Code.ABORTED, Code.RESOURCE_EXHAUSTED]) {
      expect((await play(always(() => failure(code)))).times).toHaveLength(1)
      expect(
        (
          await play(
            always(() => failure(code)),
            { codes: [code] },
          )
        ).times,
      ).toHaveLength(3)
    }
  })

  it('retries only what is idempotent, by its contract or because it was told so', async () => {
    const made = async (idempotency: 'unknown' | 'idempotent' | 'no_side_effects', options?: RetryOptions) => {
      const context = callContext({ method: methodOf('unary', { idempotency }) })
      return (await play(always(unavailable), options, context)).times.length
    }
    expect(await made('unknown')).toBe(1)
    expect(await made('idempotent')).toBe(3)
    expect(await made('no_side_effects')).toBe(3)
    expect(await made('unknown', { assumeIdempotent: true })).toBe(3)
    expect(await made('unknown', { assumeIdempotent: ({ name }) => name === 'Call' })).toBe(3)
    expect(await made('unknown', { assumeIdempotent: () => false })).toBe(1)
  })

  it('keeps the delays of 10,000 calls within 20 % of the interval, and makes no more than five attempts', async () => {
    const events: RetryEvent[] = []
    const options = { attempts: 9, backoff: { initialMs: 100, maxMs: 400 }, budget: false } as const
    const endpoint = retry({ ...options, onRetry: (event) => events.push(event) })(async (count: { made: number }) => {
      count.made += 1
      throw failure()
    })
    for (let run = 0; run < 10_000; run += 1) {
      const count = { made: 0 }
      await rejection(endpoint(count, new Context({ method: idempotent, side: 'client', clock: instantClock() })))
      expect(count.made).toBe(5)
    }
    expect(events).toHaveLength(40_000)
    const intervals = [100, 200, 400, 400]
    const ratios = events.map(({ delayMs, attempts }) => delayMs / (intervals[attempts - 1] ?? 0))
    expect(ratios.filter((ratio) => ratio < 0.8 || ratio > 1.2)).toEqual([])
    expect(Math.min(...ratios.slice(0, 4000))).toBeLessThan(0.82)
    expect(Math.max(...ratios.slice(0, 4000))).toBeGreaterThan(1.18)
  })

  describe('pushback', () => {
    it('is waited for exactly, and the backoff then begins anew', async () => {
      const script = [unavailable, unavailable, pushback('1234'), unavailable]
      const { times } = await play([...script, unavailable], { attempts: 5 })
      expect(times).toEqual([0, 50, 150, 1384, 1434])
    })

    it('of 0 means at once', async () => {
      expect((await play([pushback('0')])).times).toEqual([0, 0])
    })

    it.each(['-1', 'garbage', '', '1.5', '1e3', '0x10', ' 7', '99999999999'])('of %j ends the call', async (text) => {
      const { error, times } = await play([pushback(text)])
      expect(times).toEqual([0])
      expect(error).toMatchObject({ code: Code.UNAVAILABLE })
    })

    it('asks for a retry whatever the code, but never of what is not idempotent', async () => {
      const limited = pushback('70', Code.RESOURCE_EXHAUSTED)
      expect((await play([limited])).times).toEqual([0, 70])
      expect((await play([limited], {}, callContext())).times).toEqual([0])
    })

    it('comes as google.rpc.RetryInfo too; the trailer goes before it', async () => {
      const informed = () => failure(Code.RESOURCE_EXHAUSTED, { details: [retryInfo(250)] })
      expect((await play([informed])).times).toEqual([0, 250])
      const both = (attempt: Context) => {
        attempt.responseTrailers.set('grpc-retry-pushback-ms', '30')
        return informed()
      }
      expect((await play([both])).times).toEqual([0, 30])
    })

    it('ignores a RetryInfo that cannot be read', async () => {
      const value = new Uint8Array([10, 200, 1])
      const broken = () => failure(Code.UNAVAILABLE, { details: [{ type: 'google.rpc.RetryInfo', value }] })
      expect((await play([broken])).times).toEqual([0, 50])
    })
  })

  describe('a call that was never sent', () => {
    it('is tried again whatever its method: at once, then with backoff, five times at most', async () => {
      const { error, times } = await play(always(unsent), { attempts: 1 }, callContext())
      expect(times).toEqual([0, 0, 50, 150, 350, 750])
      expect(error).toMatchObject({ code: Code.UNAVAILABLE, neverSent: true })
    })

    it('costs neither attempts nor budget', async () => {
      const budget = new RetryBudget()
      const script = [unsent, unavailable, unsent, unavailable]
      const { response, times } = await play(script, { budget })
      expect(response).toBe('response')
      expect(times).toHaveLength(5)
      expect(budget.tokens).toBe(98.1)
    })

    it('goes elsewhere at once where a circuit is open', async () => {
      const open = () => failure(Code.UNAVAILABLE, { neverSent: true, reason: 'CIRCUIT_OPEN' })
      expect((await play(always(open))).times).toEqual([0, 0, 0, 0, 0, 0])
    })

    it('is not tried again if a limit on this side refused it', async () => {
      const refused = () => failure(Code.RESOURCE_EXHAUSTED, { neverSent: true })
      expect((await play(always(refused))).times).toEqual([0])
    })
  })

  describe('the budget', () => {
    it('keeps attempts below 1.1 times the load when every server fails', async () => {
      const clock = createFakeClock(1000)
      let attempts = 0
      const endpoint = retry({ attempts: 4 })(async () => {
        attempts += 1
        throw failure()
      })
      const load = async (seconds: number) => {
        attempts = 0
        const calls: Promise<unknown>[] = []
        for (let tick = 0; tick < seconds * 50; tick += 1) {
          for (let n = 0; n < 10; n += 1)
            calls.push(rejection(endpoint({}, callContext({ method: idempotent, clock }))))
          await clock.advance(20)
        }
        await clock.advance(5000)
        await Promise.all(calls)
        return attempts / calls.length
      }
      await load(10)
      expect(await load(20)).toBeLessThanOrEqual(1.1)
    })

    it('hides failures that are rare', async () => {
      let attempts = 0
      const endpoint = retry()(async () => {
        attempts += 1
        if (attempts % 15 === 0) throw failure()
      })
      const clock = createFakeClock(1000)
      for (let n = 0; n < 2000; n += 1) {
        const call = endpoint({}, callContext({ method: idempotent, clock }))
        await clock.advance(100)
        await call
      }
      expect(attempts).toBe(2000 + Math.floor(attempts / 15))
    })

    it('is one for each service, unless it is given', async () => {
      const made = async (middleware: ReturnType<typeof retry>, service: string) => {
        let attempts = 0
        const endpoint = middleware(async () => {
          attempts += 1
          throw failure()
        })
        const context = callContext({ method: { ...idempotent, service } })
        const ended = rejection(endpoint({}, context))
        await context.clock.advance(10_000)
        await ended
        return attempts
      }
      const own = retry({ budget: { maxTokens: 10 } })
      expect([await made(own, 'a'), await made(own, 'a'), await made(own, 'a'), await made(own, 'b')]).toEqual([
        3, 2, 1, 3,
      ])
      const shared = retry({ budget: new RetryBudget({ maxTokens: 4 }) })
      expect([await made(shared, 'a'), await made(shared, 'b')]).toEqual([2, 1])
    })

    it('counts a server that asks not to retry', async () => {
      const budget = new RetryBudget()
      await play([pushback('-1', Code.RESOURCE_EXHAUSTED)], { budget })
      expect(budget.tokens).toBe(99)
    })
  })

  describe('each attempt', () => {
    it('says how many there were before it', async () => {
      const { attempts } = await play([unavailable, unsent, unavailable])
      const said = attempts.map(({ context }) => context.metadata.get('grpc-previous-rpc-attempts'))
      expect(said).toEqual([undefined, '1', '1', '2'])
    })

    it('sends the metadata of the call, without what earlier attempts added', async () => {
      const metadata = new Metadata({ 'x-tenant': ['blue', 'green'], 'x-key-bin': new Uint8Array([1]) })
      const sent: Record<string, unknown>[] = []
      const step = (attempt: Context) => {
        sent.push(structuredClone(Object.fromEntries(attempt.metadata)))
        attempt.metadata.append('x-tenant', 'red').set('x-added', 'yes')
        return failure()
      }
      await play([step, step, step], {}, callContext({ method: idempotent, metadata }))
      const bytes = [new Uint8Array([1])]
      expect(sent).toEqual([
        { 'x-tenant': ['blue', 'green'], 'x-key-bin': bytes },
        { 'x-tenant': ['blue', 'green'], 'x-key-bin': bytes, 'grpc-previous-rpc-attempts': ['1'] },
        { 'x-tenant': ['blue', 'green'], 'x-key-bin': bytes, 'grpc-previous-rpc-attempts': ['2'] },
      ])
    })

    it('leaves only what the last one brought', async () => {
      const { context } = await play([
        (attempt) => {
          attempt.responseHeaders.set('x-server', 'one')
          attempt.responseTrailers.set('x-cost', '1')
          attempt.peer = { address: '10.0.0.1:1' }
          return failure()
        },
      ])
      expect([context.responseHeaders.size, context.responseTrailers.size, context.peer]).toEqual([0, 0, undefined])
    })

    it('is cancelled with the call, and released when it has ended', async () => {
      const context = callContext({ method: idempotent, deadline: 5000 })
      let second: Context | undefined
      const endpoint = retry()(async (_: unknown, attempt: Context) => {
        if (attempt === context) throw failure()
        second = attempt
        return new Promise((_resolve, reject) => void attempt.onCancel(reject))
      })
      const ended = rejection(endpoint({}, context))
      await context.clock.advance(100)
      expect(second?.cancelled).toBeUndefined()
      context.cancel()
      expect(await ended).toMatchObject({ code: Code.CANCELLED })
      expect(context.clock.pending).toBe(0)
    })
  })

  describe('waiting', () => {
    it('ends as soon as the call is cancelled', async () => {
      const context = callContext({ method: idempotent })
      const made = vi.fn(() => Promise.reject(failure()))
      const ended = rejection(retry()(made)({}, context))
      await context.clock.advance(10)
      context.cancel()
      expect(await ended).toMatchObject({ code: Code.CANCELLED })
      expect(made).toHaveBeenCalledOnce()
      expect(context.clock.pending).toBe(0)
    })

    it('is not begun if the deadline comes before its end: the call fails at once as its last attempt did', async () => {
      const context = callContext({ method: idempotent, deadline: 1120 })
      const { error, times } = await play(always(unavailable), { attempts: 5 }, context)
      expect(times).toEqual([0, 50])
      expect(error).toMatchObject({ code: Code.UNAVAILABLE })
    })

    it('is told of before it begins', async () => {
      const events: RetryEvent[] = []
      const { context } = await play([unavailable, unsent, pushback('7')], {
        attempts: 4,
        onRetry: (event) => events.push(event),
      })
      expect(events).toMatchObject([
        { context, attempts: 1, delayMs: 50, transparent: false },
        { context, attempts: 1, delayMs: 0, transparent: true },
        { context, attempts: 2, delayMs: 7, transparent: false },
      ])
    })
  })

  describe('the error of the call', () => {
    it('is that of the only attempt, as it was thrown', async () => {
      const foreign = new TypeError('foreign')
      expect((await play([() => foreign])).error).toBe(foreign)
    })

    it('is like that of the last attempt, with those of all as cause', async () => {
      const last = failure(Code.NOT_FOUND, {
        reason: 'GONE',
        domain: 'test',
        metadata: { id: '7' },
        details: [retryInfo(1)],
      })
      const first = failure()
      const { error } = await play([() => first, () => failure(Code.UNAVAILABLE), () => last], {
        codes: [Code.UNAVAILABLE],
      })
      const { code, rawMessage, reason, domain, metadata, details } = last
      expect(error).toMatchObject({ code, rawMessage, reason, domain, metadata, details })
      const cause = error?.cause as AggregateError
      expect(cause.errors).toHaveLength(3)
      expect([cause.errors[0], cause.errors[2]]).toEqual([first, last])
    })

    it('says never sent only if no attempt was sent', async () => {
      expect((await play([unavailable, ...always(unsent)])).error).toMatchObject({ neverSent: false })
    })
  })

  describe('streams', () => {
    const method = methodOf('server_stream', { idempotency: 'idempotent' })

    const open = async (
      streams: readonly (() => AsyncIterable<number> | never)[],
      context = callContext({ method }),
    ) => {
      let attempts = 0
      const endpoint = retry({ random: () => 0.5 })(async () => {
        attempts += 1
        return (streams[attempts - 1] ?? (() => streamOf([7, 8])))()
      })
      const read = endpoint({}, context).then(collect, (error) => ({ values: [], error }))
      await context.clock.advance(10_000)
      return { ...(await read), attempts, pending: context.clock.pending }
    }

    it('are tried again until their first message', async () => {
      const refused = () => {
        throw failure()
      }
      const broken = () => streamOf<number>([], failure())
      expect(await open([refused, broken])).toEqual({ values: [7, 8], error: undefined, attempts: 3, pending: 0 })
    })

    it('are not tried again once a message was seen', async () => {
      const { values, error, attempts } = await open([() => streamOf([1], failure())])
      expect([values, attempts]).toEqual([[1], 1])
      expect(error).toMatchObject({ code: Code.UNAVAILABLE })
    })

    it('may be empty', async () => {
      expect(await open([() => streamOf([])])).toMatchObject({ values: [], error: undefined, attempts: 1 })
    })

    it('fail as their last attempt did', async () => {
      const broken = () => streamOf<number>([], failure())
      const { error, attempts } = await open([broken, broken, broken])
      expect(attempts).toBe(3)
      expect(error).toMatchObject({ code: Code.UNAVAILABLE, cause: expect.any(AggregateError) })
    })

    it('can be left, which closes what they came from', async () => {
      const context = callContext({ method, deadline: 9000 })
      let closed = false
      const source = async function* () {
        try {
          yield 1
          yield 2
        } finally {
          closed = true
        }
      }
      let attempts = 0
      const endpoint = retry()(async () => {
        attempts += 1
        if (attempts === 1) throw failure()
        return source()
      })
      const left = endpoint({}, context).then(async (stream) => {
        for await (const _ of stream) break
      })
      await context.clock.advance(100)
      await left
      expect(closed).toBe(true)
      context.finish()
      expect(context.clock.pending).toBe(0)
    })

    it.each(['client_stream', 'bidi_stream'] as const)('of requests are sent once (%s)', async (kind) => {
      const made = vi.fn(() => Promise.reject(unsent()))
      const endpoint = retry({ assumeIdempotent: true })(made)
      await rejection(endpoint(streamOf([1]), callContext({ method: methodOf(kind) })))
      expect(made).toHaveBeenCalledOnce()
    })
  })

  it.each<[RetryOptions, RegExp]>([
    [{ attempts: 0 }, /attempts/],
    [{ attempts: 2.5 }, /attempts/],
    [{ backoff: { initialMs: -1 } }, /initialMs/],
    [{ budget: { maxTokens: 0 } }, /maxTokens/],
  ])('refuses %o by name', (options, message) => {
    expect(() => retry(options)).toThrow(message)
  })
})

/** A clock on which every wait is over as soon as others had their turn. */
function instantClock(): Clock {
  let now = 0
  return {
    now: () => now,
    schedule(delayMs, fire) {
      queueMicrotask(() => {
        now += delayMs
        fire()
      })
      return () => {}
    },
  }
}
