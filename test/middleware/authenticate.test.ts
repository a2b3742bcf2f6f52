import type { Principal } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { authenticate } from '../../src/middleware/authenticate.js'
import { callOnce, serveOnce, testMethod } from '../observability/fixture.js'

const ada: Principal = { subject: 'ada', roles: ['clerk'], scopes: [], claims: {} }
const health = {
  ...testMethod(),
  service: 'grpc.health.v1.Health',
  name: 'Check',
  path: '/grpc.health.v1.Health/Check',
}

describe('authenticate', () => {
  it('makes the caller known to what comes after', async () => {
    const { response } = await serveOnce(
      authenticate(() => ada),
      async (_, context) => context.principal,
    )
    expect(response).toBe(ada)
  })

  it('refuses missing and wrong credentials with the same text, and keeps the cause on this side', async () => {
    const cause = new Error('signature mismatch')
    const missing = await serveOnce(
      authenticate(() => undefined),
      async () => 1,
    )
    const wrong = await serveOnce(
      authenticate(() => Promise.reject(cause)),
      async () => 1,
    )
    const text = { code: Code.UNAUTHENTICATED, rawMessage: 'not authenticated' }
    expect(missing.error).toMatchObject({ ...text, reason: 'CREDENTIALS_MISSING' })
    expect(wrong.error).toMatchObject({ ...text, reason: 'CREDENTIALS_INVALID', cause })
  })

  it('does not call the handler for who is refused', async () => {
    let called = false
    await serveOnce(
      authenticate(() => undefined),
      async () => {
        called = true
      },
    )
    expect(called).toBe(false)
  })

  it('passes on what an authenticator says in the words of RPC', async () => {
    const outage = new RpcError(Code.UNAVAILABLE, 'later')
    const { error } = await serveOnce(
      authenticate(() => Promise.reject(outage)),
      async () => 1,
    )
    expect(error).toBe(outage)
  })

  it('asks several authenticators in their order, until one knows the caller', async () => {
    const asked: number[] = []
    const { context } = await serveOnce(
      authenticate([
        () => void asked.push(1),
        () => {
          asked.push(2)
          return ada
        },
        () => void asked.push(3),
      ]),
      async () => 1,
    )
    expect(context.principal).toBe(ada)
    expect(asked).toEqual([1, 2])
  })

  it('does not ask the next authenticator after credentials that are wrong', async () => {
    const { error } = await serveOnce(
      authenticate([() => Promise.reject(new Error('expired')), () => ada]),
      async () => 1,
    )
    expect(error).toMatchObject({ code: Code.UNAUTHENTICATED })
  })

  it('lets health checks through without credentials', async () => {
    const { response } = await serveOnce(
      authenticate(() => undefined),
      async () => 'ok',
      { method: health },
    )
    expect(response).toBe('ok')
  })

  it('lets the methods that it is told of through without credentials, and health checks still', async () => {
    const middleware = authenticate(() => undefined, { allowAnonymous: 'shop.v1.Orders/*' })
    expect((await serveOnce(middleware, async () => 'ok')).response).toBe('ok')
    expect((await serveOnce(middleware, async () => 'ok', { method: health })).response).toBe('ok')
    const other = { ...testMethod(), path: '/shop.v1.Stock/Reserve' }
    expect((await serveOnce(middleware, async () => 'ok', { method: other })).error).toBeDefined()
  })

  it('knows callers of such methods, and refuses wrong credentials there too', async () => {
    const allowAnonymous = 'shop.v1.Orders/PlaceOrder'
    const known = await serveOnce(
      authenticate(() => ada, { allowAnonymous }),
      async () => 1,
    )
    expect(known.context.principal).toBe(ada)
    const wrong = await serveOnce(
      authenticate(() => Promise.reject(new Error('expired')), { allowAnonymous }),
      async () => 1,
    )
    expect(wrong.error).toMatchObject({ code: Code.UNAUTHENTICATED })
  })

  it('can go by the certificate of the peer', async () => {
    const byCertificate = authenticate(({ peer }) =>
      peer?.certificate ? { ...ada, subject: peer.certificate.commonName ?? '' } : undefined,
    )
    const certificate = { commonName: 'orders', subjectAltNames: [], fingerprint256: '' }
    const { context } = await serveOnce(byCertificate, async () => 1, { peer: { address: '10.0.0.7:1', certificate } })
    expect(context.principal?.subject).toBe('orders')
  })

  it('does nothing on a client', async () => {
    const { response } = await callOnce(
      authenticate(() => undefined),
      async () => 'ok',
    )
    expect(response).toBe('ok')
  })
})
