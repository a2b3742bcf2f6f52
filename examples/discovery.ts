/** Three instances in a registry, found and balanced; one leaves, and the client follows. */
import { createApp, createClient, grpc, implement } from 'tierkit'
import { roundRobin } from 'tierkit/balancer'
import { memoryRegistry } from 'tierkit/registry'
import { Greeter } from './greeter/contract.js'

// For several processes: openRegistry('file:///tmp/greeters'), or etcd('etcd://127.0.0.1:2379') of tierkit/registry/etcd.
const registry = memoryRegistry()

const start = async (name: string) => {
  const service = implement(Greeter, {
    sayHello: () => ({ text: name }),
    greetAll: () => ({ text: '' }),
    async *countDown() {},
    async *chat() {},
  })
  const app = createApp({
    name: 'greeter',
    id: name,
    services: [service],
    servers: [grpc({ host: '127.0.0.1' })],
    registry,
    stop: { propagationDelayMs: 50 },
  })
  await app.start()
  return app
}
const apps = [await start('a'), await start('b'), await start('c')]
console.log('registered:', await registry.services())

const client = createClient(Greeter, { target: 'discovery:///greeter', registry, balancer: roundRobin() })
// Every connection is there once each has answered.
const seen = new Set<string>()
while (seen.size < 3) seen.add((await client.sayHello({})).text)
console.log('answered:', [...seen].sort().join(' '))

await apps[0]?.stop()
const after = new Set<string>()
for (let n = 0; n < 20; n += 1) after.add((await client.sayHello({})).text)
console.log('after a left:', [...after].sort().join(' '))

await client[Symbol.asyncDispose]()
await Promise.all(apps.slice(1).map((app) => app.stop()))
