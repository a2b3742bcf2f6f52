import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Etcd3 } from 'etcd3'
import { Code } from 'tierkit/error'
import { openRegistry, type Registry } from 'tierkit/registry'
import { type EtcdOptions, etcd } from 'tierkit/registry/etcd'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { ca, clientCert, clientKey, serverCert, serverKey } from '../../fixtures/certificates.js'
import { describeWithEtcd, type EtcdServer, startEtcd } from '../etcd-server.js'
import { Follower, instanceOf } from '../fixture.js'
import { startProxy } from './proxy.js'

vi.setConfig({ testTimeout: 60_000 })

/** For what a server, or a busy machine, takes its time over. */
const PATIENT = { timeout: 50_000, interval: 20 }

describeWithEtcd('the etcd registry', () => {
  let server: EtcdServer
  let client: Etcd3
  let errors: string[]
  let opened: Registry[]
  let followers: Follower[]

  const open = (options: EtcdOptions = {}): Registry => {
    const onError = ({ message }: Error): void => void errors.push(message)
    const registry = etcd({ hosts: [server.host], ttlMs: 2_000, timeoutMs: 1_000, onError, ...options })
    opened.push(registry)
    return registry
  }
  const follow = (registry: Registry, service = 'orders'): Follower => {
    const follower = new Follower(registry, service)
    followers.push(follower)
    return follower
  }
  const keys = async (): Promise<string[]> => Object.keys(await client.getAll().strings())
  const keyOf = (id: string): string => `/microservices/orders/${id}`
  const put = async (id: string): Promise<void> => {
    await client.put(keyOf(id)).value(JSON.stringify(instanceOf('orders', id)))
  }

  beforeAll(async () => {
    server = await startEtcd()
  })
  beforeEach(async () => {
    client = new Etcd3({ hosts: server.host })
    await client.delete().all()
    errors = []
    opened = []
    followers = []
  })
  afterEach(async () => {
    server.resume()
    await Promise.all(opened.map((registry) => registry.close()))
    await Promise.all(followers.map((follower) => follower.stop()))
    client.close()
  })
  afterAll(() => server.stop())

  it('registers anew whenever its key is deleted or its lease revoked', async () => {
    const follower = follow(open())
    await open().register(instanceOf('orders', 'a'))
    await follower.until('a')
    for (let time = 0; time < 20; time += 1) {
      const { kvs } = await client.get(keyOf('a')).exec()
      const [found] = kvs
      if (time % 2 === 0) await client.leaseClient.leaseRevoke({ ID: found!.lease })
      else await client.delete().key(keyOf('a'))
      const createdAnew = async (): Promise<boolean> => {
        const [now] = (await client.get(keyOf('a')).exec()).kvs
        return now !== undefined && now.create_revision !== found!.create_revision
      }
      await expect.poll(createdAnew, PATIENT).toBe(true)
    }
    expect(await keys()).toEqual([keyOf('a')])
    await follower.until('a')
  })

  it.each([
    ['is killed', () => server.kill(), () => server.restart()],
    ['stands still', async () => server.pause(), async () => server.resume()],
  ])('while etcd %s, keeps what it knows, and is registered once after', async (_what, fail, recover) => {
    const watching = open()
    const follower = follow(watching)
    const registration = await open().register(instanceOf('orders', 'a'))
    await follower.until('a')
    const before = follower.sets.length
    await fail()
    // Longer than the lease lasts: its owner must take it for lost.
    await wait(3_500)
    expect(follower.sets).toHaveLength(before)
    const late = follow(watching)
    await late.until('a')
    await recover()
    await expect.poll(keys, PATIENT).toEqual([keyOf('a')])
    await put('b')
    await follower.until('a', 'b')
    // The lease that was taken before is over by now, had it not been renewed or replaced.
    await wait(2_500)
    expect(await keys()).toEqual([keyOf('a'), keyOf('b')])
    await registration[Symbol.asyncDispose]()
    await follower.until('b')
    const during = follower.sets.slice(before).map((set) => set.map(({ id }) => id))
    expect(during.filter((ids) => ids.length === 0)).toEqual([])
    expect(errors.some((message) => message.startsWith("cannot register '/microservices/orders/a'"))).toBe(true)
  })

  it('comes back in an etcd that lost everything, without its watchers seeing nobody', async () => {
    const follower = follow(open())
    await open().register(instanceOf('orders', 'a'))
    await follower.until('a')
    // What etcd has seen must be more than it will have seen after.
    for (let time = 0; time < 20; time += 1) await client.put('other').value(time)
    await server.restart({ empty: true })
    await expect.poll(keys, PATIENT).toEqual([keyOf('a')])
    await put('b')
    await follower.until('a', 'b')
    const seen = follower.sets.map((set) => set.length)
    expect(seen.lastIndexOf(0)).toBeLessThan(seen.indexOf(1))
  })

  it('tells that nobody is left once there was time for a return', async () => {
    const follower = follow(open({ emptyGraceMs: 100 }))
    await put('a')
    await follower.until('a')
    await client.delete().key(keyOf('a'))
    await follower.until()
    await put('a')
    await follower.until('a')
    await server.restart({ empty: true })
    await follower.until()
  })

  it('catches up with changes that etcd has forgotten', async () => {
    const proxy = await startProxy(server.host)
    const all = Array.from({ length: 5 }, () => follow(open({ hosts: [proxy.host] })))
    await put('old')
    await Promise.all(all.map((follower) => follower.until('old')))
    proxy.cut()
    for (let time = 0; time < 500; time += 1) await put(`n${time % 50}`)
    await client.delete().key(keyOf('old'))
    const { header } = await client.kv.range({ key: Buffer.from('x') })
    await client.kv.compact({ revision: header.revision, physical: true })
    proxy.mend()
    const ids = Array.from({ length: 50 }, (_, index) => `n${index}`)
    await Promise.all(all.map((follower) => follower.until(...ids)))
    await put('new')
    await Promise.all(all.map((follower) => follower.until(...ids, 'new')))
    await Promise.all(followers.map((follower) => follower.stop()))
    await proxy.close()
  })

  it('resumes a broken watch without losing or repeating anything', async () => {
    const proxy = await startProxy(server.host)
    const follower = follow(open({ hosts: [proxy.host] }))
    await put('a')
    await follower.until('a')
    const before = follower.sets.length
    proxy.cut()
    proxy.mend()
    await put('b')
    await follower.until('a', 'b')
    expect(follower.sets).toHaveLength(before + 1)
    await follower.stop()
    await proxy.close()
  })

  it('reads everything anew now and then, and so repairs what a watch has lost', async () => {
    const follower = follow(open({ resyncMs: 100 }))
    await put('a')
    await follower.until('a')
    await wait(500)
    await put('b')
    await follower.until('a', 'b')
    expect(follower.sets.map((set) => set.length).filter((length) => length > 0)).toEqual([1, 2])
  })

  it('reads both layouts, whoever wrote them, and skips what it cannot read', async () => {
    const follower = follow(open())
    await client.put('orders/by-hand').value('{"Addr":"10.0.0.9:9000"}')
    await put('kratos')
    await client.put(keyOf('bad')).value('{"id":"bad","na')
    await client.put('orders/bad').value('nothing')
    const found = await follower.until('by-hand', 'kratos')
    expect(found.flatMap(({ endpoints }) => endpoints)).toContain('grpc://10.0.0.9:9000')
    await put('next')
    await follower.until('by-hand', 'kratos', 'next')
    // The layouts are watched apart, so the one may still be on its way.
    await expect
      .poll(() => [...errors].sort(), PATIENT)
      .toEqual([
        `skipped '/microservices/orders/bad': not JSON: "{\\"id\\":\\"bad\\",\\"na"`,
        `skipped 'orders/bad': not JSON: "nothing"`,
      ])
    await client.put(keyOf('bad')).value(JSON.stringify(instanceOf('orders', 'good')))
    await follower.until('by-hand', 'good', 'kratos', 'next')
  })

  it('lists and follows a thousand instances', async () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `i${index}`)
    for (let at = 0; at < ids.length; at += 100) await Promise.all(ids.slice(at, at + 100).map(put))
    const follower = follow(open())
    await follower.until(...ids)
    await put('one-more')
    await follower.until(...ids, 'one-more')
    await client.delete().key(keyOf('i500'))
    await follower.until(...ids.filter((id) => id !== 'i500'), 'one-more')
  })

  it('waits for an etcd that is not there yet', async () => {
    await server.kill()
    const registering = open().register(instanceOf('orders', 'a'))
    const follower = follow(open())
    const refused = (): string[] => errors.filter((message) => message.startsWith('cannot'))
    // Once each for the registration and for the watch in either layout, however often it was tried.
    await expect.poll(refused, PATIENT).toHaveLength(3)
    await expect(open().services()).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      rawMessage: 'the registry did not answer',
    })
    await server.restart()
    await registering
    await follower.until('a')
  })

  it('gives up waiting when the signal aborts, or the registry is closed', async () => {
    const proxy = await startProxy(server.host)
    proxy.cut()
    const life = new AbortController()
    const registry = open({ hosts: [proxy.host] })
    const [first, second] = [
      registry.register(instanceOf('orders', 'a'), life.signal),
      registry.register(instanceOf('orders', 'b')),
    ]
    life.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    await Promise.all([expect(second).rejects.toThrow('the registry was closed'), registry.close()])
    await proxy.close()
    expect(await keys()).toEqual([])
  })

  it('goes to another member when one does not answer', async () => {
    const dead = await startProxy(server.host)
    await dead.close()
    for (const random of [() => 0, () => 0.99]) {
      const registry = open({ hosts: [dead.host, server.host], random })
      await registry.register(instanceOf('orders', 'a'))
      await follow(registry).until('a')
      await registry.close()
    }
  })

  it('works on a client that it is given, and leaves it open', async () => {
    const registry = open({ client })
    await registry.register(instanceOf('orders', 'a'))
    await follow(registry).until('a')
    await registry.close()
    expect(await keys()).toEqual([])
  })

  it('is opened by URL', async () => {
    const registry = openRegistry(`etcd://${server.host}/?layout=naming&ttl=2`)
    opened.push(registry)
    await registry.register(instanceOf('orders', 'a'))
    expect(await keys()).toEqual(['orders/a'])
    expect(await registry.services()).toEqual(['orders'])
  })

  it('lets the process end once it is closed', async () => {
    const script = fileURLToPath(new URL('./short-life.ts', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, `etcd://${server.host}`])
    expect(stdout).toBe('registered, seen, closed\n')
  })
})

describeWithEtcd('the etcd registry with users', () => {
  let server: EtcdServer
  let root: Etcd3
  const auth = { username: 'shop', password: 'p:w' }

  beforeAll(async () => {
    server = await startEtcd({ flags: ['--auth-token-ttl', '1'] })
    root = new Etcd3({ hosts: server.host })
    await root.auth.userAdd({ name: 'root', password: 'root' })
    await root.auth.userGrantRole({ user: 'root', role: 'root' })
    await root.auth.roleAdd({ name: 'microservices' })
    const [key, end] = [Buffer.from('/microservices/'), Buffer.from('/microservices0')]
    await root.auth.roleGrantPermission({
      name: 'microservices',
      perm: { permType: 'Readwrite', key, range_end: end },
    })
    await root.auth.userAdd({ name: auth.username, password: auth.password })
    await root.auth.userGrantRole({ user: auth.username, role: 'microservices' })
    await root.auth.authEnable()
    root.close()
    root = new Etcd3({ hosts: server.host, auth: { username: 'root', password: 'root' } })
  })
  afterAll(async () => {
    root.close()
    await server.stop()
  })

  it('does with the right to its own keys, and gets a new token when the old one is worth nothing', async () => {
    const url = `etcd://shop:p%3Aw@${server.host}/?ttl=2`
    const errors: string[] = []
    const registry = openRegistry(url, { onError: ({ message }) => errors.push(message) })
    await registry.register(instanceOf('orders', 'a'))
    const follower = new Follower(registry, 'orders')
    await follower.until('a')
    expect(errors).toEqual([])
    // Longer than a token that nobody uses lives.
    await wait(3_000)
    await root.delete().key('/microservices/orders/a')
    const keys = (): Promise<Buffer[] | string[]> => root.getAll().prefix('/microservices/').keys()
    await expect.poll(keys, PATIENT).toHaveLength(1)
    // Tokens live in the memory of the server.
    await server.restart()
    await registry.register(instanceOf('orders', 'b'))
    await follower.until('a', 'b')
    expect(follower.sets.filter((set) => set.length === 0).length).toBeLessThanOrEqual(1)
    await registry.close()
    await follower.ended
  })

  it('says so when user or password are wrong, and that without naming them', async () => {
    const errors: string[] = []
    const registry = etcd({
      hosts: [server.host],
      auth: { ...auth, password: 'secret' },
      onError: ({ message }) => errors.push(message),
    })
    const life = new AbortController()
    const registering = registry.register(instanceOf('orders', 'a'), life.signal)
    await expect.poll(() => errors, PATIENT).toHaveLength(1)
    expect(errors[0]).toMatch(/^cannot register .*authentication failed, invalid user ID or password/)
    expect(errors[0]).not.toContain('secret')
    life.abort(new Error('enough'))
    await expect(registering).rejects.toThrow('enough')
    await registry.close()
  })
})

describeWithEtcd('the etcd registry over TLS', () => {
  let server: EtcdServer
  let directory: string

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tierkit-'))
    const file = async (name: string, pem: string): Promise<string> => {
      await writeFile(join(directory, name), pem)
      return join(directory, name)
    }
    const own = ['--cert-file', await file('cert', serverCert), '--key-file', await file('key', serverKey)]
    const clients = ['--client-cert-auth', '--trusted-ca-file', await file('ca', ca)]
    server = await startEtcd({ scheme: 'https', flags: [...own, ...clients] })
  })
  afterAll(async () => {
    await server.stop()
    await rm(directory, { recursive: true })
  })

  it('proves who it is, and trusts the given CA alone', async () => {
    // By name: etcd3 sends an address as a server name, which Node refuses from version 26 on.
    const hosts = [server.host.replace('127.0.0.1', 'localhost')]
    const registry = etcd({ hosts, tls: { ca, cert: clientCert, key: clientKey } })
    await registry.register(instanceOf('orders', 'a'))
    const follower = new Follower(registry, 'orders')
    await follower.until('a')
    await registry.close()
    await follower.ended
    for (const tls of [true, { ca }, { cert: clientCert, key: clientKey }]) {
      const stranger = etcd({ hosts, tls, timeoutMs: 500 })
      await expect(stranger.services()).rejects.toMatchObject({ code: Code.UNAVAILABLE })
      await stranger.close()
    }
  })
})
