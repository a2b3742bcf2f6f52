import { memoryRegistry, openRegistry } from 'tierkit/registry'
import { expect, it } from 'vitest'
import { registryContract } from './contract.js'
import { Follower, instanceOf } from './fixture.js'

registryContract('memoryRegistry', async () => {
  const registry = memoryRegistry()
  return { open: () => registry, close: async () => {} }
})

it('a memory URL opens a fresh registry each time', async () => {
  const [one, other] = [openRegistry('memory:///'), openRegistry('memory:///')]
  await one.register(instanceOf('orders', 'a'))
  const follower = new Follower(other, 'orders')
  await follower.until()
  expect(await other.services()).toEqual([])
  await Promise.all([one.close(), other.close()])
  await follower.ended
})
