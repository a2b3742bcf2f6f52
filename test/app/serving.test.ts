import { type App, type AppOptions, createApp, grpc, http } from 'tierkit/app'
import { closeClient, createClient } from 'tierkit/client'
import { Code } from 'tierkit/error'
import { memoryRegistry } from 'tierkit/registry'
import { defineMessage, defineService, field, implement, serverStream, unary } from 'tierkit/service'
import { afterEach, describe, expect, it } from 'vitest'
import { healthContract } from '../../src/service/health.js'
import { silent } from './fake-parts.js'

const Note = defineMessage('test.Note', { text: field(1, 'string') })
const Notes = defineService({
  name: 'test.Notes',
  methods: { echo: unary(Note, Note), count: serverStream(Note, Note) },
})
const notes = implement(Notes, {
  echo: (note) => note,
  async *count() {
    yield { text: 'one' }
    yield { text: 'two' }
  },
})

const apps: App[] = []
const clients: AsyncDisposable[] = []
afterEach(async () => {
  await Promise.all(clients.splice(0).map(closeClient))
  await Promise.all(apps.splice(0).map((app) => app.stop()))
})

async function start(change: Partial<AppOptions> = {}): Promise<App> {
  const app = createApp({
    name: 'notes',
    services: [notes],
    servers: [grpc({ host: '127.0.0.1' }), http({ host: '127.0.0.1' })],
    middleware: [],
    admin: false,
    logger: silent,
    stop: { propagationDelayMs: 0, drainTimeoutMs: 1000 },
    ...change,
  })
  apps.push(app)
  await app.start()
  return app
}

const keep = <C extends AsyncDisposable>(client: C): C => {
  clients.push(client)
  return client
}

describe('an app on real servers', () => {
  it('serves one definition over gRPC and HTTP', async () => {
    const { addresses } = await start()
    expect(addresses?.servers.map(({ url }) => url.split(':')[0])).toEqual(['grpc', 'http'])
    for (const { url } of addresses?.servers ?? []) {
      const client = keep(createClient(Notes, { target: url, middleware: [] }))
      expect(await client.echo({ text: url })).toEqual({ text: url })
      const texts: string[] = []
      for await (const { text } of client.count({})) texts.push(text)
      expect(texts).toEqual(['one', 'two'])
    }
  })

  it('is found by its name, and no longer once it stops', async () => {
    const registry = memoryRegistry()
    const first = await start({ registry })
    await start({ registry })
    const client = keep(createClient(Notes, { target: 'discovery:///notes', registry, middleware: [] }))
    expect(await client.echo({ text: 'hi' })).toEqual({ text: 'hi' })
    await first.stop()
    for (let call = 0; call < 10; call += 1) expect(await client.echo({ text: 'hi' })).toEqual({ text: 'hi' })
    await Promise.all(apps.map((app) => app.stop()))
    await expect(client.echo({})).rejects.toMatchObject({ code: Code.UNAVAILABLE, reason: 'NO_INSTANCES' })
  })

  it('uses HTTP where the client says so', async () => {
    const registry = memoryRegistry()
    await start({ registry })
    const client = keep(createClient(Notes, { target: 'notes', registry, protocol: 'http', middleware: [] }))
    let address: string | undefined
    await client.echo({ text: 'hi' }, { onResponse: ({ peer }) => (address = peer?.address) })
    expect(address).toBe(new URL(apps[0]?.addresses?.servers[1]?.url ?? '').host)
  })

  it('answers health checks by service, and tells watches that it goes', async () => {
    const app = await start()
    const target = app.addresses?.servers[0]?.url ?? ''
    const client = keep(createClient(healthContract, { target, middleware: [] }))
    expect(await client.check({ service: 'test.Notes' })).toEqual({ status: 1 })
    const watch = client.watch({ service: '' })
    expect((await watch.next()).value).toEqual({ status: 1 })
    const stopping = app.stop()
    expect((await watch.next()).value).toEqual({ status: 2 })
    expect((await watch.next()).done).toBe(true)
    await stopping
  })

  it('fails with the reason where nothing listens', async () => {
    const app = await start()
    const [{ url = '' } = {}] = app.addresses?.servers ?? []
    await app.stop()
    const client = keep(createClient(Notes, { target: url, middleware: [] }))
    await expect(client.echo({})).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      neverSent: true,
      message: expect.stringMatching(/grpc:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/),
    })
  })
})
