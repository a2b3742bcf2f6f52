import { type App, createApp, serve } from 'tierkit/app'
import { closeClient, createClient } from 'tierkit/client'
import { memoryRegistry } from 'tierkit/registry'
import { defineMessage, defineService, field, implement, unary } from 'tierkit/service'
import { expect, it, onTestFinished } from 'vitest'
import { healthContract } from '../../../src/service/health.js'
import { silent } from '../fake-parts.js'

const Note = defineMessage('test.Note', { text: field(1, 'string') })
const Notes = defineService({ name: 'test.Notes', methods: { echo: unary(Note, Note) } })

async function start(registry = memoryRegistry()): Promise<App> {
  const app = createApp({
    name: 'notes',
    services: [implement(Notes, { echo: (note) => note })],
    servers: [serve({ host: '127.0.0.1' })],
    middleware: [],
    admin: false,
    registry,
    logger: silent,
    stop: { propagationDelayMs: 0 },
  })
  onTestFinished(() => app.stop())
  await app.start()
  return app
}

it('an app on one port registers it for every protocol', async () => {
  const { instance, addresses } = await start()
  const port = addresses?.servers[0]?.port
  expect(instance.endpoints).toEqual([`grpc://127.0.0.1:${port}`, `http://127.0.0.1:${port}`])
})

it.each(['grpc', 'http'] as const)('an app on one port is found by clients of %s', async (protocol) => {
  const registry = memoryRegistry()
  await start(registry)
  const client = createClient(Notes, { target: 'notes', registry, protocol, middleware: [] })
  onTestFinished(() => closeClient(client))
  expect(await client.echo({ text: 'hi' })).toEqual({ text: 'hi' })
})

it('an app on one port says how it is, over gRPC and in JSON', async () => {
  const { addresses } = await start()
  const [{ url: target = '', urls = [] } = {}] = addresses?.servers ?? []
  const client = createClient(healthContract, { target, middleware: [] })
  onTestFinished(() => closeClient(client))
  expect(await client.check({ service: 'test.Notes' })).toEqual({ status: 1 })
  const response = await fetch(`${urls[1]}/grpc.health.v1.Health/Check`, { method: 'POST' })
  expect(await response.json()).toEqual({ status: 'SERVING' })
})
