import { Code } from 'tierkit/error'
import { staticRegistry } from 'tierkit/registry'
import { describe, expect, it } from 'vitest'
import { Follower, instanceOf } from './fixture.js'

describe('staticRegistry', () => {
  it('gives addresses to every service', async () => {
    const registry = staticRegistry(['grpc://a:1', 'grpc://b:2'])
    for (const service of ['orders', '']) {
      const follower = new Follower(registry, service)
      const found = await follower.until('grpc://a:1', 'grpc://b:2')
      expect(found.map(({ endpoints }) => endpoints)).toEqual([['grpc://a:1'], ['grpc://b:2']])
      await follower.stop()
    }
  })

  it('gives instances to their own service, and all to the service without a name', async () => {
    const registry = staticRegistry([instanceOf('orders', 'a'), instanceOf('users', 'b')])
    const [orders, all] = [new Follower(registry, 'orders'), new Follower(registry, '')]
    await orders.until('a')
    await all.until('a', 'b')
    expect(await registry.services()).toEqual(['orders', 'users'])
    await registry.close()
    await Promise.all([orders.ended, all.ended])
  })

  it('takes no registrations', async () => {
    const registering = staticRegistry(['grpc://a:1']).register(instanceOf('orders', 'a'))
    await expect(registering).rejects.toMatchObject({ code: Code.FAILED_PRECONDITION })
  })
})
