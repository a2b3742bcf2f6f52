import { setTimeout as wait } from 'node:timers/promises'
import { Etcd3 } from 'etcd3'
import { createApp, grpc } from 'tierkit/app'
import { closeClient, createClient } from 'tierkit/client'
import { implement } from 'tierkit/service'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Load } from '../../goals/load.js'
import { Probe } from '../../goals/probe.js'
import { describeWithEtcd, type EtcdServer, startEtcd } from '../etcd-server.js'

describeWithEtcd('calls of services on etcd', () => {
  let server: EtcdServer
  beforeAll(async () => {
    server = await startEtcd()
  })
  afterAll(() => server.stop())

  it('do not notice that etcd is killed, nor that it stands still', { timeout: 60_000 }, async () => {
    const registry = `etcd://${server.host}/?ttl=2`
    const apps = [1, 2].map(() =>
      createApp({
        name: 'probe',
        services: [implement(Probe, { unary: () => ({ text: 'here' }), async *stream() {} })],
        servers: [grpc({ host: '127.0.0.1' })],
        registry,
        admin: false,
        middleware: [],
        stop: { propagationDelayMs: 0 },
      }),
    )
    await Promise.all(apps.map((app) => app.start()))
    const client = createClient(Probe, { target: `etcd://${server.host}/probe`, middleware: [] })
    await client.unary({})

    const load = new Load(200, () => client.unary({}))
    await server.kill()
    await wait(4_000)
    await server.restart()
    await wait(4_000)
    server.pause()
    await wait(4_000)
    server.resume()
    await wait(4_000)
    const { calls, errors } = await load.stop()
    expect(errors.map(String)).toEqual([])
    expect(calls).toBeGreaterThan(2_000)

    const direct = new Etcd3({ hosts: server.host })
    expect(await direct.getAll().prefix('/microservices/probe/').keys()).toHaveLength(2)
    direct.close()
    await closeClient(client)
    await Promise.all(apps.map((app) => app.stop()))
  })
})
