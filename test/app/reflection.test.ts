import { type App, type AppOptions, createApp, grpc, serve } from 'tierkit/app'
import { closeClient, createClient } from 'tierkit/client'
import { Code, RpcError } from 'tierkit/error'
import { defineMessage, defineService, field, implement, reflectionContract, unary } from 'tierkit/service'
import { afterEach, describe, expect, it } from 'vitest'
import { silent } from './fake-parts.js'

const Note = defineMessage('test.Note', { text: field(1, 'string') })
const Notes = defineService({ name: 'test.Notes', methods: { echo: unary(Note, Note) } })

const apps: App[] = []
const clients: AsyncDisposable[] = []
afterEach(async () => {
  await Promise.all(clients.splice(0).map(closeClient))
  await Promise.all(apps.splice(0).map((app) => app.stop()))
})

async function services(change: Partial<AppOptions>): Promise<string[]> {
  const app = createApp({
    name: 'notes',
    services: [implement(Notes, { echo: (note) => note })],
    servers: [grpc({ host: '127.0.0.1' })],
    middleware: [],
    admin: false,
    logger: silent,
    ...change,
  })
  apps.push(app)
  const { servers } = await app.start()
  const client = createClient(reflectionContract, { target: servers[0]?.url ?? '', middleware: [] })
  clients.push(client)
  async function* requests() {
    yield { messageRequest: { case: 'listServices', value: '' } } as const
  }
  const names: string[] = []
  for await (const { messageResponse } of client.serverReflectionInfo(requests())) {
    if (messageResponse?.case === 'listServicesResponse')
      names.push(...messageResponse.value.service.map(({ name }) => name))
  }
  return names
}

const everything = [
  'grpc.health.v1.Health',
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
  'test.Notes',
]

describe('reflection of an app', () => {
  it('is off unless it is asked for', async () => {
    await expect(services({})).rejects.toMatchObject({ code: Code.UNIMPLEMENTED })
  })

  it.each([
    ['gRPC', grpc({ host: '127.0.0.1' })],
    ['gRPC over grpc-js', grpc({ host: '127.0.0.1', engine: 'grpc-js' })],
    ['everything on one port', serve({ host: '127.0.0.1' })],
  ])('tells of everything that is served, on a server for %s', async (_, server) => {
    expect(await services({ reflection: true, servers: [server] })).toEqual(everything)
  })

  it.each(['fast', 'grpc-js'] as const)('ends its streams in peace when the app stops, over %s', async (engine) => {
    const server = grpc({ host: '127.0.0.1', engine })
    const app = createApp({ name: 'x', servers: [server], admin: false, logger: silent, reflection: true })
    const { servers } = await app.start()
    const client = createClient(reflectionContract, { target: servers[0]?.url ?? '', middleware: [] })
    clients.push(client)
    async function* requests() {
      yield { messageRequest: { case: 'listServices', value: '' } } as const
      await new Promise(() => {})
    }
    const answers = client.serverReflectionInfo(requests())
    expect((await answers.next()).done).toBe(false)
    const rest = answers.next()
    await app.stop()

    expect(await rest).toEqual({ done: true, value: undefined })
  })

  it('stands inside the middleware: who may not call learns nothing', async () => {
    const refuse = () => async () => {
      throw new RpcError(Code.UNAUTHENTICATED, 'who are you?')
    }
    await expect(services({ reflection: true, middleware: [refuse] })).rejects.toMatchObject({
      code: Code.UNAUTHENTICATED,
    })
  })
})
