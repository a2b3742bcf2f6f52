import { currentContext, outgoingContext, runInContext } from 'tierkit/endpoint'
import { Code } from 'tierkit/error'
import { timeout } from 'tierkit/middleware'
import { describe, expect, it } from 'vitest'
import { callContext, collect, failure, methodOf, rejection, streamOf } from './fixture.js'

const never = () => new Promise<never>(() => {})

describe('timeout', () => {
  it('answers DEADLINE_EXCEEDED when the time is over, although the handler goes on', async () => {
    const context = callContext()
    const ended = rejection(timeout({ ms: 100 })(never)({}, context))
    await context.clock.advance(99)
    expect(context.clock.pending).toBe(1)
    await context.clock.advance(1)
    expect(await ended).toMatchObject({ code: Code.DEADLINE_EXCEEDED })
    expect(context.clock.pending).toBe(0)
  })

  it("fires the handler's signal with the reason", async () => {
    const context = callContext()
    let signal: AbortSignal | undefined
    const ended = rejection(
      timeout({ ms: 100 })((_, inner) => {
        signal = inner.signal
        return never()
      })({}, context),
    )
    await context.clock.advance(100)
    expect(signal?.reason).toBe(await ended)
    expect(context.cancelled).toBeUndefined()
  })

  it('gives a call that ends in time its response, and leaves no timer', async () => {
    const context = callContext()
    expect(await timeout({ ms: 100 })(async () => 'done')({}, context)).toBe('done')
    expect(context.clock.pending).toBe(0)
  })

  it('lets errors pass as they are, and leaves no timer', async () => {
    const context = callContext()
    for (const thrown of [failure(Code.NOT_FOUND), new Error('foreign')]) {
      const endpoint = timeout({ ms: 100 })(() => Promise.reject(thrown))
      expect(await rejection(endpoint({}, context))).toBe(thrown)
      const sync = timeout({ ms: 100 })(() => {
        throw thrown
      })
      expect(await rejection(sync({}, context))).toBe(thrown)
    }
    expect(context.clock.pending).toBe(0)
  })

  it('keeps an earlier deadline of the call, and holds to it', async () => {
    const context = callContext({ deadline: 1050 })
    const ended = rejection(timeout({ ms: 100 })(never)({}, context))
    await context.clock.advance(50)
    expect(await ended).toMatchObject({ code: Code.DEADLINE_EXCEEDED })
  })

  it('ends when the call is cancelled', async () => {
    const context = callContext()
    const ended = rejection(timeout({ ms: 100 })(never)({}, context))
    context.cancel()
    expect(await ended).toMatchObject({ code: Code.CANCELLED })
  })

  it('is inherited by calls that the handler makes', async () => {
    const context = callContext({ side: 'server' })
    const deadline = await runInContext(context, () =>
      timeout({ ms: 100 })(async () => outgoingContext(methodOf()).deadline)({}, context),
    )
    expect(deadline).toBe(1100)
  })

  it('leaves calls with a deadline alone where it is only a default', async () => {
    const middleware = timeout({ ms: 100, onlyWithoutDeadline: true })
    const deadlineOf = (deadline?: number) =>
      middleware(async (_, { deadline }) => deadline)({}, callContext({ deadline }))
    expect([await deadlineOf(9000), await deadlineOf()]).toEqual([9000, 1100])
  })

  it('asks a function for the time of each method', async () => {
    const middleware = timeout({ ms: ({ name }) => (name === 'Slow' ? 500 : undefined) })
    const deadlineOf = (name: string) =>
      middleware(async (_, { deadline }) => deadline)({}, callContext({ method: methodOf('unary', { name }) }))
    expect([await deadlineOf('Slow'), await deadlineOf('Other')]).toEqual([1500, undefined])
  })

  it('limits calls that stream requests, but not response streams', async () => {
    const deadlineOf = (kind: 'client_stream' | 'server_stream' | 'bidi_stream') => {
      let deadline: number | undefined
      const endpoint = timeout({ ms: 100 })(async (_, context) => {
        deadline = context.deadline
        return streamOf([])
      })
      return endpoint({}, callContext({ method: methodOf(kind) })).then(() => deadline)
    }
    expect(await deadlineOf('client_stream')).toBe(1100)
    expect(await deadlineOf('server_stream')).toBeUndefined()
    expect(await deadlineOf('bidi_stream')).toBeUndefined()
  })

  it('limits a response stream from its start to its end where streamMs says so', async () => {
    const context = callContext({ method: methodOf('server_stream') })
    const endpoint = timeout({ streamMs: 100 })(async () =>
      (async function* () {
        yield 1
        await never()
      })(),
    )
    const read = collect(await endpoint({}, context))
    await context.clock.advance(100)
    expect(await read).toMatchObject({ values: [1], error: { code: Code.DEADLINE_EXCEEDED } })
    expect(context.clock.pending).toBe(0)
  })

  it('limits the wait for each message where idleMs says so, however long the stream lasts', async () => {
    const context = callContext({ method: methodOf('server_stream') })
    const { clock } = context
    const endpoint = timeout({ idleMs: 100 })(async () =>
      (async function* () {
        for (const delay of [90, 90, 90, 101]) {
          await new Promise<void>((resolve) => void clock.schedule(delay, resolve))
          yield delay
        }
      })(),
    )
    const read = collect(await endpoint({}, context))
    await clock.advance(1000)
    expect(await read).toMatchObject({ values: [90, 90, 90], error: { code: Code.DEADLINE_EXCEEDED } })
  })

  it('leaves no timer behind a stream that ended or was left', async () => {
    const context = callContext({ method: methodOf('server_stream') })
    const endpoint = timeout({ streamMs: 100, idleMs: 50 })(async () => streamOf([1, 2]))
    await collect(await endpoint({}, context))
    for await (const _ of await endpoint({}, context)) break
    expect(context.clock.pending).toBe(0)
  })

  it('tells a handler within a stream that its reader has left', async () => {
    const context = callContext({ side: 'server', method: methodOf('server_stream') })
    let cancelled: unknown
    const endpoint = timeout({ streamMs: 100 })(async (_, inner) => {
      inner.onCancel((reason) => {
        cancelled = reason
      })
      return (async function* () {
        yield 1
        await never()
      })()
    })
    const stream = (await endpoint({}, context))[Symbol.asyncIterator]()
    await stream.next()
    const pending = stream.next()
    void stream.return(undefined)
    await expect(pending).rejects.toMatchObject({ code: Code.CANCELLED })
    expect(cancelled).toMatchObject({ code: Code.CANCELLED })
    expect(context.cancelled).toBeUndefined()
    expect(context.clock.pending).toBe(0)
  })

  it('closes a served stream with its context as the current one', async () => {
    const context = callContext({ side: 'server', method: methodOf('server_stream') })
    let deadline: unknown
    const endpoint = timeout({ streamMs: 100 })(async () =>
      (async function* () {
        try {
          yield 1
        } finally {
          deadline = currentContext()?.deadline
        }
      })(),
    )
    for await (const _ of await endpoint({}, context)) break
    expect(deadline).toBe(1100)
  })

  it('runs the steps of a served stream with its context as the current one', async () => {
    const context = callContext({ side: 'server', method: methodOf('server_stream') })
    const deadlines: unknown[] = []
    const endpoint = timeout({ streamMs: 100 })(async () =>
      (async function* () {
        deadlines.push(currentContext()?.deadline)
        yield 1
      })(),
    )
    await collect(await endpoint({}, context))
    expect(deadlines).toEqual([1100])
  })

  it.each([[{ ms: 0 }], [{ streamMs: -1 }], [{ idleMs: Number.NaN }]])('refuses %o by name', (options) => {
    expect(() => timeout(options)).toThrow(`timeout: ${Object.keys(options)[0]}`)
  })
})
