import { Code } from 'tierkit/error'
import { bulkhead } from 'tierkit/middleware'
import { describe, expect, it } from 'vitest'
import { callContext, collect, failure, methodOf, rejection, streamOf } from './fixture.js'

/** An endpoint whose calls end when they are told to. */
function gate() {
  const open: ((error?: unknown) => void)[] = []
  const started: unknown[] = []
  const endpoint = (request: unknown): Promise<unknown> => {
    started.push(request)
    return new Promise((resolve, reject) => open.push((error) => (error ? reject(error) : resolve(request))))
  }
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    started,
    endpoint,
    /** Ends the call that began first. */
    end: async (error?: unknown) => {
      open.shift()?.(error)
      await settle()
    },
    settle,
  }
}

describe('bulkhead', () => {
  it('runs so many calls at once and refuses the rest at once', async () => {
    const { endpoint, end, started } = gate()
    const guarded = bulkhead({ concurrent: 2 })(endpoint)
    const calls = [1, 2].map((n) => guarded(n, callContext()))
    const refused = await rejection(guarded(3, callContext()))
    expect(refused).toMatchObject({ code: Code.RESOURCE_EXHAUSTED, reason: 'BULKHEAD_FULL', neverSent: true })
    await end()
    await end()
    expect(await Promise.all(calls)).toEqual([1, 2])
    expect(started).toEqual([1, 2])
  })

  it('lets waiting calls in first come, first served, and refuses when the queue is full', async () => {
    const { endpoint, end, started } = gate()
    const guarded = bulkhead({ concurrent: 1, queue: 2 })(endpoint)
    const calls = [1, 2, 3].map((n) => guarded(n, callContext()))
    expect(await rejection(guarded(4, callContext()))).toMatchObject({ reason: 'BULKHEAD_FULL' })
    for (let n = 0; n < 3; n += 1) await end()
    expect(await Promise.all(calls)).toEqual([1, 2, 3])
    expect(started).toEqual([1, 2, 3])
  })

  it('lets a call that is cancelled leave the queue', async () => {
    const { endpoint, end, started } = gate()
    const guarded = bulkhead({ concurrent: 1, queue: 1 })(endpoint)
    const first = guarded(1, callContext())
    const context = callContext({ deadline: 1050 })
    const waiting = rejection(guarded(2, context))
    await context.clock.advance(50)
    expect(await waiting).toMatchObject({ code: Code.DEADLINE_EXCEEDED })
    const third = guarded(3, callContext())
    await end()
    await end()
    expect([await first, await third]).toEqual([1, 3])
    expect(started).toEqual([1, 3])
  })

  it('does not begin to wait for a call that is cancelled already', async () => {
    const { endpoint } = gate()
    const guarded = bulkhead({ concurrent: 1, queue: 1 })(endpoint)
    void guarded(1, callContext())
    const context = callContext()
    context.cancel()
    expect(await rejection(guarded(2, context))).toMatchObject({ code: Code.CANCELLED })
    void guarded(3, callContext())
  })

  it('gives places back however calls end', async () => {
    const guarded = bulkhead({ concurrent: 1 })
    const ends = [
      () => Promise.resolve('ok'),
      () => Promise.reject(failure()),
      () => Promise.reject('no error'),
      () => {
        throw new Error('at once')
      },
    ]
    let running = 0
    const endpoint = guarded((request: () => Promise<unknown>) => {
      running += 1
      return request()
    })
    for (const end of [...ends, ...ends]) await endpoint(end, callContext()).catch(() => {})
    expect(running).toBe(8)
  })

  it('holds the place of a stream until it ends, fails, is left or is cancelled', async () => {
    const method = methodOf('server_stream')
    const guarded = bulkhead({ concurrent: 1 })(async (error: unknown) => streamOf([1, 2], error))
    const isFree = async () => {
      const probe = guarded(undefined, callContext({ method }))
      return probe.then(collect).then(
        () => true,
        () => false,
      )
    }
    const stream = await guarded(undefined, callContext({ method }))
    expect(await isFree()).toBe(false)
    await collect(stream)
    expect(await isFree()).toBe(true)

    await collect(await guarded(new Error('broken'), callContext({ method })))
    expect(await isFree()).toBe(true)

    for await (const _ of await guarded(undefined, callContext({ method }))) break
    expect(await isFree()).toBe(true)

    const context = callContext({ method })
    await guarded(undefined, context)
    context.cancel()
    expect(await isFree()).toBe(true)
  })

  it('is one set of places for all methods that it guards', async () => {
    const guard = bulkhead({ concurrent: 1 })
    const { endpoint } = gate()
    void guard(endpoint)(1, callContext())
    expect(await rejection(guard(endpoint)(2, callContext()))).toMatchObject({ reason: 'BULKHEAD_FULL' })
  })

  it.each([[{ concurrent: 0 }], [{ concurrent: 1, queue: -1 }]])('refuses %o by name', (options) => {
    expect(() => bulkhead(options)).toThrow(/concurrent|queue/)
  })
})
