import { Code, RpcError } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { bearer } from '../../src/middleware/bearer.js'
import { callOnce, serveOnce } from '../observability/fixture.js'

describe('bearer', () => {
  it('sends a token with each call', async () => {
    const { context } = await callOnce(bearer('t0'), async () => 1)
    expect(context.metadata.getAll('authorization')).toEqual(['Bearer t0'])
  })

  it('asks a function for the token at every call', async () => {
    let n = 0
    const middleware = bearer(async () => `t${n++}`)
    await callOnce(middleware, async () => 1)
    const { context } = await callOnce(middleware, async () => 1)
    expect(context.metadata.get('authorization')).toBe('Bearer t1')
  })

  it('leaves an authorization that the call brings', async () => {
    const { context } = await callOnce(bearer('t0'), async () => 1, { metadata: { authorization: 'Basic x' } })
    expect(context.metadata.getAll('authorization')).toEqual(['Basic x'])
  })

  it('fails a call that no token can be had for, unsent', async () => {
    const cause = new Error('login is down')
    let sent = false
    const { error } = await callOnce(
      bearer(() => Promise.reject(cause)),
      async () => {
        sent = true
      },
    )
    expect(error).toMatchObject({ code: Code.UNAVAILABLE, reason: 'TOKEN_UNAVAILABLE', neverSent: true, cause })
    expect(sent).toBe(false)
  })

  it('passes on what the function says in the words of RPC', async () => {
    const error = new RpcError(Code.UNAUTHENTICATED, 'log in first')
    expect(
      (
        await callOnce(
          bearer(() => Promise.reject(error)),
          async () => 1,
        )
      ).error,
    ).toBe(error)
  })

  it('does nothing on a server', async () => {
    const { context } = await serveOnce(bearer('t0'), async () => 1)
    expect(context.metadata.has('authorization')).toBe(false)
  })
})
