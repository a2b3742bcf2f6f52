import { Etcd3 } from 'etcd3'
import type { Registry } from 'tierkit/registry'
import { etcd } from 'tierkit/registry/etcd'
import { afterAll, beforeAll } from 'vitest'
import { registryContract } from '../contract.js'
import { describeWithEtcd, type EtcdServer, startEtcd } from '../etcd-server.js'

describeWithEtcd('etcd', () => {
  let server: EtcdServer
  let client: Etcd3
  beforeAll(async () => {
    server = await startEtcd()
    client = new Etcd3({ hosts: server.host })
  })
  afterAll(async () => {
    client.close()
    await server.stop()
  })

  for (const layout of ['kratos', 'naming'] as const) {
    registryContract(`etcd in the ${layout} layout`, async () => {
      const opened: Registry[] = []
      await client.delete().all()
      return {
        open: () => {
          const registry = etcd({ hosts: [server.host], layout, emptyGraceMs: 20 })
          opened.push(registry)
          return registry
        },
        close: async () => {
          await Promise.all(opened.map((registry) => registry.close()))
        },
      }
    })
  }
})
