import { outgoingContext } from 'tierkit/endpoint'
import { Code, type RpcError } from 'tierkit/error'
import { expect, it } from 'vitest'
import { bind, call, type GrpcFixture, gate, methodOf } from './fixture.js'

/** Deadlines along a chain of calls. */
export function deadlineChainSuite({ connect, open, serve }: GrpcFixture): void {
  it('passes what is left of a deadline on from call to call, and ends all of them with it', async () => {
    const ends: Promise<RpcError>[] = []
    const left: number[] = []
    const watched = (endpoint: (request: string) => Promise<unknown>) =>
      bind('unary', (request, context) => {
        const ended = gate<RpcError>()
        ends.push(ended.reached)
        left.push(context.remainingMs() ?? Number.POSITIVE_INFINITY)
        context.onCancel(ended.open)
        const response = endpoint(request)
        response.catch(ended.open)
        return response
      })
    const method = methodOf('unary')
    const forward = (url: string) => {
      const channel = open(url)
      return (request: string) => channel.endpoint(method)(request, outgoingContext(method as never))
    }
    const c = await serve([watched(() => new Promise(() => {}))])
    const b = await serve([watched(forward(c.url))])
    const { channel } = await connect([watched(forward(b.url))])
    const { response } = call(channel, 'unary', 'x', { timeoutMs: 500 })
    await expect(response).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED })
    const codes = (await Promise.all(ends)).map(({ code }) => code)
    expect(codes).toHaveLength(3)
    // A caller that is out of time cancels, and that may come before the called one's own clock has run out.
    for (const code of codes) expect([Code.DEADLINE_EXCEEDED, Code.CANCELLED]).toContain(code)
    expect(left).toEqual([...left].sort((one, other) => other - one))
    expect(left[0]).toBeLessThanOrEqual(500)
  })
}
