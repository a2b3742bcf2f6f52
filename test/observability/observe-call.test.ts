import { chain, type Outcome } from 'tierkit/endpoint'
import { Code } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { observeCall } from '../../src/observability/observe-call.js'
import { createFakeClock } from '../../src/testing/fake-clock.js'
import { serveOnce, streamOf, testContext } from './fixture.js'

function observed() {
  const ends: Outcome[] = []
  const middleware = chain(
    (next) => (request, context) => observeCall(next, request, context, [{ end: (outcome) => ends.push(outcome) }]),
  )
  return { ends, middleware }
}

describe('observeCall', () => {
  it('sees the end of a call whose handler ignores the deadline, when the deadline passes', async () => {
    const { ends, middleware } = observed()
    const clock = createFakeClock()
    const call = serveOnce(middleware, () => new Promise(() => {}), { clock, deadline: 50 })
    await clock.advance(50)
    expect((await call).error).toMatchObject({ code: Code.DEADLINE_EXCEEDED })
    expect(ends).toMatchObject([{ code: Code.DEADLINE_EXCEEDED, durationMs: 50 }])
  })

  it('sees the cancellation, not what a handler comes to later', async () => {
    const { ends, middleware } = observed()
    const context = testContext('server')
    let finish = (_: number): void => {}
    const handler = () => new Promise<number>((resolve) => (finish = resolve))
    const response = middleware(handler)({}, context)
    context.cancel()
    finish(7)
    await response
    expect(ends.map(({ code }) => code)).toEqual([Code.CANCELLED])
  })

  it('sees one end of a call that was cancelled before it began', async () => {
    const { ends, middleware } = observed()
    const context = testContext('server')
    context.cancel()
    await middleware(async () => 1)({}, context)
    expect(ends.map(({ code }) => code)).toEqual([Code.CANCELLED])
  })

  it('sees the regular end of all others, once', async () => {
    const { ends, middleware } = observed()
    const { context } = await serveOnce(middleware, async () => 1)
    context.cancel()
    const { response } = await serveOnce(middleware, async () => streamOf(1), { kind: 'server_stream' })
    for await (const _ of response ?? []);
    expect(ends.map(({ code }) => code)).toEqual([Code.OK, Code.OK])
  })

  it('does not fail a call whose report fails, nor the process when a deadline passes', async () => {
    const failing = chain(
      (next) => (request, context) =>
        observeCall(next, request, context, [
          {
            end() {
              throw new Error('no space left for logs')
            },
          },
        ]),
    )
    expect((await serveOnce(failing, async () => 7)).response).toBe(7)
    const clock = createFakeClock()
    const call = serveOnce(failing, () => new Promise(() => {}), { clock, deadline: 50 })
    await clock.advance(50)
    expect((await call).error).toMatchObject({ code: Code.DEADLINE_EXCEEDED })
  })

  it('taps no stream whose messages nobody wants to see', async () => {
    const { middleware } = observed()
    const requests = streamOf(1)
    await serveOnce(
      middleware,
      async (seen) => {
        expect(seen).toBe(requests)
      },
      { kind: 'client_stream', request: requests },
    )
  })
})
