import type { Registry } from 'tierkit/registry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Follower, instanceOf } from './fixture.js'

/** One world of instances, seen through any number of registries. */
export interface RegistryWorld {
  open(): Registry
  close(): Promise<void>
}

/** What every registry that takes registrations promises. */
export function registryContract(name: string, create: () => Promise<RegistryWorld>): void {
  describe(`${name}, as every registry,`, () => {
    let world: RegistryWorld
    let registry: Registry
    let followers: Follower[]
    const follow = (service: string, through = registry): Follower => {
      const follower = new Follower(through, service)
      followers.push(follower)
      return follower
    }
    beforeEach(async () => {
      world = await create()
      registry = world.open()
      followers = []
    })
    afterEach(async () => {
      await Promise.all(followers.map((follower) => follower.stop()))
      await registry.close()
      await world.close()
    })

    it('says at once that a service has no instance', async () => {
      expect(await follow('nobody').until()).toEqual([])
    })

    it('tells an instance as it was registered', async () => {
      const instance = instanceOf('shop.v1.Orders', 'a1/ü 2', {
        version: '1.2.3-rc.1+build',
        metadata: { zone: 'eu-1', weight: '50', ключ: '"\n"' },
        endpoints: ['grpcs://[::1]:9000', 'http://10.0.0.1:8000'],
      })
      await registry.register(instance)
      expect(await follow(instance.name).until(instance.id)).toEqual([instance])
    })

    it('shows an instance to others once register resolves', async () => {
      await registry.register(instanceOf('orders', 'a'))
      const follower = follow('orders', world.open())
      await follower.when(() => follower.sets.length > 0)
      expect(follower.ids).toEqual(['a'])
    })

    it('tells the full set after every change', async () => {
      const follower = follow('orders')
      await follower.until()
      const a = await registry.register(instanceOf('orders', 'a'))
      await follower.until('a')
      const b = await registry.register(instanceOf('orders', 'b'))
      await follower.until('a', 'b')
      await a[Symbol.asyncDispose]()
      await follower.until('b')
      await b[Symbol.asyncDispose]()
      await follower.until()
    })

    it('leaves instances that did not change the same objects', async () => {
      const follower = follow('orders')
      await registry.register(instanceOf('orders', 'a'))
      const [a] = await follower.until('a')
      await registry.register(instanceOf('orders', 'b'))
      expect(await follower.until('a', 'b')).toContain(a)
    })

    it('keeps apart services whose names begin alike', async () => {
      await registry.register(instanceOf('user', 'u1'))
      await registry.register(instanceOf('user-admin', 'u2'))
      await registry.register(instanceOf('user/admin', 'u3'))
      await follow('user').until('u1')
      await follow('user-admin').until('u2')
      await follow('user/admin').until('u3')
    })

    it('deregisters when the signal aborts', async () => {
      const life = new AbortController()
      await registry.register(instanceOf('orders', 'a'), life.signal)
      const follower = follow('orders')
      await follower.until('a')
      life.abort()
      await follower.until()
    })

    it('does not register under a signal that has aborted', async () => {
      const reason = new Error('too late')
      await expect(registry.register(instanceOf('orders', 'a'), AbortSignal.abort(reason))).rejects.toBe(reason)
      await follow('orders').until()
    })

    it('deregisters once, however often it is told', async () => {
      const registration = await registry.register(instanceOf('orders', 'a'))
      expect(registration.instance.id).toBe('a')
      await Promise.all([registration[Symbol.asyncDispose](), registration[Symbol.asyncDispose]()])
      await registration[Symbol.asyncDispose]()
      await follow('orders').until()
    })

    it('keeps an instance that was registered anew when the earlier registration ends', async () => {
      const first = await registry.register(instanceOf('orders', 'a', { version: '1' }))
      await registry.register(instanceOf('orders', 'a', { version: '2' }))
      await first[Symbol.asyncDispose]()
      const [instance] = await follow('orders').until('a')
      expect(instance?.version).toBe('2')
    })

    it('serves several watchers of a service, and goes on when one leaves', async () => {
      const [one, two] = [follow('orders'), follow('orders')]
      await registry.register(instanceOf('orders', 'a'))
      await Promise.all([one.until('a'), two.until('a')])
      await one.stop()
      await registry.register(instanceOf('orders', 'b'))
      await two.until('a', 'b')
      expect(one.ids).toEqual(['a'])
      await follow('orders').until('a', 'b')
    })

    it('gives a slow reader the newest set rather than every one', async () => {
      const watch = registry.watch('orders', new AbortController().signal)[Symbol.asyncIterator]()
      await watch.next()
      const follower = follow('orders')
      for (const id of ['a', 'b', 'c']) await registry.register(instanceOf('orders', id))
      await follower.until('a', 'b', 'c')
      const { value } = await watch.next()
      expect(value.map(({ id }: { id: string }) => id).sort()).toEqual(['a', 'b', 'c'])
      await watch.return?.()
      expect(await watch.next()).toMatchObject({ done: true })
    })

    it('ends a watch with its signal', async () => {
      const follower = follow('orders')
      await follower.until()
      await follower.stop()
      await expect(follower.ended).resolves.toBeUndefined()
      const sets = registry.watch('orders', AbortSignal.abort())
      for await (const _ of sets) expect.unreachable('the signal had aborted')
    })

    it('names all services that have an instance', async () => {
      expect(await registry.services()).toEqual([])
      for (const name of ['users', 'orders', 'carts', 'orders']) {
        await registry.register(instanceOf(name, `${name}-${Math.random()}`))
      }
      expect(await registry.services()).toEqual(['carts', 'orders', 'users'])
    })

    it('ends its watches and registrations when it is closed', async () => {
      const other = follow('orders')
      const closing = world.open()
      await closing.register(instanceOf('orders', 'a'))
      await other.until('a')
      const follower = follow('orders', closing)
      await follower.until('a')
      await closing.close()
      await follower.ended
      if (closing !== registry) await other.until()
      await expect(closing.register(instanceOf('orders', 'b'))).rejects.toThrow('the registry is closed')
    })
  })
}
