import { Context, serve } from 'tierkit/endpoint'
import { Code } from 'tierkit/error'
import { Health } from 'tierkit/observability'
import { healthContract, healthService } from 'tierkit/service'
import { describe, expect, it } from 'vitest'

type Answer = { status: number }

function call(health: Health, key: keyof typeof healthContract.methods, request: unknown) {
  const method = healthContract.methods[key]
  const { endpoint } = healthService(health).bindings.find((binding) => binding.method === method)!
  const context = new Context({ method, side: 'server' })
  const response = serve(endpoint, request, context) as Promise<unknown>
  return { context, response }
}

async function watch(health: Health, service: string) {
  const { context, response } = call(health, 'watch', { service })
  const stream = ((await response) as AsyncIterable<Answer>)[Symbol.asyncIterator]()
  return { context, next: async () => (await stream.next()).value?.status as number | undefined }
}

describe('healthService', () => {
  it('is grpc.health.v1, byte for byte', () => {
    const { check, list } = healthContract.methods
    expect(check.path).toBe('/grpc.health.v1.Health/Check')
    expect([...check.request.encode({ service: 'a' })]).toEqual([0x0a, 1, 0x61])
    expect([...check.response.encode({ status: 2 })]).toEqual([0x08, 2])
    const listed = list.response.encode({ statuses: { a: { status: 1 } } })
    expect([...listed]).toEqual([0x0a, 7, 0x0a, 1, 0x61, 0x12, 2, 0x08, 1])
  })

  it('checks the process and its services, and does not know others', async () => {
    const health = new Health()
    health.set('shop.v1.Orders', 'NOT_SERVING')
    expect(await call(health, 'check', { service: '' }).response).toEqual({ status: 1 })
    expect(await call(health, 'check', { service: 'shop.v1.Orders' }).response).toEqual({ status: 2 })
    await expect(call(health, 'check', { service: 'nobody' }).response).rejects.toMatchObject({
      code: Code.NOT_FOUND,
      rawMessage: 'the service "nobody" is not known here',
    })
  })

  it('lists all services, up to a hundred', async () => {
    const health = new Health()
    health.set('a', 'NOT_SERVING')
    const listed = { '': { status: 1 }, a: { status: 2 } }
    expect(await call(health, 'list', {}).response).toEqual({ statuses: listed })
    for (let n = 2; n < 100; n += 1) health.set(`s${n}`, 'SERVING')
    await expect(call(health, 'list', {}).response).resolves.toBeDefined()
    health.set('one more', 'SERVING')
    await expect(call(health, 'list', {}).response).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED })
  })

  it('watches: at once, then on change only, until the health is shut down', async () => {
    const health = new Health()
    const { next } = await watch(health, 'late')
    expect(await next()).toBe(3)
    const change = next()
    health.set('late', 'SERVING')
    expect(await change).toBe(1)
    const last = next()
    health.set('late', 'SERVING')
    health.shutdown()
    expect(await last).toBe(2)
    expect(await next()).toBeUndefined()
  })

  it('ends a watch whose caller has gone', async () => {
    const { context, next } = await watch(new Health(), '')
    await next()
    const waiting = next()
    context.cancel()
    await expect(waiting).rejects.toMatchObject({ code: Code.CANCELLED })
  })
})
